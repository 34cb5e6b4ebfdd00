package org.millrace.cerner;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Reads once for all who ask for the same at the same time. Nobody is given what was read before
 * the last write was answered, nor the fault of another who had less time. Where the answer to a
 * write was lost, everybody reads for themselves for a while: it may be stored at any moment, and
 * its caller be told so by a look. Thread-safe.
 *
 * @param <T> what is read; it must not be changed by those who get it
 */
public final class SharedReads<T> {
  private final Map<String, CompletableFuture<Reply<T>>> underWay = new HashMap<>();
  private final long apartNanos;
  private boolean apart;
  private long since;

  /** Shares again half a minute after a write whose answer was lost. */
  public SharedReads() {
    this(Duration.ofSeconds(30));
  }

  /**
   * @param apart how long nobody shares after a write whose answer was lost
   */
  SharedReads(Duration apart) {
    apartNanos = apart.toNanos();
  }

  /**
   * What the read gave.
   *
   * @param shared whether it was another's
   */
  public record Got<T>(Reply<T> reply, boolean shared) {}

  /**
   * What the read gives, be it another's.
   *
   * @param key what is asked for; the same text must mean the same read
   * @param deadline of whoever asks
   */
  public Got<T> get(String key, Deadline deadline, Supplier<Reply<T>> read) {
    CompletableFuture<Reply<T>> own = new CompletableFuture<>();
    CompletableFuture<Reply<T>> first;
    synchronized (this) {
      apart = apart && System.nanoTime() - since < apartNanos;
      first = apart ? own : underWay.putIfAbsent(key, own);
    }
    if (first == own) {
      return new Got<>(read.get(), false);
    }
    if (first == null) {
      return new Got<>(lead(key, own, read), false);
    }
    return shared(first, deadline)
        .map(reply -> new Got<>(reply, true))
        .orElseGet(() -> new Got<>(read.get(), false));
  }

  /** Something was written: who asks from now on reads what stands there since. */
  synchronized void written() {
    underWay.clear();
  }

  /** The answer to a write was lost. */
  synchronized void maybeWritten() {
    underWay.clear();
    apart = true;
    since = System.nanoTime();
  }

  private Reply<T> lead(String key, CompletableFuture<Reply<T>> own, Supplier<Reply<T>> read) {
    try {
      Reply<T> reply = read.get();
      own.complete(reply);
      return reply;
    } finally {
      // Of a bug: those who wait read for themselves.
      own.cancel(false);
      synchronized (this) {
        underWay.remove(key, own);
      }
    }
  }

  /** Empty if the other's read says nothing to us: it failed in a way that ours need not. */
  private static <T> Optional<Reply<T>> shared(
      CompletableFuture<Reply<T>> first, Deadline deadline) {
    try {
      Reply<T> reply = first.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      boolean mayDiffer =
          reply instanceof Reply.Failed<T> failed && failed.fault().kind() == FaultKind.RETRY;
      return mayDiffer ? Optional.empty() : Optional.of(reply);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (TimeoutException | ExecutionException | CancellationException e) {
      return Optional.empty();
    }
  }
}
