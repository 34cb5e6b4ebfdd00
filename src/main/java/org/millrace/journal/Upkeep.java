package org.millrace.journal;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work on the journal that nobody waits for: a thread that hands the writer small steps, waits for
 * each, and rests between them for several times as long as the step took, so that messages that
 * come in are held up by one step at most.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  /** So many times as long as a step took, until the next. */
  private static final int REST = 4;

  private static final Duration SHORTEST_REST = Duration.ofMillis(5);

  private final BooleanSupplier step;
  private final Duration untilNext;
  private final Thread thread;
  private volatile boolean closing;

  /**
   * @param step one small step; true if there is more to do now
   * @param untilNext how long to wait once there is nothing to do, and after a failure
   */
  Upkeep(BooleanSupplier step, Duration untilNext) {
    this.step = step;
    this.untilNext = untilNext;
    this.thread = new Thread(this::run, "journal-upkeep");
    thread.setDaemon(true);
  }

  Upkeep start() {
    thread.start();
    return this;
  }

  private void run() {
    while (!closing) {
      long began = System.nanoTime();
      boolean more = false;
      try {
        more = step.getAsBoolean();
      } catch (JournalException | CompletionException failure) {
        LOG.warn("the upkeep of the journal is put off: {}", WriterStore.say(failure));
      } catch (RuntimeException | Error bug) {
        LOG.error("the upkeep of the journal goes on after {}", bug.getClass().getName());
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      rest(more ? took.multipliedBy(REST).plus(SHORTEST_REST) : untilNext);
    }
  }

  private void rest(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException stop) {
      // Nobody but close() ends this thread.
      LOG.debug("the upkeep of the journal was woken");
    }
  }

  /** After the step that is under way. */
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5).toMillis());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
