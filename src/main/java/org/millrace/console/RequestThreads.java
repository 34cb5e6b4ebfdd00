package org.millrace.console;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that requests are read, made and answered on. A client that is slow to send or to
 * read must not hold one for ever: when its time is over the thread is interrupted, which closes
 * the connection it waits for. When there are too many requests the server is refused the next one,
 * and ends its connection. Thread-safe.
 */
final class RequestThreads implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestThreads.class);
  private static final int MOST = 32;

  /** More connections than that on one machine are somebody who means no good. */
  private static final int MOST_WAITING = 1_000;

  private final ThreadPoolExecutor threads;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "console-watch");
            thread.setDaemon(true);
            return thread;
          });
  private final ThreadLocal<Turn> turns = new ThreadLocal<>();
  private final Duration longest;
  private boolean full;

  /**
   * @param longest that a request may take to be read, and its answer to be written
   */
  RequestThreads(Duration longest) {
    this(longest, MOST, MOST_WAITING);
  }

  RequestThreads(Duration longest, int most, int waiting) {
    this.longest = longest;
    threads =
        new ThreadPoolExecutor(
            most, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * @throws RejectedExecutionException if too many requests wait already
   */
  @Override
  public void execute(Runnable request) {
    try {
      threads.execute(() -> run(request));
      full(false);
    } catch (RejectedExecutionException tooMany) {
      full(true);
      throw tooMany;
    }
  }

  private void run(Runnable request) {
    Turn turn = new Turn(Thread.currentThread());
    turns.set(turn);
    turn.limit();
    try {
      request.run();
    } finally {
      turn.free();
      turns.remove();
      // Of this request, not of the next one.
      Thread.interrupted();
    }
  }

  /** Told once, and again when there was room in between. */
  private synchronized void full(boolean now) {
    if (now && !full && !threads.isShutdown()) {
      LOG.warn(
          "the console ends connections: {} requests wait for their answer already",
          threads.getQueue().size());
    }
    full = now;
  }

  /** The request is read: what is made of it has times of its own. */
  void made() {
    Turn turn = turns.get();
    if (turn != null) {
      turn.free();
    }
  }

  /** The answer is written from now on. */
  void answered() {
    Turn turn = turns.get();
    if (turn != null) {
      turn.limit();
    }
  }

  /** One request on its thread. */
  private final class Turn {
    private final Thread thread;
    private long limits;
    private @Nullable Future<?> end;

    Turn(Thread thread) {
      this.thread = thread;
    }

    synchronized void limit() {
      free();
      long mine = limits;
      end = watch.schedule(() -> end(mine), longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Only if that limit is still in force: the thread may be at another request by now. */
    private synchronized void end(long mine) {
      if (end != null && mine == limits) {
        thread.interrupt();
      }
    }

    synchronized void free() {
      limits++;
      if (end != null) {
        end.cancel(false);
        end = null;
      }
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
    threads.shutdownNow();
  }
}
