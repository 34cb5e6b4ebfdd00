package org.millrace.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: doubling, capped, and never all at the same moment. */
record BackOff(Duration first, Duration longest) {
  private static final int MOST_DOUBLINGS = 20;

  /**
   * @param attempts made so far, at least 1
   */
  Duration after(int attempts) {
    long doubled = first.toMillis() << Math.min(attempts - 1, MOST_DOUBLINGS);
    long wait = Math.max(1, Math.min(doubled, longest.toMillis()));
    return Duration.ofMillis(wait / 2 + ThreadLocalRandom.current().nextLong(wait / 2 + 1));
  }
}
