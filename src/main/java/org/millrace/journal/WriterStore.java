package org.millrace.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: takes what has gathered, runs it in one transaction, and tells each
 * caller after the commit. One fsync serves all that came while the last one ran.
 *
 * <p>Work that fails by itself is told so, alone; when the commit fails, everybody in it is told
 * and the connection is opened anew for the next, so that a full disk or a locked database heals
 * without a restart.
 */
final class WriterStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriterStore.class);
  private static final int BATCH = 512;
  private static final int QUEUE = 20_000;
  private static final int LATER = 50_000;
  private static final long IDLE_MILLIS = 100;

  /** Reads or writes through a connection; may be run twice, if its neighbour failed. */
  @FunctionalInterface
  interface Work<T> {
    T run(Handle handle);
  }

  private final Jdbi jdbi;
  private final BlockingQueue<Task<?>> urgent = new LinkedBlockingQueue<>(QUEUE);
  private final Queue<Task<?>> later = new ConcurrentLinkedQueue<>();
  private final AtomicInteger laterSize = new AtomicInteger();
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean ended;
  private @Nullable Handle open;

  WriterStore(DataSource source) {
    jdbi = Jdbi.create(source);
    thread = new Thread(this::run, "journal-writer");
    thread.setDaemon(true);
    thread.start();
  }

  <T> CompletableFuture<T> write(Work<T> work) {
    Task<T> task = new Task<>(work);
    if (closing || !urgent.offer(task)) {
      task.fail(new JournalException(closing ? "the journal is closed" : "the journal is behind"));
    } else if (ended && urgent.remove(task)) {
      task.fail(new JournalException("the journal is closed"));
    }
    return task.told;
  }

  /** False if it was not taken. */
  boolean writeLater(Work<?> work) {
    if (closing || laterSize.get() >= LATER) {
      lost.incrementAndGet();
      return false;
    }
    laterSize.incrementAndGet();
    later.add(new Task<>(work));
    return true;
  }

  long lost() {
    return lost.get();
  }

  private void run() {
    while (!closing || !urgent.isEmpty() || !later.isEmpty()) {
      List<Task<?>> batch = gather();
      try {
        if (!batch.isEmpty()) {
          commit(batch);
        }
      } catch (RuntimeException | Error bug) {
        // Without this thread nothing would be acknowledged any more.
        giveUp(batch, bug);
      }
    }
    drop();
    ended = true;
    for (Task<?> late = urgent.poll(); late != null; late = urgent.poll()) {
      late.fail(new JournalException("the journal is closed"));
    }
  }

  private void giveUp(List<Task<?>> batch, Throwable bug) {
    LOG.error("the journal writer goes on after {}", bug.getClass().getName());
    drop();
    JournalException told = new JournalException("the journal could not be written");
    batch.stream().filter(task -> !task.told.isDone()).forEach(task -> task.fail(told));
  }

  private List<Task<?>> gather() {
    List<Task<?>> batch = new ArrayList<>();
    try {
      Task<?> first = closing ? urgent.poll() : urgent.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
      if (first != null) {
        batch.add(first);
        urgent.drainTo(batch, BATCH - 1);
      }
    } catch (InterruptedException stop) {
      // Nobody but close() ends this thread: what was handed over must still be written.
      LOG.debug("the journal writer was interrupted and goes on");
    }
    for (int i = 0; i < BATCH; i++) {
      Task<?> task = later.poll();
      if (task == null) {
        break;
      }
      laterSize.decrementAndGet();
      task.tellLoss = true;
      batch.add(task);
    }
    return batch;
  }

  private void commit(List<Task<?>> batch) {
    boolean begun = false;
    try {
      Handle handle = handle();
      handle.begin();
      // The driver begins with the first statement: a database that is locked must fail here, once
      // for all, and not once for each piece of work.
      handle.execute("SELECT 1");
      begun = true;
      for (Task<?> task : batch) {
        task.attempt(handle);
      }
      begun = false;
      handle.commit();
    } catch (RuntimeException failure) {
      drop();
      if (begun && batch.size() > 1) {
        batch.forEach(task -> commit(List.of(task)));
      } else {
        failed(batch, failure);
      }
      return;
    }
    batch.forEach(Task::tell);
  }

  private void failed(List<Task<?>> batch, RuntimeException failure) {
    LOG.error(
        "the journal could not write {} records: {}", batch.size(), Printable.of(say(failure)));
    JournalException told = new JournalException("the journal could not be written", root(failure));
    for (Task<?> task : batch) {
      if (task.tellLoss) {
        lost.incrementAndGet();
      }
      task.fail(told);
    }
  }

  /** The driver's own words speak of the database; JDBI's would quote the values. */
  static Throwable root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Kind of the failure, and the driver's own words. */
  static String say(Throwable failure) {
    Throwable cause = root(failure);
    return cause.getClass().getSimpleName()
        + (cause instanceof java.sql.SQLException sql ? " " + sql.getMessage() : "");
  }

  private Handle handle() {
    Handle handle = open;
    if (handle == null) {
      handle = jdbi.open();
      open = handle;
    }
    return handle;
  }

  private void drop() {
    Handle handle = open;
    open = null;
    if (handle == null) {
      return;
    }
    try {
      if (handle.isInTransaction()) {
        handle.rollback();
      }
      handle.close();
    } catch (RuntimeException broken) {
      LOG.warn("a broken journal connection was given up: {}", Printable.of(say(broken)));
    }
  }

  @Override
  public void close() {
    closing = true;
    // Wakes the thread, which else would sleep out its idle time.
    Task<Integer> last = new Task<>(handle -> 0);
    if (!urgent.offer(last)) {
      LOG.debug("the journal writer has enough to do before it closes");
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /** One piece of work and who waits for it. */
  private static final class Task<T> {
    private final Work<T> work;
    private final CompletableFuture<T> told = new CompletableFuture<>();
    private @Nullable T result;
    private boolean tellLoss;

    Task(Work<T> work) {
      this.work = work;
    }

    void attempt(Handle handle) {
      result = work.run(handle);
    }

    @SuppressWarnings("NullAway") // Void work results in null, which is its only value.
    void tell() {
      told.complete(result);
    }

    void fail(JournalException failure) {
      told.completeExceptionally(failure);
    }
  }
}
