package org.millrace.console;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs what somebody has typed in on threads of its own, few at a time and none for long, so that
 * whatever it is keeps nothing else from being done. Thread-safe.
 */
final class Deadline implements AutoCloseable {
  private static final int AT_A_TIME = 2;
  private static final int WAITING = 8;

  private final Duration within;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          AT_A_TIME,
          AT_A_TIME,
          30,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(WAITING),
          task -> {
            Thread thread = new Thread(task, "console-workbench");
            thread.setDaemon(true);
            return thread;
          });

  Deadline(Duration within) {
    this.within = within;
    threads.allowCoreThreadTimeOut(true);
  }

  /** How long something may take, waiting included. */
  Duration within() {
    return within;
  }

  /**
   * What comes of it; empty if it does not end in time, or too many wait.
   *
   * @throws StackOverflowError if it is nested too deeply
   */
  <T> Optional<T> run(Callable<T> work) throws InterruptedException {
    Future<T> future;
    try {
      future = threads.submit(work);
    } catch (RejectedExecutionException tooMany) {
      return Optional.empty();
    }
    try {
      return Optional.of(future.get(within.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException late) {
      future.cancel(true);
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      if (e.getCause() instanceof Error fault) {
        throw fault;
      }
      throw new IllegalStateException("what was typed in could not be run", e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
