package org.millrace.console;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.millrace.delivery.MessageMapping;
import org.millrace.journal.JournalDatabase;

/**
 * What the pages are made from.
 *
 * @param rules that the engine runs with
 * @param zone the site's, in which times are shown
 * @param provider by which people log in beside accounts of the journal
 */
public record ConsoleSources(
    JournalDatabase journal,
    EngineView engine,
    ConsoleRules rules,
    ZoneId zone,
    Clock clock,
    Optional<ConsoleProvider> provider) {

  MessageMapping mapping() {
    return rules.mapping();
  }

  Map<String, String> given() {
    return rules.given();
  }

  Moment moment(Instant at) {
    return Moment.of(at, zone, clock.instant());
  }
}
