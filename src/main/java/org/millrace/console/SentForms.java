package org.millrace.console;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Where forms led that were carried out: one that is sent a second time, by a second click or by
 * going back, leads there again and does nothing. As long as the process, as the tokens of forms.
 * Thread-safe.
 */
final class SentForms {
  private static final int MOST = 500;

  private final Map<String, Link> led = new LinkedHashMap<>();
  private final Sessions sessions;

  SentForms(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Carries out what a form asks for, and tells where it leads. */
  @FunctionalInterface
  interface Task {
    Link run() throws InterruptedException;
  }

  /** What a form is known by. */
  String fresh() {
    return sessions.unguessable();
  }

  /**
   * Carries it out if this is the first time.
   *
   * @param form what it is known by
   */
  synchronized Link once(Session session, String form, Task task) throws InterruptedException {
    String key = session.id() + form;
    if (!led.containsKey(key)) {
      Iterator<String> oldest = led.keySet().iterator();
      if (led.size() >= MOST && oldest.hasNext()) {
        oldest.next();
        oldest.remove();
      }
      led.put(key, task.run());
    }
    return Objects.requireNonNull(led.get(key));
  }
}
