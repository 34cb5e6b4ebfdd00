package org.millrace.console;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millrace.journal.JournalException;

/**
 * Where forms led that were carried out: one that is sent a second time, by a second click or by
 * going back, leads there again and does nothing. As long as the process, as the tokens of forms.
 * Thread-safe.
 */
final class SentForms {
  private static final int MOST = 500;

  /** How long a second click waits for what comes of the first one. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Map<String, CompletableFuture<Link>> led = new LinkedHashMap<>();
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
   * @throws JournalException if it was sent before, and nothing has come of that
   */
  Link once(Session session, String form, Task task) throws InterruptedException {
    String key = session.id() + form;
    CompletableFuture<Link> own = new CompletableFuture<>();
    Optional<CompletableFuture<Link>> before = begin(key, own);
    if (before.isPresent()) {
      return ledBy(before.get());
    }
    try {
      Link link = task.run();
      own.complete(link);
      return link;
    } finally {
      // Of one that failed: it may be sent again.
      if (own.cancel(false)) {
        forget(key);
      }
    }
  }

  /** Not while it is carried out: a slow one must not keep the others waiting. */
  private synchronized Optional<CompletableFuture<Link>> begin(
      String key, CompletableFuture<Link> own) {
    CompletableFuture<Link> before = led.putIfAbsent(key, own);
    if (before == null && led.size() > MOST) {
      Iterator<String> oldest = led.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return Optional.ofNullable(before);
  }

  private synchronized void forget(String key) {
    led.remove(key);
  }

  private static Link ledBy(CompletableFuture<Link> before) throws InterruptedException {
    try {
      return before.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | CancellationException | TimeoutException e) {
      throw new JournalException("what the form asks for was not put on record", e);
    }
  }
}
