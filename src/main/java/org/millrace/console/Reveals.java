package org.millrace.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;

/**
 * What a browser may show with patients' data: what it has asked for, for ten minutes. Whoever asks
 * is on record before. Thread-safe.
 */
final class Reveals {
  static final Duration SHOWN = Duration.ofMinutes(10);
  private static final int MOST = 1_000;

  private final Map<String, Instant> until = new LinkedHashMap<>();
  private final JournalDatabase journal;
  private final Clock clock;

  Reveals(JournalDatabase journal, Clock clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /** What the audit trail calls a message. */
  static String message(long number) {
    return "message " + number;
  }

  /**
   * Shows what is covered; that it is looked at is on record before.
   *
   * @param what {@code message 12}, as the audit trail has it
   */
  void show(Request request, String what) throws InterruptedException {
    show(request, List.of(what));
  }

  /** The same of several, each of which is an entry of its own. */
  void show(Request request, List<String> whats) throws InterruptedException {
    record(request.person(), "view", whats);
    whats.forEach(what -> keep(key(request.session(), what)));
  }

  /** Puts on record that a part of what is shown is looked at; once while it is shown. */
  void opened(Request request, String what) throws InterruptedException {
    String key = key(request.session(), "opened " + what);
    if (!kept(key)) {
      record(request.person(), "view", List.of(what));
      keep(key);
    }
  }

  /** Puts on record that something is taken out of the console as a file; each time. */
  void downloaded(Request request, String what) throws InterruptedException {
    record(request.person(), "download", List.of(what));
  }

  /** Puts on record that rules of somebody's own are run over what is covered; once in a while. */
  void tried(Request request, String what) throws InterruptedException {
    tried(request, List.of(what));
  }

  /** The same of several, each of which is an entry of its own. */
  void tried(Request request, List<String> whats) throws InterruptedException {
    List<String> untold =
        whats.stream().filter(what -> !kept(key(request.session(), "dry-run " + what))).toList();
    record(request.person(), "dry-run", untold);
    untold.forEach(what -> keep(key(request.session(), "dry-run " + what)));
  }

  private void record(Person person, String verb, List<String> whats) throws InterruptedException {
    List<Future<?>> written = new ArrayList<>();
    for (String what : whats) {
      written.add(journal.audit().looked(person.actor(), verb, what));
    }
    try {
      for (Future<?> each : written) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new JournalException("that it is looked at could not be put on record", e);
    }
  }

  private synchronized void keep(String key) {
    Instant now = clock.instant();
    Iterator<Instant> oldest = until.values().iterator();
    while (oldest.hasNext()) {
      Instant each = oldest.next();
      if (until.size() >= MOST || !now.isBefore(each)) {
        oldest.remove();
      }
    }
    until.put(key, now.plus(SHOWN));
  }

  synchronized void hide(Session session, String what) {
    until.remove(key(session, what));
  }

  Cover cover(Session session, String what) {
    return new Cover(kept(key(session, what)));
  }

  private synchronized boolean kept(String key) {
    Instant end = until.get(key);
    return end != null && clock.instant().isBefore(end);
  }

  private static String key(Session session, String what) {
    return session.id() + " " + what;
  }
}
