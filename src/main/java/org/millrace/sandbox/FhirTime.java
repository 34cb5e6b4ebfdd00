package org.millrace.sandbox;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A FHIR date, dateTime or instant as the span of time it covers.
 *
 * @param start the first instant
 * @param end the first instant after it
 * @param hasTime whether a time with zone was given; days without one are taken as UTC
 * @param digits how many characters name the precision: 4 year, 7 month, 10 day, 16 minute, 19
 *     second
 */
record FhirTime(Instant start, Instant end, boolean hasTime, int digits) {
  private static final Pattern DATE = Pattern.compile("(\\d{4})(?:-(\\d\\d)(?:-(\\d\\d))?)?");
  private static final Pattern TIME =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:\\d\\d)");

  static Optional<FhirTime> parse(String text) {
    try {
      Matcher time = TIME.matcher(text);
      if (time.matches()) {
        Instant start = OffsetDateTime.parse(text).toInstant();
        ChronoUnit unit =
            time.group(1) == null
                ? ChronoUnit.MINUTES
                : time.group(2) == null ? ChronoUnit.SECONDS : ChronoUnit.MILLIS;
        return Optional.of(
            new FhirTime(start, start.plus(1, unit), true, time.group(1) == null ? 16 : 19));
      }
      Matcher date = DATE.matcher(text);
      return date.matches() ? Optional.of(ofDate(date)) : Optional.empty();
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  /** Whether the text is a date with time and zone. */
  static boolean hasTime(String text) {
    return parse(text).map(FhirTime::hasTime).orElse(false);
  }

  private static FhirTime ofDate(Matcher date) {
    LocalDate first =
        LocalDate.of(
            Integer.parseInt(date.group(1)),
            date.group(2) == null ? 1 : Integer.parseInt(date.group(2)),
            date.group(3) == null ? 1 : Integer.parseInt(date.group(3)));
    LocalDate after =
        date.group(2) == null
            ? first.plusYears(1)
            : date.group(3) == null ? first.plusMonths(1) : first.plusDays(1);
    return new FhirTime(
        first.atStartOfDay(ZoneOffset.UTC).toInstant(),
        after.atStartOfDay(ZoneOffset.UTC).toInstant(),
        false,
        date.group().length());
  }
}
