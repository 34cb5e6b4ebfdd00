package org.millrace.hl7;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A date or time as HL7 v2 and FHIR both write it: as exact as it was said, no more and no less.
 * Immutable.
 *
 * <p>Sources: HL7 v2.5.1 ch. 2.A.22 (DTM), 2.A.21 (DT), 2.A.75 (TM); FHIR R4, Datatypes, date,
 * dateTime, instant, time.
 */
public final class V2Time {

  /** The smallest part that was said. */
  public enum Precision {
    YEAR,
    MONTH,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    /** Seconds with decimals, as many as were said. */
    FRACTION
  }

  private static final String OFFSET = "(Z|[+-]\\d{2}:?\\d{2})?";
  private static final Pattern V2 =
      Pattern.compile(
          "(\\d{4})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:\\.(\\d{0,9})\\d*)?)?)?)?)?)?"
              + OFFSET);
  private static final Pattern FHIR =
      Pattern.compile(
          "(\\d{4})(?:-(\\d{2})(?:-(\\d{2})(?:[T"
              + " ](\\d{2})(?::(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9})\\d*)?)?)?"
              + OFFSET
              + ")?)?)?");
  private static final Pattern TIME_OF_DAY =
      Pattern.compile("(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:\\.(\\d{1,9})\\d*)?)?)?" + OFFSET);

  /** DTM has room for ten thousandths of a second. */
  private static final int MOST_V2_DECIMALS = 4;

  private final LocalDateTime local;
  private final Precision precision;
  private final String decimals;
  private final Optional<ZoneOffset> offset;

  private V2Time(
      LocalDateTime local, Precision precision, String decimals, Optional<ZoneOffset> offset) {
    this.local = local;
    this.precision = precision;
    this.decimals = decimals;
    this.offset = offset;
  }

  /**
   * Reads the text of a TS, DTM or DT. Blanks are passed over; a month or day of {@code 00} and
   * what follows it counts as not said; {@code 24:00} is the next midnight; a second 60 is read as
   * 59. A date written {@code 2024-01-31} is read as well.
   *
   * @return empty if the text is no time, also if it names a day that does not exist
   */
  public static Optional<V2Time> parse(String text) {
    Matcher v2 = V2.matcher(withoutBlanks(text));
    return v2.matches() ? of(v2) : fromFhir(text);
  }

  /**
   * Reads a FHIR date, dateTime or instant.
   *
   * @return empty if the text is none of these
   */
  public static Optional<V2Time> fromFhir(String text) {
    Matcher fhir = FHIR.matcher(text.strip());
    return fhir.matches() ? of(fhir) : Optional.empty();
  }

  /** An instant in a zone, to the second. */
  public static V2Time of(Instant instant, ZoneId zone) {
    ZoneOffset offset = zone.getRules().getOffset(instant);
    LocalDateTime local = LocalDateTime.ofInstant(instant, offset).withNano(0);
    return new V2Time(local, Precision.SECOND, "", Optional.of(offset));
  }

  /**
   * The text of a TM as a FHIR time, {@code 08:30:00}; FHIR has no time without seconds and none
   * with an offset, so the former are added and the latter is left out.
   *
   * @return empty if the text is no time of day
   */
  public static Optional<String> toFhirTime(String text) {
    Matcher time = TIME_OF_DAY.matcher(withoutBlanks(text));
    if (!time.matches() || number(time.group(1)) > 23) {
      return Optional.empty();
    }
    int minute = number(time.group(2));
    int second = number(time.group(3));
    if (minute > 59 || second > 59) {
      return Optional.empty();
    }
    String decimals = time.group(4) == null ? "" : "." + time.group(4);
    LocalTime clock = LocalTime.of(number(time.group(1)), minute, second);
    return Optional.of(clockText(clock, ":") + decimals);
  }

  /** A FHIR time as TM, {@code 083000}; empty if the text is none. */
  public static Optional<String> timeFromFhir(String text) {
    String digits = text.strip().replace(":", "");
    return TIME_OF_DAY.matcher(digits).matches() && toFhirTime(digits).isPresent()
        ? Optional.of(digits)
        : Optional.empty();
  }

  private static String withoutBlanks(String text) {
    boolean blank = false;
    for (int at = 0; at < text.length() && !blank; at++) {
      blank = text.charAt(at) <= ' ';
    }
    return blank && text.length() <= 60 ? text.replaceAll("\\s", "") : text;
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static String text(@Nullable String digits) {
    return digits == null ? "" : digits;
  }

  private static Optional<V2Time> of(Matcher parts) {
    Precision precision = precision(parts);
    int year = number(parts.group(1));
    if (year == 0) {
      return Optional.empty();
    }
    boolean clock = precision.compareTo(Precision.DAY) > 0;
    int hour = clock ? number(parts.group(4)) : 0;
    int minute = clock ? number(parts.group(5)) : 0;
    int second = clock ? withoutLeap(number(parts.group(6))) : 0;
    boolean midnight = hour == 24 && minute == 0 && second == 0;
    String decimals = precision == Precision.FRACTION ? text(parts.group(7)) : "";
    try {
      LocalDateTime local =
          LocalDateTime.of(
              year,
              precision == Precision.YEAR ? 1 : number(parts.group(2)),
              precision.compareTo(Precision.DAY) < 0 ? 1 : number(parts.group(3)),
              midnight ? 0 : hour,
              minute,
              second,
              decimals.isEmpty() ? 0 : number((decimals + "00000000").substring(0, 9)));
      Optional<ZoneOffset> offset = clock ? offset(parts.group(8)) : Optional.empty();
      return Optional.of(
          new V2Time(midnight ? local.plusDays(1) : local, precision, decimals, offset));
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  private static int withoutLeap(int second) {
    return second == 60 ? 59 : second;
  }

  private static Precision precision(Matcher parts) {
    Precision[] byGroup = Precision.values();
    int said = 1;
    while (said < byGroup.length && said(parts.group(said + 1), said < 3)) {
      said++;
    }
    return byGroup[said - 1];
  }

  private static boolean said(@Nullable String digits, boolean zeroMeansUnknown) {
    return digits != null && !digits.isEmpty() && !(zeroMeansUnknown && digits.equals("00"));
  }

  private static Optional<ZoneOffset> offset(@Nullable String written) {
    if (written == null) {
      return Optional.empty();
    }
    return Optional.of(ZoneOffset.of(written));
  }

  /** The smallest part that was said. */
  public Precision precision() {
    return precision;
  }

  /** The offset that was said; a date has none. */
  public Optional<ZoneOffset> offset() {
    return offset;
  }

  /** True for a time of day without offset: the feed's zone is taken then, and reports say so. */
  public boolean zoneAssumed() {
    return hasClock() && offset.isEmpty();
  }

  /** True if {@link #toFhirDateTime} has to add minutes or seconds that were not said. */
  public boolean padded() {
    return precision == Precision.HOUR || precision == Precision.MINUTE;
  }

  /** True if a time of day was said. */
  public boolean hasClock() {
    return precision.compareTo(Precision.DAY) > 0;
  }

  /**
   * The first instant this may mean.
   *
   * @param zone taken where no offset was said; a local time that the zone skips in spring moves on
   *     by the gap, one that it has twice in autumn is the earlier
   */
  public Instant start(ZoneId zone) {
    return offset.isPresent() ? local.toInstant(offset.get()) : local.atZone(zone).toInstant();
  }

  /** As v2 writes it, with the offset if one was said; decimals beyond four are cut. */
  public String toV2() {
    String date = dateText(local.toLocalDate(), "");
    String clock = clockText(local.toLocalTime(), "");
    String zone = offset.map(V2Time::v2Offset).orElse("");
    return switch (precision) {
      case YEAR -> date.substring(0, 4);
      case MONTH -> date.substring(0, 6);
      case DAY -> date;
      case HOUR -> date + clock.substring(0, 2) + zone;
      case MINUTE -> date + clock.substring(0, 4) + zone;
      case SECOND -> date + clock + zone;
      case FRACTION -> date + clock + "." + v2Decimals() + zone;
    };
  }

  /** As v2 writes it, on the clock of that zone and with its offset; a date stays as it is. */
  public String toV2(ZoneId zone) {
    if (!hasClock()) {
      return toV2();
    }
    Instant instant = start(zone);
    ZoneOffset there = zone.getRules().getOffset(instant);
    LocalDateTime clock = LocalDateTime.ofInstant(instant, there);
    return new V2Time(clock, precision, decimals, Optional.of(there)).toV2();
  }

  /**
   * The FHIR date, no more exact than a day; the day is the one that was said, in no other zone.
   */
  public String toFhirDate() {
    String date = dateText(local.toLocalDate(), "-");
    return switch (precision) {
      case YEAR -> date.substring(0, 4);
      case MONTH -> date.substring(0, 7);
      default -> date;
    };
  }

  /**
   * The FHIR dateTime. A date stays a date; a time of day has the offset that was said, else that
   * of the zone, and minutes and seconds even where they were not said, since FHIR has no shorter
   * form.
   */
  public String toFhirDateTime(ZoneId zone) {
    if (!hasClock()) {
      return toFhirDate();
    }
    LocalDateTime clock = local;
    ZoneOffset used;
    if (offset.isPresent()) {
      used = offset.get();
    } else {
      Instant instant = start(zone);
      used = zone.getRules().getOffset(instant);
      clock = LocalDateTime.ofInstant(instant, used);
    }
    String fraction = precision == Precision.FRACTION ? "." + decimals : "";
    String date = dateText(clock.toLocalDate(), "-");
    return date + "T" + clockText(clock.toLocalTime(), ":") + fraction + fhirOffset(used);
  }

  /** The FHIR instant; empty for a date, which names no instant. */
  public Optional<String> toFhirInstant(ZoneId zone) {
    return hasClock() ? Optional.of(toFhirDateTime(zone)) : Optional.empty();
  }

  private String v2Decimals() {
    return decimals.length() > MOST_V2_DECIMALS
        ? decimals.substring(0, MOST_V2_DECIMALS)
        : decimals;
  }

  private static String dateText(LocalDate date, String between) {
    StringBuilder text = new StringBuilder(10);
    digits(text, 4, date.getYear()).append(between);
    digits(text, 2, date.getMonthValue()).append(between);
    return digits(text, 2, date.getDayOfMonth()).toString();
  }

  private static String clockText(LocalTime time, String between) {
    StringBuilder text = new StringBuilder(8);
    digits(text, 2, time.getHour()).append(between);
    digits(text, 2, time.getMinute()).append(between);
    return digits(text, 2, time.getSecond()).toString();
  }

  /** A number with zeros before it; every time is written, and a formatter costs more than all. */
  private static StringBuilder digits(StringBuilder text, int count, int number) {
    int limit = 10;
    for (int digit = 1; digit < count; digit++) {
      if (number < limit) {
        text.append("0".repeat(count - digit));
        break;
      }
      limit *= 10;
    }
    return text.append(number);
  }

  private static String v2Offset(ZoneOffset offset) {
    return fhirOffset(offset).replace(":", "").replace("Z", "+0000");
  }

  private static String fhirOffset(ZoneOffset offset) {
    return offset.getId();
  }

  /** As {@link #toV2()}. */
  @Override
  public String toString() {
    return toV2();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof V2Time time && time.toV2().equals(toV2()) && time.local.equals(local);
  }

  @Override
  public int hashCode() {
    return local.hashCode();
  }
}
