package org.millrace.guard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.journal.AuditEvent;

/**
 * So many requests a second of each, and as many more at once as come in two seconds. Those whose
 * turn was longest ago are forgotten beyond ten thousand. Thread-safe.
 */
final class RateLimit {
  private static final int MOST_REMEMBERED = 10_000;
  private static final double BURST_SECONDS = 2;

  /** Of what is turned away of one, it is told once in this time. */
  static final Duration QUIET = Duration.ofSeconds(10);

  private static final AuditEvent.Actor NOBODY = new AuditEvent.Actor("", "none", "");

  private final double perSecond;
  private final Clock clock;

  /** Turned away of those that are forgotten, and not told yet. */
  private long ofForgotten;

  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          if (size() <= MOST_REMEMBERED) {
            return false;
          }
          ofForgotten += eldest.getValue().untold;
          return true;
        }
      };

  /** What one may take yet. */
  private static final class Bucket {
    private double left;
    private Instant at;
    private Instant told = Instant.MIN;
    private long untold;
    private AuditEvent.Actor latest = NOBODY;

    Bucket(double left, Instant at) {
      this.left = left;
      this.at = at;
    }
  }

  RateLimit(int perSecond, Clock clock) {
    this.perSecond = perSecond;
    this.clock = clock;
  }

  /**
   * Who must wait.
   *
   * @param retry for how long
   * @param toTell how many were turned away since that was last told; 0 if it is not to be told now
   */
  record TurnedAway(Duration retry, long toTell) {}

  /**
   * Some that were turned away, and were not told yet.
   *
   * @param actor who they were, as the latest was; without name or address if that is forgotten
   */
  record Untold(AuditEvent.Actor actor, long times) {}

  /**
   * Takes a request of somebody; empty if it may go on.
   *
   * @param actor as which the trail names them
   */
  synchronized Optional<TurnedAway> take(String who, AuditEvent.Actor actor) {
    Bucket bucket = filled(who);
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return Optional.empty();
    }
    bucket.untold++;
    bucket.latest = actor;
    long millis = (long) Math.ceil((1 - bucket.left) * 1000 / perSecond);
    return Optional.of(new TurnedAway(Duration.ofMillis(Math.max(1, millis)), toTell(bucket)));
  }

  /** The same, but what may go on takes nothing yet. */
  synchronized Optional<TurnedAway> takeIfOut(String who, AuditEvent.Actor actor) {
    return filled(who).left < 1 ? take(who, actor) : Optional.empty();
  }

  /** Counts against somebody beyond the request itself; that may come to less than nothing. */
  synchronized void charge(String who, double requests) {
    Bucket bucket = filled(who);
    bucket.left = Math.max(bucket.left - requests, -BURST_SECONDS * perSecond);
  }

  /**
   * Hands over what was turned away and is to be told by now; nobody may come back to have it told.
   *
   * @param all also what would be told together with more
   */
  synchronized List<Untold> untold(boolean all) {
    Instant now = clock.instant();
    List<Untold> found = new ArrayList<>();
    for (Bucket bucket : buckets.values()) {
      if (bucket.untold > 0 && (all || !now.isBefore(bucket.told.plus(QUIET)))) {
        found.add(new Untold(bucket.latest, bucket.untold));
        bucket.told = now;
        bucket.untold = 0;
      }
    }
    if (ofForgotten > 0) {
      found.add(new Untold(NOBODY, ofForgotten));
      ofForgotten = 0;
    }
    return found;
  }

  private Bucket filled(String who) {
    Instant now = clock.instant();
    double most = Math.max(1, BURST_SECONDS * perSecond);
    Bucket bucket = buckets.computeIfAbsent(who, any -> new Bucket(most, now));
    double seconds = Math.max(0, Duration.between(bucket.at, now).toNanos() / 1e9);
    bucket.left = Math.min(most, bucket.left + seconds * perSecond);
    bucket.at = now;
    return bucket;
  }

  private static long toTell(Bucket bucket) {
    if (!bucket.told.equals(Instant.MIN) && bucket.at.isBefore(bucket.told.plus(QUIET))) {
      return 0;
    }
    long count = bucket.untold;
    bucket.told = bucket.at;
    bucket.untold = 0;
    return count;
  }
}
