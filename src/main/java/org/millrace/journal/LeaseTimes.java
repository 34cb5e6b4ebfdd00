package org.millrace.journal;

import java.time.Duration;

/**
 * How long an engine that shares its journal is believed to be alive.
 *
 * @param lease after so long without a sign of it, others take over what it had
 * @param renewal how often it gives a sign
 * @param margin nothing is begun, and nothing is sent, with less than this left
 */
public record LeaseTimes(Duration lease, Duration renewal, Duration margin) {
  /** What engines that share a journal go by: all of them by the same. */
  public static final LeaseTimes DEFAULT =
      new LeaseTimes(Duration.ofSeconds(15), Duration.ofSeconds(2), Duration.ofSeconds(5));
}
