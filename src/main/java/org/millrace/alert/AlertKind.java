package org.millrace.alert;

import java.util.Arrays;
import java.util.Optional;
import org.millrace.journal.Symptom;

/** What an alert can be about; each has its section in docs/alerts.md, headed by its label. */
public enum AlertKind {
  QUEUE_AGE(
      "queue-age",
      "Messages wait too long",
      "see why nothing goes on: './millrace lanes', '/health'"),
  HELD(
      "held", "Messages are held", "read why and mend it: './millrace messages list --state held'"),
  OUTCOME_UNKNOWN(
      "outcome-unknown",
      "Nobody knows whether they were filed",
      "look in the chart, then './millrace messages settle' each of them"),
  REFUSED_SHARE(
      "refused-share",
      "Many messages are refused",
      "read why: './millrace messages list --state refused'"),
  SILENCE(
      "silence",
      "Nothing comes",
      "ask the sending system and the interface before it whether they send"),
  CERTIFICATE(
      "certificate", "Our certificate ends", "put a new certificate in the place of the old one"),
  DISK("disk", "Little room is left", "make room on the disk of the journal"),
  CERNER_PAUSED(
      "cerner-paused",
      "Cerner is left alone",
      "read the fault in docs/errors.md; './millrace doctor'"),
  RECORDS_LOST(
      "records-lost",
      "Records could not be written",
      "see whether the journal's disk or server is too slow or full");

  private static final String TENANT = ": ";

  private final String label;
  private final String title;
  private final String remedy;

  AlertKind(String label, String title, String remedy) {
    this.label = label;
    this.title = title;
    this.remedy = remedy;
  }

  /** The published word. */
  public String label() {
    return label;
  }

  /** What is the matter, in a few words. */
  public String title() {
    return title;
  }

  /**
   * Of what, in words.
   *
   * @param subject as an alert of this kind has it
   */
  public String target(String subject) {
    return switch (this) {
      case QUEUE_AGE, HELD, OUTCOME_UNKNOWN, REFUSED_SHARE, SILENCE -> "feed " + subject;
      case CERTIFICATE -> "the certificate of the engine";
      case DISK -> "the disk of the journal";
      case CERNER_PAUSED -> upstream(subject);
      case RECORDS_LOST ->
          switch (subject) {
            case "journal" -> "calls, questions and replies";
            case "audit" -> "the audit trail";
            default -> subject;
          };
    };
  }

  private static String upstream(String subject) {
    int tenant = subject.indexOf(TENANT);
    String what = tenant < 0 ? subject : subject.substring(tenant + TENANT.length());
    String asked =
        what.equals("connection") ? "everything that is asked of it" : "what needs " + what;
    return tenant < 0 ? asked : asked + ", tenant " + subject.substring(0, tenant);
  }

  /** What a person does first. */
  public String remedy() {
    return remedy;
  }

  /** Empty for a word that another version of the engine wrote down. */
  public static Optional<AlertKind> of(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
  }

  /**
   * That this is the matter.
   *
   * @param subject the feed or tenant; empty where there is only one
   */
  Symptom symptom(String subject, String sentence) {
    return new Symptom(label, subject, sentence);
  }
}
