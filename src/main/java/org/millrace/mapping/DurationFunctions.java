package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.IntNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.hl7.V2Time;

/**
 * The functions of durations, which v2 writes as a number in one field and its unit in the next. A
 * rule puts the two together with {@code parts}, blanks between; a unit that is not said is the
 * minute.
 *
 * <p>Source: HL7 v2.5.1 ch. 10.6.1 (SCH-9, SCH-10) and ch. 10.6.4 to 10.6.7 (offsets and durations
 * of AIS, AIG, AIL, AIP).
 */
final class DurationFunctions {
  private static final Pattern NUMBER_AND_UNIT =
      Pattern.compile("([+-]?\\d{1,9}(?:\\.\\d{0,9})?)(?: (.*))?");
  private static final Map<String, Long> SECONDS =
      Map.of("s", 1L, "min", 60L, "h", 3_600L, "d", 86_400L, "wk", 604_800L);

  private DurationFunctions() {}

  /** The duration that a number and a unit tell; empty if they tell none. */
  private static Optional<Duration> duration(String text, CodeTable units) {
    Matcher parts = NUMBER_AND_UNIT.matcher(text.strip());
    if (!parts.matches()) {
      return Optional.empty();
    }
    String unit = parts.group(2) == null ? "" : parts.group(2).strip();
    String code =
        unit.isEmpty() ? "min" : units.forward(unit).map(CodeTable.Row::fhirCode).orElse("");
    Long seconds = SECONDS.get(code);
    if (seconds == null) {
      return Optional.empty();
    }
    BigDecimal all = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(seconds));
    return Optional.of(Duration.ofSeconds(all.setScale(0, RoundingMode.HALF_UP).longValue()));
  }

  /** {@code 2 h} as 120 and back; what are no whole minutes is rounded up, and noted. */
  record Minutes(CodeTable units) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      Optional<Duration> read = duration(from.text(), units).filter(each -> !each.isNegative());
      if (read.isEmpty() || read.get().isZero() || read.get().toDays() > 3_650) {
        return Functions.unreadable(from, trip, "duration in a unit of table " + units.name());
      }
      Duration rounded = read.get().plusSeconds(59);
      if (read.get().toSecondsPart() != 0) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "FHIR holds whole minutes; the duration was rounded up.");
      }
      IntNode minutes = IntNode.valueOf(Math.toIntExact(rounded.toMinutes()));
      return Made.value(minutes, from.path(), trip.rule(), "minutes");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      return to.write(from.text(), from.path(), trip.rule(), "minutes");
    }
  }

  /** {@code 20261201083000-0600 30 min}: the time that is so much later, or earlier. */
  record TimeAfter(CodeTable units) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String text = from.text().strip();
      int blank = text.indexOf(' ');
      Optional<V2Time> start = V2Time.parse(blank < 0 ? text : text.substring(0, blank));
      Optional<Duration> later =
          blank < 0 ? Optional.empty() : duration(text.substring(blank + 1), units);
      boolean day =
          start.isPresent() && start.get().precision().compareTo(V2Time.Precision.DAY) >= 0;
      if (!day || later.isEmpty()) {
        return Functions.unreadable(from, trip, "time and duration");
      }
      ZoneId zone =
          start.get().offset().<ZoneId>map(offset -> offset).orElse(trip.run().context().zone());
      Instant exact = start.get().start(zone).plus(later.get());
      Instant second = exact.truncatedTo(ChronoUnit.SECONDS);
      // Whole seconds, and never before the start: a period may not end before it begins.
      Instant end = second.equals(exact) ? exact : second.plusSeconds(1);
      return Functions.text(V2Time.of(end, zone).toFhirDateTime(zone), from, trip, "time-after");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      return false;
    }
  }

  /** The minutes of a period, on the way to v2, which has a start and a duration. */
  record MinutesBetween() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      return Made.nothing();
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      Optional<V2Time> start = V2Time.fromFhir(from.json().path("start").asText());
      Optional<V2Time> end = V2Time.fromFhir(from.json().path("end").asText());
      if (start.isEmpty() || end.isEmpty()) {
        return false;
      }
      trip.run().fhirRead(from.path() + ".end");
      ZoneId zone = trip.run().context().zone();
      Duration between = Duration.between(start.get().start(zone), end.get().start(zone));
      if (between.isNegative()) {
        trip.note(CoverageNote.Kind.UNREADABLE, from.path(), "The period ends before it begins.");
        return false;
      }
      if (between.toSecondsPart() != 0) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "The duration comes back in whole minutes, the nearest.");
      }
      String minutes = String.valueOf(between.plusSeconds(30).toMinutes());
      return to.write(minutes, from.path() + ".end", trip.rule(), "minutes-between");
    }
  }
}
