package org.millrace.routing;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.Tolerance;
import org.millrace.mapping.SenderLabels;
import org.millrace.trace.Metric;

/**
 * How the messages of each sender differ on the wire, and a count of what is passed over in them.
 * Thread-safe.
 */
public final class SenderProfiles {
  private final Function<String, SenderProfile> profiles;
  private final Optional<MeterRegistry> meters;
  private final SenderLabels labels = new SenderLabels();

  /**
   * @param profiles by {@code MSH-3.1@MSH-4.1}
   */
  public SenderProfiles(Function<String, SenderProfile> profiles, Optional<MeterRegistry> meters) {
    this.profiles = profiles;
    this.meters = meters;
  }

  SenderProfile of(String sender) {
    return profiles.apply(sender);
  }

  /** Counts what was passed over in one message that was taken. */
  void count(String sender, Set<Tolerance> passedOver) {
    if (passedOver.isEmpty() || meters.isEmpty()) {
      return;
    }
    String who = labels.of(sender);
    for (Tolerance each : passedOver) {
      Metric.TOLERATED.counter(meters.get(), who, each.word()).increment();
    }
  }
}
