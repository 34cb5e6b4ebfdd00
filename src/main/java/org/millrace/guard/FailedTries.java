package org.millrace.guard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often log-ins failed from each address of late. Those that failed longest ago are forgotten
 * beyond ten thousand. Thread-safe.
 */
final class FailedTries {
  static final int MOST = 30;
  static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int MOST_REMEMBERED = 10_000;

  private final Clock clock;
  private final Map<String, Tries> ofAddress =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** Since when, how many, and whether it was told that there were too many. */
  private static final class Tries {
    private final Instant since;
    private int failures;
    private boolean told;

    Tries(Instant since) {
      this.since = since;
    }
  }

  FailedTries(Clock clock) {
    this.clock = clock;
  }

  /** Whether there were too many. */
  synchronized boolean tooMany(String address) {
    return of(address).failures >= MOST;
  }

  /** Whether that is to be told: once in a window. */
  synchronized boolean toTell(String address) {
    Tries tries = of(address);
    boolean first = !tries.told;
    tries.told = true;
    return first;
  }

  synchronized void failed(String address) {
    of(address).failures++;
  }

  private Tries of(String address) {
    Instant now = clock.instant();
    String counted = Addresses.counted(address);
    Tries tries = ofAddress.computeIfAbsent(counted, any -> new Tries(now));
    if (!now.isBefore(tries.since.plus(WINDOW))) {
      tries = new Tries(now);
      ofAddress.put(counted, tries);
    }
    return tries;
  }
}
