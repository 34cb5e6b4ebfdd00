package org.millrace.console;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.millrace.journal.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries what somebody has typed in, so that whatever it is does not close the page it is typed
 * into. Thread-safe.
 */
final class Attempts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final Deadline deadline;

  /**
   * @param within how long compiling and mapping may take
   */
  Attempts(Duration within) {
    this.deadline = new Deadline(within);
  }

  /**
   * What comes of it.
   *
   * @param late what may be the matter if it does not end in time
   * @param problem makes an outcome of a sentence that says why there is none
   */
  <T> T of(Callable<T> work, String late, Function<String, T> problem) throws InterruptedException {
    try {
      return deadline
          .run(work)
          .orElseGet(
              () ->
                  problem.apply(
                      "It did not come to an end within "
                          + deadline.within().toSeconds()
                          + " seconds, or too many are at work here: "
                          + late));
    } catch (StackOverflowError nested) {
      return problem.apply("Something in it is nested too deeply.");
    } catch (JournalException unreadable) {
      throw unreadable;
    } catch (RuntimeException bug) {
      // Its text could quote what was typed.
      LOG.error("what was typed in could not be tried: {}", ConsoleServer.where(bug));
      return problem.apply(
          "It cannot be tried because of a fault of the engine; its log says where.");
    }
  }

  @Override
  public void close() {
    deadline.close();
  }
}
