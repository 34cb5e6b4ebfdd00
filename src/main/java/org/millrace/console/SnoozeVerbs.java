package org.millrace.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.JournalException;
import org.millrace.journal.SnoozeStore;
import org.millrace.journal.WrittenDuration;

/** Snoozes alerts and ends that, as the commands do. Thread-safe. */
final class SnoozeVerbs {
  private static final String NOT_STANDING = "Nothing was done: no such alert stands any more.";

  private final ConsoleSources sources;

  SnoozeVerbs(ConsoleSources sources) {
    this.sources = sources;
  }

  /**
   * @param request whose form has the alert, for how long, and why
   */
  MessageVerbs.Told snooze(Request request) throws InterruptedException {
    String why = request.form().text("why");
    if (why.isEmpty()) {
      return refused("Nothing was done: say why; it is kept with the snooze.");
    }
    Duration time;
    try {
      time =
          WrittenDuration.read(
              request.form().text("time"), SnoozeStore.SHORTEST, SnoozeStore.LONGEST);
    } catch (IllegalArgumentException none) {
      return refused("Nothing was done: the time " + none.getMessage() + ".");
    }
    try {
      Optional<Instant> until =
          sources
              .journal()
              .snoozes()
              .snooze(request.form().number("alert"), time, request.person().actor(), why)
              .get();
      return until
          .map(
              at ->
                  new MessageVerbs.Told(true, "Snoozed until " + sources.moment(at).local() + "."))
          .orElseGet(() -> refused(NOT_STANDING));
    } catch (ExecutionException e) {
      throw new JournalException("the snooze could not be put on record", e);
    }
  }

  /**
   * @param request whose form has the alert
   */
  MessageVerbs.Told wake(Request request) throws InterruptedException {
    try {
      return sources
              .journal()
              .snoozes()
              .wake(request.form().number("alert"), request.person().actor())
              .get()
          ? new MessageVerbs.Told(
              true, "Snoozed no more. It is told again within half a minute if it still stands.")
          : refused("Nothing was done: it is not snoozed.");
    } catch (ExecutionException e) {
      throw new JournalException("the end of the snooze could not be put on record", e);
    }
  }

  private static MessageVerbs.Told refused(String sentence) {
    return new MessageVerbs.Told(false, sentence);
  }
}
