package org.millrace.cerner;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Optional;
import org.millrace.cerner.Exchanged.Answer;
import org.millrace.trace.Latency;
import org.millrace.trace.LatencyMeter;
import org.millrace.trace.Metric;

/** What is counted of the calls to Cerner; nothing until it has a registry. Thread-safe. */
final class CallMetrics {
  private static final int TOO_MANY_REQUESTS = 429;

  private final Breakers breakers;
  private final CallLimiter limiter;
  private final LatencyMeter took = new LatencyMeter(Latency.CALL);
  private volatile Optional<MeterRegistry> meters = Optional.empty();
  private volatile Tags tags = Tags.empty();

  CallMetrics(Breakers breakers, CallLimiter limiter) {
    this.breakers = breakers;
    this.limiter = limiter;
  }

  /**
   * @param of on every meter, where several tenants are to be told apart
   */
  void register(MeterRegistry registry, Tags of) {
    tags = of;
    meters = Optional.of(registry);
    took.register(registry, of);
    Metric.CERNER_CALLS_LIMIT.shows(registry, of, limiter::rate);
    Metric.CERNER_BREAKER_OPEN.shows(registry, of, () -> paused(true));
    Metric.CERNER_PERMISSIONS_PAUSED.shows(registry, of, () -> paused(false));
  }

  private double paused(boolean ofAll) {
    return breakers.pauses().stream().filter(pause -> pause.ofAll() == ofAll).count();
  }

  /**
   * @param action of {@link Ask#action}
   */
  void exchanged(String action, Exchanged exchanged) {
    String status = "none";
    if (exchanged instanceof Answer answer) {
      status = answer.status() == TOO_MANY_REQUESTS ? "429" : answer.status() / 100 + "xx";
    }
    count(status);
    took.took(exchanged.took(), action, status);
  }

  /** A call was not made: it would have been in vain, or its turn would have come too late. */
  void notAsked() {
    count("not-sent");
  }

  /** A call was not made: another's of the same was under way. */
  void shared() {
    count("shared");
  }

  private void count(String status) {
    meters.ifPresent(registry -> Metric.CERNER_CALLS.counter(registry, tags, status).increment());
  }
}
