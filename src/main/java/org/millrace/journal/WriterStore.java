package org.millrace.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
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
 * and the connection is opened anew for the next, so that a full disk, a locked database or one
 * that was restarted heals without a restart of ours. Whether a commit that failed is on disk
 * cannot be known: it counts as failed, and whoever repeats it must recognize what is there.
 */
final class WriterStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriterStore.class);
  private static final int BATCH = 512;
  private static final int QUEUE = 20_000;
  private static final int LATER = 50_000;

  /** Beyond so many whoever makes more is held back. */
  private static final int PACE = 5_000;

  private static final Duration HELD_BACK_AT_MOST = Duration.ofSeconds(2);

  /** Whoever has done no piece of its work for so long waits for the database. */
  private static final Duration STUCK = Duration.ofMillis(500);

  /** A journal that takes nothing is tried again so long after, by what waits behind answers. */
  private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(1);

  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(1);

  /**
   * How long what is written behind answers gathers: less would be more commits, and more would
   * keep the core of a caller for longer.
   */
  private static final long IDLE_MILLIS = 10;

  /** How often a journal that takes nothing is tried for what is written behind answers. */
  private static final long FAILING_MILLIS = 100;

  /** Reads or writes through a connection; may be run twice, if its neighbour failed. */
  @FunctionalInterface
  interface Work<T> {
    T run(Handle handle);
  }

  private final SqlDatabase database;
  private final Consumer<Handle> whenConnected;
  private final Jdbi jdbi;
  private final BlockingQueue<Task<?>> urgent = new LinkedBlockingQueue<>(QUEUE);
  private final Queue<Task<?>> later = new ConcurrentLinkedQueue<>();
  private final AtomicInteger laterSize = new AtomicInteger();
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread;
  private volatile Consumer<Duration> committed = took -> {};
  private volatile boolean closing;
  private volatile boolean ended;
  private volatile boolean failing;
  private volatile boolean working;
  private volatile long lastStep;
  private volatile Runnable recovered = () -> {};
  private @Nullable Handle open;

  /** Those that are known to stand until the transaction that is running ends. */
  private final Set<Lease> standing = new HashSet<>();

  /**
   * @param whenConnected looks at the journal through each new connection; what it throws is told
   *     to whoever waits, and the next write connects anew
   */
  WriterStore(SqlDatabase database, Consumer<Handle> whenConnected) {
    this.database = database;
    this.whenConnected = whenConnected;
    jdbi = database.adapted(Jdbi.create(database.writing(false)));
    // From now on it must be the very same.
    database.mustStillBeThere();
    thread = new Thread(this::run, "journal-writer");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * @param message whose row the work changes, 0 if none; work on one message keeps its order
   */
  <T> CompletableFuture<T> write(long message, Work<T> work) {
    return write(message, Optional.empty(), work);
  }

  /**
   * As {@link #write(long, Work)}.
   *
   * @param lease without which the work is not done: then the future completes with a {@link
   *     LeaseLostException}
   */
  <T> CompletableFuture<T> write(long message, Optional<Lease> lease, Work<T> work) {
    Task<T> task = new Task<>(message, lease, work);
    if (closing || !urgent.offer(task)) {
      task.fail(new JournalException(closing ? "the journal is closed" : "the journal is behind"));
    } else if (ended && urgent.remove(task)) {
      task.fail(new JournalException("the journal is closed"));
    }
    return task.told;
  }

  /** Completes once it is on disk or lost; nobody need wait for it. */
  CompletableFuture<?> writeLater(long message, Work<?> work) {
    Task<?> task = new Task<>(message, Optional.empty(), work);
    if (closing || laterSize.get() >= LATER) {
      lost.incrementAndGet();
      task.fail(new JournalException("the journal is behind"));
    } else {
      laterSize.incrementAndGet();
      later.add(task);
    }
    return task.told;
  }

  /**
   * Waits while much is still to be written behind answers, for two seconds at most: who makes more
   * of it comes to no more than the journal takes. Does not wait for a journal that takes nothing
   * or is stuck, nor on the thread that writes.
   *
   * @param beside how much waits to be handed over
   */
  void keepPace(IntSupplier beside) {
    long until = System.nanoTime() + HELD_BACK_AT_MOST.toNanos();
    while (laterSize.get() + beside.getAsInt() > PACE
        && goesOn()
        && Thread.currentThread() != thread
        && !Thread.currentThread().isInterrupted()
        && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(LOOK_AGAIN_AFTER.toNanos());
    }
  }

  private boolean goesOn() {
    boolean stuck = working && System.nanoTime() - lastStep > STUCK.toNanos();
    return !failing && !stuck && !closing;
  }

  /** Is run on the thread that writes once the journal takes again what it is given; is quick. */
  void whenRecovered(Runnable listener) {
    recovered = listener;
  }

  /** Is told of each transaction that was committed, how long it took. */
  void whenCommitted(Consumer<Duration> listener) {
    committed = listener;
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
        } else if (failing && System.nanoTime() - lastStep > TRY_AGAIN_AFTER.toNanos()) {
          // Nobody asks for anything, and what failed is to be written as well.
          lastStep = System.nanoTime();
          recovered.run();
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
    fail(
        batch.stream().filter(task -> !task.told.isDone()).toList(),
        new JournalException("the journal could not be written"));
  }

  private List<Task<?>> gather() {
    List<Task<?>> batch = new ArrayList<>();
    try {
      Task<?> first = closing ? urgent.poll() : urgent.poll(idleMillis(), TimeUnit.MILLISECONDS);
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

  private long idleMillis() {
    if (failing) {
      return FAILING_MILLIS;
    }
    return laterSize.get() > BATCH ? 0 : IDLE_MILLIS;
  }

  private void commit(List<Task<?>> batch) {
    // Engines that share the database lock rows in the same order, and so do not wait in a circle.
    batch.sort(Comparator.comparingLong(task -> task.message));
    if (attempt(batch) == Attempt.WORK_FAILED && batch.size() > 1) {
      singly(batch);
    }
  }

  /** One of them failed and took the others with it: each by itself. */
  private void singly(List<Task<?>> batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (attempt(List.of(batch.get(i))) == Attempt.NO_DATABASE) {
        // Waiting for a database that is gone, once for each, would take minutes.
        failed(batch.subList(i + 1, batch.size()), new JournalException("no connection"));
        return;
      }
    }
  }

  private enum Attempt {
    COMMITTED,
    /** A piece of work failed; several are told nothing yet. */
    WORK_FAILED,
    /** The database took no connection or no transaction; all are told. */
    NO_DATABASE,
    /** It may have been committed or not; all are told that it was not. */
    COMMIT_FAILED
  }

  private Attempt attempt(List<Task<?>> batch) {
    lastStep = System.nanoTime();
    working = true;
    try {
      return tried(batch);
    } finally {
      working = false;
    }
  }

  private Attempt tried(List<Task<?>> batch) {
    Attempt unless = Attempt.NO_DATABASE;
    try {
      database.mustStillBeThere();
    } catch (JournalException unusable) {
      // The connection stays: closing it would do away with the log that belongs to the file.
      failed(batch, unusable);
      return Attempt.NO_DATABASE;
    }
    long began = System.nanoTime();
    try {
      Handle handle = handle();
      handle.begin();
      // A database that is locked or gone must fail here, once for all, and not once for each
      // piece of work.
      database.begin(handle);
      unless = Attempt.WORK_FAILED;
      standing.clear();
      for (Task<?> task : batch) {
        task.attempt(handle, task.lease.filter(lease -> !stands(handle, lease)).isEmpty());
        lastStep = System.nanoTime();
      }
      unless = Attempt.COMMIT_FAILED;
      handle.commit();
    } catch (RuntimeException failure) {
      drop();
      if (unless != Attempt.WORK_FAILED || batch.size() == 1) {
        failed(batch, failure);
      }
      return unless;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    batch.forEach(Task::tell);
    committed.accept(took);
    if (failing) {
      failing = false;
      recovered.run();
    }
    return Attempt.COMMITTED;
  }

  private boolean stands(Handle handle, Lease lease) {
    if (!standing.contains(lease) && LeaseStore.stands(handle, lease)) {
      standing.add(lease);
    }
    return standing.contains(lease);
  }

  private void failed(List<Task<?>> batch, RuntimeException failure) {
    LOG.error(
        "the journal could not write {} records: {}", batch.size(), Printable.of(say(failure)));
    fail(batch, new JournalException("the journal could not be written", root(failure)));
  }

  private void fail(List<Task<?>> batch, JournalException told) {
    failing = true;
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
        + (cause instanceof java.sql.SQLException || cause instanceof JournalException
            ? " " + cause.getMessage()
            : "");
  }

  private Handle handle() {
    Handle handle = open;
    if (handle == null) {
      handle = jdbi.open();
      open = handle;
      database.prepareWriter(handle);
      whenConnected.accept(handle);
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
    Task<Integer> last = new Task<>(0, Optional.empty(), handle -> 0);
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
    private final long message;
    private final Optional<Lease> lease;
    private final Work<T> work;
    private final CompletableFuture<T> told = new CompletableFuture<>();
    private @Nullable T result;
    private boolean refused;
    private boolean tellLoss;

    Task(long message, Optional<Lease> lease, Work<T> work) {
      this.message = message;
      this.lease = lease;
      this.work = work;
    }

    void attempt(Handle handle, boolean allowed) {
      refused = !allowed;
      if (allowed) {
        result = work.run(handle);
      }
    }

    @SuppressWarnings("NullAway") // Void work results in null, which is its only value.
    void tell() {
      if (refused) {
        told.completeExceptionally(new LeaseLostException());
        return;
      }
      told.complete(result);
    }

    void fail(JournalException failure) {
      told.completeExceptionally(failure);
    }
  }
}
