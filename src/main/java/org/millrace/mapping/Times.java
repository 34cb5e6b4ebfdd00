package org.millrace.mapping;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * v2 times (TS, DTM, DT) and FHIR date, dateTime and instant. Precision is kept: a year stays a
 * year; dates are never moved by a zone.
 *
 * <p>Sources: HL7 v2.5.1 ch. 2.A.22 (DTM); FHIR R4, Data Types, dateTime.
 */
final class Times {
  private static final Pattern V2 =
      Pattern.compile(
          "(\\d{4})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(\\.\\d{1,9})?)?)?)?)?)?"
              + "([+-]\\d{4})?");
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);
  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xx", Locale.ROOT);
  private static final DateTimeFormatter FHIR_SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);

  private Times() {}

  /**
   * A v2 time as FHIR writes it.
   *
   * @param zoneAssumed it has a time of day but no offset
   * @param timeAssumed it has no time of day and was asked for with one
   * @param secondsAssumed it has a time of day without seconds
   */
  record Read(String text, boolean zoneAssumed, boolean timeAssumed, boolean secondsAssumed) {}

  /** The date part of a v2 time; empty if it is no date. */
  static Optional<String> date(String v2) {
    Matcher parts = V2.matcher(v2);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String text = parts.group(1);
    text += parts.group(2) == null ? "" : "-" + parts.group(2);
    text += parts.group(3) == null ? "" : "-" + parts.group(3);
    return isFhirDate(text) ? Optional.of(text) : Optional.empty();
  }

  /** True for a day, month or year that the calendar has. */
  static boolean isFhirDate(String text) {
    try {
      return switch (text.length()) {
        case 4 -> Year.parse(text).getValue() > 0;
        case 7 -> YearMonth.parse(text).getYear() > 0;
        case 10 -> LocalDate.parse(text).getYear() > 0;
        default -> false;
      };
    } catch (DateTimeException e) {
      return false;
    }
  }

  /**
   * A v2 time as FHIR dateTime.
   *
   * @param zone of a time of day without offset
   * @param withTime a date alone becomes its midnight, since the target takes no date
   */
  static Optional<Read> dateTime(String v2, ZoneId zone, boolean withTime) {
    Matcher parts = V2.matcher(v2);
    Optional<String> date = date(v2);
    if (date.isEmpty() || !parts.matches()) {
      return Optional.empty();
    }
    boolean hasTime = parts.group(4) != null;
    if (!hasTime && !withTime) {
      return Optional.of(new Read(date.get(), false, false, false));
    }
    if (date.get().length() < 10) {
      return Optional.empty();
    }
    try {
      LocalDateTime local =
          LocalDate.parse(date.get())
              .atTime(number(parts.group(4)), number(parts.group(5)), number(parts.group(6)));
      String offset = parts.group(8);
      ZoneOffset at =
          offset == null
              ? zone.getRules().getOffset(local)
              : ZoneOffset.of(offset.replace("-0000", "Z"));
      String fraction = parts.group(7) == null ? "" : parts.group(7);
      String text =
          FHIR_SECOND.format(local)
              + fraction
              + (at.getTotalSeconds() == 0 ? "+00:00" : at.getId());
      return Optional.of(
          new Read(text, offset == null, !hasTime, hasTime && parts.group(6) == null));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** A FHIR date, dateTime or instant as v2 writes it in a zone, with its offset. */
  static Optional<String> toV2(String fhir, ZoneId zone) {
    if (fhir.indexOf('T') < 0) {
      return isFhirDate(fhir) ? Optional.of(fhir.replace("-", "")) : Optional.empty();
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(fhir).atZoneSameInstant(zone).toOffsetDateTime();
      return Optional.of(SECOND.format(time) + fraction(fhir) + OFFSET.format(time.getOffset()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The fraction as written, at most four digits: more do not fit a DTM. */
  private static String fraction(String fhir) {
    int dot = fhir.indexOf('.');
    if (dot < 0) {
      return "";
    }
    int end = dot + 1;
    while (end < fhir.length() && Character.isDigit(fhir.charAt(end))) {
      end++;
    }
    return fhir.substring(dot, Math.min(end, dot + 5));
  }

  /** The date alone, as v2 writes it. */
  static Optional<String> toV2Date(String fhir) {
    String day = fhir.length() > 10 ? fhir.substring(0, 10) : fhir;
    if (!isFhirDate(day)) {
      return Optional.empty();
    }
    return Optional.of(
        day.length() == 10 ? DAY.format(LocalDate.parse(day)) : day.replace("-", ""));
  }
}
