package org.millrace.delivery;

import java.time.Duration;
import java.time.Instant;

/** Notices that a clock was set back. Not thread-safe. */
final class ClockJumps {
  private static final Duration JITTER = Duration.ofSeconds(1);

  private Instant lastSeen = Instant.MIN;

  /** By how much it was set back since it was last read; zero if it was not. */
  Duration back(Instant now) {
    Duration back = Duration.between(now, lastSeen);
    lastSeen = now;
    return back.compareTo(JITTER) > 0 ? back : Duration.ZERO;
  }
}
