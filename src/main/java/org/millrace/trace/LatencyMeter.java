package org.millrace.trace;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Times one kind of thing; nothing until it has a registry. What is told within a trace makes that
 * the exemplar of its bucket. Thread-safe.
 */
public final class LatencyMeter {
  /** So many combinations of labels are told apart, what comes later is one. */
  static final int MOST = 500;

  /** The labels of what is beyond that. */
  static final String OTHER = "other";

  private final Latency kind;
  private final List<String> beyond;
  private final Map<List<String>, Timer> timers = new ConcurrentHashMap<>();
  private volatile Optional<MeterRegistry> meters = Optional.empty();
  private volatile Tags of = Tags.empty();

  public LatencyMeter(Latency kind) {
    this.kind = kind;
    this.beyond = Collections.nCopies(kind.always().size(), OTHER);
  }

  /** From now on it counts, with buckets if the registry has any. */
  public LatencyMeter register(MeterRegistry registry) {
    return register(registry, Tags.empty());
  }

  /**
   * The same.
   *
   * @param tags on every one, where several tenants are to be told apart
   */
  public LatencyMeter register(MeterRegistry registry, Tags tags) {
    of = tags;
    meters = Optional.of(registry);
    return this;
  }

  /**
   * Something has ended just now.
   *
   * @param took less than nothing, since a clock was set back, counts as nothing
   * @param labels as many as the kind has, in its order
   */
  public void took(Duration took, String... labels) {
    meters.ifPresent(
        registry ->
            timer(registry, List.of(labels)).record(took.isNegative() ? Duration.ZERO : took));
  }

  private Timer timer(MeterRegistry registry, List<String> labels) {
    Timer known = timers.get(labels);
    if (known != null) {
      return known;
    }
    List<String> told = timers.size() < MOST ? labels : beyond;
    return timers.computeIfAbsent(told, any -> built(registry, told));
  }

  private Timer built(MeterRegistry registry, List<String> labels) {
    return Timer.builder(kind.meter())
        .description(kind.description())
        .tags(MetricLabels.tags(kind.always(), of, labels.toArray(String[]::new)))
        .serviceLevelObjectives(kind.buckets().toArray(Duration[]::new))
        .register(registry);
  }
}
