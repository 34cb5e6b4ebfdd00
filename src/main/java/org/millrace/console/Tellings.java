package org.millrace.console;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a verb, until the page that it was asked on is shown again: a form that was carried
 * out leads on to that page by GET, so that loading it again does nothing twice. Thread-safe.
 */
final class Tellings {
  private static final int MOST = 200;

  private final Map<String, MessageVerbs.Told> kept = new LinkedHashMap<>();

  /** Keeps it for the page at this path; what nobody came back for makes room. */
  synchronized void keep(Session session, String path, MessageVerbs.Told told) {
    Iterator<String> oldest = kept.keySet().iterator();
    if (kept.size() >= MOST && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    }
    kept.put(session.id() + path, told);
  }

  /** Tells it once. */
  synchronized Optional<MessageVerbs.Told> take(Session session, String path) {
    return Optional.ofNullable(kept.remove(session.id() + path));
  }
}
