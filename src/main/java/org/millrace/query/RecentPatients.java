package org.millrace.query;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Supplier;
import org.millrace.cerner.Deadline;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SharedReads;
import org.millrace.trace.Metric;

/**
 * Reads a patient once for all queries that ask for the same one at the same time, and for those
 * that follow within some seconds, where a site wants that. Thread-safe.
 *
 * <p>Analyzers of one bench ask for the patient of each tube, and monitors of a ward ask in step.
 * Faults are never remembered.
 */
final class RecentPatients {
  private final Clock clock;
  private final Duration life;
  private final int most;
  private final SharedReads<FhirResource> underWay = new SharedReads<>();
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
    Optional<FhirResource> known = known(key);
    if (known.isPresent()) {
      count("remembered");
      return Reply.done(known.get());
    }
    SharedReads.Got<FhirResource> got =
        underWay.get(key, deadline, () -> readAndRemembered(key, read));
    if (got.shared()) {
      count("shared");
    }
    return got.reply();
  }

  private Reply<FhirResource> readAndRemembered(String key, Supplier<Reply<FhirResource>> read) {
    // Another's read may have come to its end since it was looked for.
    Optional<FhirResource> known = known(key);
    count(known.isPresent() ? "remembered" : "read");
    if (known.isPresent()) {
      return Reply.done(known.get());
    }
    Reply<FhirResource> reply = read.get();
    if (reply instanceof Reply.Done<FhirResource> done) {
      remember(key, done.value());
    }
    return reply;
  }

  private synchronized Optional<FhirResource> known(String key) {
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
