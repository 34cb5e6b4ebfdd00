package org.millrace.routing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.Tolerance;

/**
 * How the messages of each sender differ on the wire, and a count of what is passed over in them.
 * Thread-safe.
 */
public final class SenderProfiles {
  /** Senders come off the wire; so many are told apart, and all others are one. */
  static final int MOST_SENDERS = 50;

  private static final int LONGEST = 80;
  private static final Pattern UNFIT = Pattern.compile("[^\\p{L}\\p{N} @._/-]");

  private final Function<String, SenderProfile> profiles;
  private final Optional<MeterRegistry> meters;
  private final Set<String> counted = new HashSet<>();

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
    String who = told(sender);
    for (Tolerance each : passedOver) {
      Counter.builder("millrace.tolerated")
          .description("Messages that depart from the standard and were taken all the same")
          .tag("sender", who)
          .tag("what", each.word())
          .register(meters.get())
          .increment();
    }
  }

  private synchronized String told(String sender) {
    String cut = sender.substring(0, Math.min(LONGEST, sender.length()));
    String name = UNFIT.matcher(cut).replaceAll("?");
    if (counted.contains(name)) {
      return name;
    }
    return counted.size() < MOST_SENDERS && counted.add(name) ? name : "other";
  }
}
