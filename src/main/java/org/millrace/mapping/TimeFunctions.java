package org.millrace.mapping;

import java.time.ZoneId;
import java.util.Optional;
import org.millrace.hl7.V2Time;

/** The functions of times: precision is kept, dates are never moved. */
final class TimeFunctions {
  private TimeFunctions() {}

  /** The date part of a time; a birthday is never moved by a zone. */
  record Day() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      return V2Time.parse(from.text())
          .map(time -> Functions.text(time.toFhirDate(), from, trip, "date"))
          .orElseGet(() -> Functions.unreadable(from, trip, "date"));
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      String text = from.text();
      Optional<V2Time> day = V2Time.fromFhir(text.length() > 10 ? text.substring(0, 10) : text);
      if (day.isEmpty() && !text.isEmpty()) {
        trip.note(CoverageNote.Kind.UNREADABLE, from.path(), "This is no date; it is left out.");
      }
      if (text.length() > 10) {
        trip.note(CoverageNote.Kind.LOSSY, from.path(), "The field holds a date; the time is cut.");
      }
      return day.isPresent() && to.write(day.get().toV2(), from.path(), trip.rule(), "date");
    }
  }

  /** A time in the feed's zone where it says none. {@code full}: never a date alone. */
  record DateTime(boolean full) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      Optional<V2Time> read = V2Time.parse(from.text());
      if (read.isEmpty()) {
        return Functions.unreadable(from, trip, "time");
      }
      V2Time time = read.get();
      if (full && !time.hasClock()) {
        return midnight(time, from, trip);
      }
      if (time.zoneAssumed()) {
        trip.note(
            CoverageNote.Kind.ZONE_ASSUMED,
            from.path(),
            "A time without offset; the feed's zone was assumed.");
      }
      if (time.padded()) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "A time without seconds; it comes back with :00.");
      }
      return Functions.text(
          time.toFhirDateTime(trip.run().context().zone()), from, trip, "date-time");
    }

    /** The target takes no date alone. A month or a year names no day to take the midnight of. */
    private static Made midnight(V2Time time, V2Node from, Trip trip) {
      if (time.precision() != V2Time.Precision.DAY) {
        return Functions.unreadable(from, trip, "day");
      }
      trip.note(
          CoverageNote.Kind.ZONE_ASSUMED,
          from.path(),
          "A date alone; midnight in the feed's zone is sent.");
      ZoneId zone = trip.run().context().zone();
      String text = V2Time.of(time.start(zone), zone).toFhirDateTime(zone);
      return Functions.text(text, from, trip, "date-time");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      Optional<V2Time> time = V2Time.fromFhir(from.text());
      if (time.isEmpty() && !from.text().isEmpty()) {
        trip.note(CoverageNote.Kind.UNREADABLE, from.path(), "This is no time; it is left out.");
      }
      String text = time.map(read -> read.toV2(trip.run().context().zone())).orElse("");
      return to.write(text, from.path(), trip.rule(), "date-time");
    }
  }
}
