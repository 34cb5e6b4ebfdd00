package org.millrace.console;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.millrace.delivery.MessageMapping;
import org.millrace.journal.JournalDatabase;

/**
 * What the pages are made from.
 *
 * @param mapping the files that the engine runs with
 * @param given values that mapping files name as {@code given}
 * @param zone the site's, in which times are shown
 */
public record ConsoleSources(
    JournalDatabase journal,
    EngineView engine,
    MessageMapping mapping,
    Map<String, String> given,
    ZoneId zone,
    Clock clock) {
  public ConsoleSources {
    given = Map.copyOf(given);
  }

  Moment moment(Instant at) {
    return Moment.of(at, zone, clock.instant());
  }
}
