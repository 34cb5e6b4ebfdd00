package org.millrace.rest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Creates under a key whose outcome is unknown, and how each is looked for once more: Cerner may
 * have stored it after the looks that its caller waited for. The latest ones only, for a while, and
 * none after a restart. Thread-safe.
 */
final class LateLooks {
  /** Later, somebody who was told to look in the chart may have entered the same by hand. */
  static final Duration GOOD_FOR = Duration.ofMinutes(10);

  /** Each may hold what was sent. */
  private static final int MOST = 200;

  private record Kept(Supplier<Optional<RestAnswer>> look, Instant until) {}

  private final Clock clock;
  private final Map<Long, Kept> looks =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Kept> eldest) {
          return size() > MOST;
        }
      };

  LateLooks(Clock clock) {
    this.clock = clock;
  }

  /**
   * Keeps a create in mind.
   *
   * @param id of the create on record
   * @param look gives the answer if it is found
   */
  void keep(long id, Supplier<Optional<RestAnswer>> look) {
    put(id, new Kept(look, clock.instant().plus(GOOD_FOR)));
  }

  /** Looks for a create, unless another caller does just now; empty if it is not found. */
  Optional<RestAnswer> look(long id) {
    Optional<Kept> taken = take(id).filter(kept -> clock.instant().isBefore(kept.until()));
    Optional<RestAnswer> found = taken.flatMap(kept -> kept.look().get());
    if (found.isEmpty()) {
      taken.ifPresent(kept -> put(id, kept));
    }
    return found;
  }

  private synchronized void put(long id, Kept kept) {
    looks.put(id, kept);
  }

  private synchronized Optional<Kept> take(long id) {
    return Optional.ofNullable(looks.remove(id));
  }
}
