package org.millrace.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets callers wait until their message has come to an end. Thread-safe.
 *
 * <p>Delivery in this process tells by way of the journal; what another node concluded is found by
 * asking the journal every second, while anybody waits.
 */
final class DeliveryWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryWatch.class);
  private static final int CHUNK = 500;

  /** Of very many that wait through an outage, so many are asked for at a time, in turn. */
  private static final int MOST_CHUNKS = 4;

  /** Of the twenty threads that all HTTP faces share, so many may wait here. */
  private static final int SHARED_THREADS = 4;

  private final JournalDatabase journal;
  private final ConcurrentNavigableMap<Long, List<CompletableFuture<Optional<Standing>>>> waiting =
      new ConcurrentSkipListMap<>();

  /** How far the journal was asked; for the thread that asks. */
  private long askedTo;

  private final AtomicInteger waiters = new AtomicInteger();
  private final Semaphore shared = new Semaphore(SHARED_THREADS);
  private final ScheduledExecutorService poll;
  private volatile boolean closed;

  /**
   * @param every how often the journal is asked for what other nodes concluded
   */
  DeliveryWatch(JournalDatabase journal, Duration every) {
    this.journal = journal;
    poll =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "delivery-watch");
              thread.setDaemon(true);
              return thread;
            });
    poll.scheduleWithFixedDelay(
        this::ask, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    journal.queue().whenConcluded(this::tell);
  }

  /**
   * Waits for a message to come to its end.
   *
   * @return where it stands then; empty if the time was up first, if too many wait already, or if
   *     the engine stops
   */
  Optional<Standing> await(long id, Duration within, Caller caller) {
    if (caller.ownThread()) {
      return await(id, within);
    }
    if (!shared.tryAcquire()) {
      return now(id);
    }
    try {
      return await(id, within);
    } finally {
      shared.release();
    }
  }

  private Optional<Standing> await(long id, Duration within) {
    CompletableFuture<Optional<Standing>> told = new CompletableFuture<>();
    waiters.incrementAndGet();
    waiting.compute(id, (any, others) -> with(others == null ? List.of() : others, told));
    try {
      // Not before it is among those who are told: it may come to its end in between.
      Optional<Standing> already = now(id);
      if (already.isPresent() || closed) {
        return already;
      }
      return told.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException late) {
      return Optional.empty();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      waiting.computeIfPresent(id, (any, others) -> without(others, told));
      waiters.decrementAndGet();
    }
  }

  /**
   * Tells of a message once it has come to its end.
   *
   * @return completes on another thread with where it stands; with nothing if the engine stops
   */
  CompletableFuture<Optional<Standing>> settled(long id) {
    CompletableFuture<Optional<Standing>> told = new CompletableFuture<>();
    told.whenComplete(
        (any, failure) -> waiting.computeIfPresent(id, (i, all) -> without(all, told)));
    waiting.compute(id, (any, others) -> with(others == null ? List.of() : others, told));
    // Not before it is among those who are told: it may come to its end in between.
    Optional<Standing> already = now(id);
    if (already.isPresent() || closed) {
      told.complete(already);
    }
    return told;
  }

  /** How many wait now. */
  int waiters() {
    return waiters.get();
  }

  /** Where it stands if it has come to its end; empty too when the journal cannot be asked. */
  private Optional<Standing> now(long id) {
    try {
      return journal.queue().standing(List.of(id)).stream().filter(Standing::settled).findFirst();
    } catch (JournalException failure) {
      LOG.error("the journal could not be asked where message {} stands", id);
      return Optional.empty();
    }
  }

  private void ask() {
    try {
      for (int i = 0; i < MOST_CHUNKS; i++) {
        List<Long> some = waiting.tailMap(askedTo, false).keySet().stream().limit(CHUNK).toList();
        journal.queue().standing(some).forEach(this::tell);
        askedTo = some.size() < CHUNK ? 0 : some.get(CHUNK - 1);
        if (askedTo == 0) {
          return;
        }
      }
    } catch (RuntimeException failure) {
      // Without this task nobody would be told of what other nodes concluded any more.
      LOG.error("the journal could not be asked for outcomes: {}", failure.getClass().getName());
    }
  }

  private void tell(Standing standing) {
    if (standing.settled()) {
      waiting
          .getOrDefault(standing.id(), List.of())
          .forEach(told -> told.complete(Optional.of(standing)));
    }
  }

  private static <T> List<T> with(List<T> others, T one) {
    List<T> all = new ArrayList<>(others);
    all.add(one);
    return List.copyOf(all);
  }

  @SuppressWarnings("NullAway") // A map forgets the key whose value becomes null.
  private static <T> List<T> without(List<T> others, T one) {
    List<T> left = others.stream().filter(each -> each != one).toList();
    return left.isEmpty() ? null : left;
  }

  /** Whoever waits is told that the time is up, and nobody waits from now on. */
  @Override
  public void close() {
    closed = true;
    poll.shutdownNow();
    waiting.values().forEach(all -> all.forEach(told -> told.complete(Optional.empty())));
  }
}
