package org.millrace.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is logged in in which browser. Forgotten with the engine, so that everybody logs in again
 * after a start. Thread-safe.
 */
final class Visits {
  /** After so long without a request somebody has gone, and others may be at the screen. */
  static final Duration IDLE = Duration.ofMinutes(15);

  /** Longer than a shift. */
  static final Duration LONGEST = Duration.ofHours(12);

  private static final int MOST = 1_000;

  private final Clock clock;
  private final Map<String, Visit> bySession =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Visit> eldest) {
          return size() > MOST;
        }
      };

  /** A browser that somebody is logged in in. */
  private record Visit(Visitor visitor, Instant began, Instant seen) {}

  Visits(Clock clock) {
    this.clock = clock;
  }

  synchronized void begin(Session session, Visitor visitor) {
    Instant now = clock.instant();
    bySession.values().removeIf(each -> over(each, now));
    bySession.put(session.id(), new Visit(visitor, now, now));
  }

  /**
   * Who is logged in in a browser; empty if nobody is, or the visit is over.
   *
   * @param active whether somebody did something: a page that follows what happens does not
   */
  synchronized Optional<Visitor> find(Session session, boolean active) {
    Instant now = clock.instant();
    Visit visit = bySession.get(session.id());
    if (visit == null || over(visit, now)) {
      bySession.remove(session.id());
      return Optional.empty();
    }
    if (active) {
      bySession.put(session.id(), new Visit(visit.visitor(), visit.began(), now));
    }
    return Optional.of(visit.visitor());
  }

  synchronized void end(Session session) {
    bySession.remove(session.id());
  }

  private static boolean over(Visit visit, Instant now) {
    return !now.isBefore(visit.seen().plus(IDLE)) || !now.isBefore(visit.began().plus(LONGEST));
  }
}
