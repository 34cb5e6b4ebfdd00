package org.millrace.query;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.millrace.cerner.Deadline;
import org.millrace.cerner.FaultKind;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;
import org.millrace.trace.Metric;

/**
 * Reads a patient once for all queries that ask for the same one at the same time, and for those
 * that follow within some seconds, where a site wants that. Thread-safe.
 *
 * <p>Analyzers of one bench ask for the patient of each tube, and monitors of a ward ask in step.
 * Faults are never remembered, and nobody is given the fault of another who had less time.
 */
final class RecentPatients {
  private final Clock clock;
  private final Duration life;
  private final int most;
  private final Map<String, CompletableFuture<Reply<FhirResource>>> underWay = new HashMap<>();
  private final LinkedHashMap<String, Held> held = new LinkedHashMap<>();
  private volatile Optional<MeterRegistry> meters = Optional.empty();

  private record Held(FhirResource patient, Instant until) {}

  /**
   * @param life how long a patient is remembered; zero: not at all
   * @param most how many are remembered; the oldest goes first
   */
  RecentPatients(Clock clock, Duration life, int most) {
    this.clock = clock;
    this.life = life;
    this.most = most;
  }

  void measuredBy(MeterRegistry registry) {
    meters = Optional.of(registry);
  }

  /**
   * What the read gives, be it another's.
   *
   * @param key what is asked for; the same text must mean the same read
   * @param deadline of whoever asks
   */
  Reply<FhirResource> get(String key, Deadline deadline, Supplier<Reply<FhirResource>> read) {
    CompletableFuture<Reply<FhirResource>> own = new CompletableFuture<>();
    CompletableFuture<Reply<FhirResource>> first;
    synchronized (this) {
      Optional<FhirResource> known = known(key);
      if (known.isPresent()) {
        count("remembered");
        return Reply.done(known.get());
      }
      first = underWay.putIfAbsent(key, own);
    }
    if (first != null) {
      Optional<Reply<FhirResource>> shared = shared(first, deadline);
      if (shared.isPresent()) {
        count("shared");
        return shared.get();
      }
      count("read");
      return read.get();
    }
    count("read");
    return lead(key, own, read);
  }

  private Reply<FhirResource> lead(
      String key, CompletableFuture<Reply<FhirResource>> own, Supplier<Reply<FhirResource>> read) {
    try {
      Reply<FhirResource> reply = read.get();
      own.complete(reply);
      if (reply instanceof Reply.Done<FhirResource> done) {
        remember(key, done.value());
      }
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
  private static Optional<Reply<FhirResource>> shared(
      CompletableFuture<Reply<FhirResource>> first, Deadline deadline) {
    try {
      Reply<FhirResource> reply = first.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      boolean mayDiffer =
          reply instanceof Reply.Failed<FhirResource> failed
              && failed.fault().kind() == FaultKind.RETRY;
      return mayDiffer ? Optional.empty() : Optional.of(reply);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (TimeoutException | ExecutionException | CancellationException e) {
      return Optional.empty();
    }
  }

  private Optional<FhirResource> known(String key) {
    Held patient = held.get(key);
    if (patient == null || !clock.instant().isBefore(patient.until())) {
      held.remove(key);
      return Optional.empty();
    }
    return Optional.of(patient.patient());
  }

  private synchronized void remember(String key, FhirResource patient) {
    if (life.isZero()) {
      return;
    }
    Instant now = clock.instant();
    held.values().removeIf(one -> !now.isBefore(one.until()));
    while (held.size() >= most) {
      Iterator<String> oldest = held.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    held.put(key, new Held(patient, now.plus(life)));
  }

  private void count(String how) {
    meters.ifPresent(registry -> Metric.QUERY_PATIENTS.counter(registry, how).increment());
  }
}
