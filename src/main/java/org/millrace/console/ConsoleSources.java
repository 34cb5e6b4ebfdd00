package org.millrace.console;

import java.time.Clock;
import java.time.ZoneId;
import java.util.function.Supplier;
import org.millrace.journal.JournalDatabase;

/**
 * What the pages are made from.
 *
 * @param zone the site's, in which times are shown
 */
public record ConsoleSources(
    JournalDatabase journal, Supplier<EngineStatus> status, ZoneId zone, Clock clock) {

  Moment moment(java.time.Instant at) {
    return Moment.of(at, zone, clock.instant());
  }
}
