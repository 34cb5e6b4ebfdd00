package org.millrace.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.millrace.journal.Account;

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

  /**
   * A browser that somebody is logged in in.
   *
   * @param version of the account then: with another one the visit is over
   */
  record Visit(String account, long version, Instant began, Instant seen) {}

  Visits(Clock clock) {
    this.clock = clock;
  }

  synchronized void begin(Session session, Account account) {
    Instant now = clock.instant();
    bySession.values().removeIf(each -> over(each, now));
    bySession.put(session.id(), new Visit(account.name(), account.version(), now, now));
  }

  /**
   * The visit of a browser; empty if there is none, or it is over.
   *
   * @param active whether somebody did something: a page that follows what happens does not
   */
  synchronized Optional<Visit> find(Session session, boolean active) {
    Instant now = clock.instant();
    Visit visit = bySession.get(session.id());
    if (visit == null || over(visit, now)) {
      bySession.remove(session.id());
      return Optional.empty();
    }
    if (active) {
      bySession.put(session.id(), new Visit(visit.account(), visit.version(), visit.began(), now));
    }
    return Optional.of(visit);
  }

  synchronized void end(Session session) {
    bySession.remove(session.id());
  }

  private static boolean over(Visit visit, Instant now) {
    return !now.isBefore(visit.seen().plus(IDLE)) || !now.isBefore(visit.began().plus(LONGEST));
  }
}
