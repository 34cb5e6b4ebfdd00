package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/**
 * Whether PID and the chart speak of the same person.
 *
 * @param agrees birth date or family name is confirmed, and the birth date does not contradict
 * @param sentence which of them does not; no values
 */
record PatientAgreement(boolean agrees, String sentence) {

  private static final Pattern NOT_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]");

  /** Some senders write a date as FHIR does; read as HL7 only its year would be compared. */
  private static final Pattern ISO_DATE =
      Pattern.compile("([0-9]{4})-([0-9]{2})(?:-([0-9]{2})(?![0-9]).*)?");

  /** What comparing one thing came to. */
  private enum Compared {
    SAME,
    DIFFERENT,
    NOT_SAID
  }

  static PatientAgreement of(V2Segment pid, JsonNode patient) {
    Compared birth = birthDates(pid.text(7, 1), patient.path("birthDate").asText());
    if (birth == Compared.DIFFERENT) {
      return new PatientAgreement(
          false, "PID-7 (birth date) is not the birth date in the patient's chart.");
    }
    Compared name = familyNames(pid, patient);
    if (birth == Compared.SAME || name == Compared.SAME) {
      return new PatientAgreement(true, "");
    }
    return new PatientAgreement(
        false,
        "Neither PID-7 (birth date) nor PID-5.1 (family name) is confirmed by the patient's chart: "
            + (name == Compared.DIFFERENT ? "the name differs" : "no name was sent or is on record")
            + ", and no birth date can be compared.");
  }

  /** A year or a month compares only what it says. */
  private static Compared birthDates(String sent, String chart) {
    Matcher iso = ISO_DATE.matcher(sent);
    String ours = digits(iso.matches() ? sent.replace("-", "") : sent);
    String theirs = digits(chart.replace("-", ""));
    int common = Math.min(ours.length(), theirs.length());
    if (common < 4) {
      return Compared.NOT_SAID;
    }
    return ours.substring(0, common).equals(theirs.substring(0, common))
        ? Compared.SAME
        : Compared.DIFFERENT;
  }

  /** Year, month and day as far as they are said; empty if it is no date. */
  private static String digits(String date) {
    int length = 0;
    while (length < date.length() && length < 8 && Character.digit(date.charAt(length), 10) >= 0) {
      length++;
    }
    return length < 4 ? "" : date.substring(0, length - length % 2);
  }

  private static Compared familyNames(V2Segment pid, JsonNode patient) {
    Set<String> chart = new HashSet<>();
    for (JsonNode name : patient.path("name")) {
      add(chart, name.path("family").asText());
    }
    Set<String> sent = new HashSet<>();
    for (V2Value repetition : pid.repetitions(5)) {
      V2Value family = repetition.component(1);
      if (!family.isNull()) {
        add(sent, family.text());
      }
    }
    if (chart.isEmpty() || sent.isEmpty()) {
      return Compared.NOT_SAID;
    }
    sent.retainAll(chart);
    return sent.isEmpty() ? Compared.DIFFERENT : Compared.SAME;
  }

  /** Senders and charts differ in accents, blanks, hyphens and apostrophes of one name. */
  private static void add(Set<String> names, String name) {
    String upper = name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    String plain = NOT_LETTERS.matcher(Normalizer.normalize(upper, Form.NFKD)).replaceAll("");
    if (!plain.isEmpty()) {
      names.add(plain);
    }
  }
}
