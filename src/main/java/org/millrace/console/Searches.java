package org.millrace.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was typed into the search box, for an hour, so that an address names it by an id and nothing
 * of a patient stands in a browser's history. Of the browser that typed it alone. Thread-safe.
 */
final class Searches {
  static final Duration KEPT = Duration.ofHours(1);
  private static final int MOST = 500;

  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private final Sessions sessions;
  private final Clock clock;

  Searches(Sessions sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /** What is searched for: which number, and the number as it was typed. */
  record Search(SearchKind kind, String text) {

    /** The kind only: the text may be a patient's number. */
    @Override
    public String toString() {
      return "search by " + kind.word();
    }
  }

  private record Kept(String session, Search search, Instant until) {}

  /** Keeps it and tells its id. The oldest ones make room. */
  synchronized String keep(Session session, Search search) {
    Instant now = clock.instant();
    Iterator<Kept> oldest = kept.values().iterator();
    while (oldest.hasNext()) {
      Kept each = oldest.next();
      if (kept.size() >= MOST || now.isAfter(each.until())) {
        oldest.remove();
      }
    }
    String id = sessions.unguessable().substring(0, 22);
    kept.put(id, new Kept(session.id(), search, now.plus(KEPT)));
    return id;
  }

  /** Empty if it is forgotten, or another browser's. */
  synchronized Optional<Search> find(Session session, String id) {
    return Optional.ofNullable(kept.get(id))
        .filter(each -> each.session().equals(session.id()))
        .filter(each -> !clock.instant().isAfter(each.until()))
        .map(Kept::search);
  }
}
