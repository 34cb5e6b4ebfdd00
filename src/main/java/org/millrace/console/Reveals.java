package org.millrace.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which messages a browser may show with their patients' data: those it has asked for, for ten
 * minutes. Whoever asks is on record before. Thread-safe.
 */
final class Reveals {
  static final Duration SHOWN = Duration.ofMinutes(10);
  private static final int MOST = 1_000;

  private final Map<String, Instant> until = new LinkedHashMap<>();
  private final Clock clock;

  Reveals(Clock clock) {
    this.clock = clock;
  }

  synchronized void show(Session session, long message) {
    Instant now = clock.instant();
    Iterator<Instant> oldest = until.values().iterator();
    while (oldest.hasNext()) {
      Instant each = oldest.next();
      if (until.size() >= MOST || !now.isBefore(each)) {
        oldest.remove();
      }
    }
    until.put(key(session, message), now.plus(SHOWN));
  }

  synchronized void hide(Session session, long message) {
    until.remove(key(session, message));
  }

  synchronized boolean shown(Session session, long message) {
    Instant end = until.get(key(session, message));
    return end != null && clock.instant().isBefore(end);
  }

  private static String key(Session session, long message) {
    return session.id() + " " + message;
  }
}
