package org.millrace.guard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.millrace.journal.CallerKey;
import org.millrace.journal.CallerStore;
import org.millrace.journal.JournalException;

/**
 * The keys that open something, as the journal had them two seconds ago at most: a key that is
 * revoked opens nothing after that. Requests cost the journal nothing, whatever they show.
 * Thread-safe.
 */
final class KnownKeys {
  /** How long the keys are taken as they were read. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  /** How long they are good for while the journal cannot be read. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** For so long after its end a key is told that it has ended. */
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private final CallerStore store;
  private final Clock clock;
  private final ReentrantLock reading = new ReentrantLock();
  private final Map<String, Instant> told = new ConcurrentHashMap<>();
  private volatile Known known = new Known(Map.of(), false, Instant.MIN, Instant.MIN);

  /**
   * @param any whether there ever was a key
   * @param readAt when they were read
   * @param triedAt when they were read or could not be
   */
  private record Known(Map<String, CallerKey> byId, boolean any, Instant readAt, Instant triedAt) {}

  KnownKeys(CallerStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Whether there ever was a key.
   *
   * @throws JournalException if they could not be read for a minute
   */
  boolean any() {
    return current().any();
  }

  /**
   * The key of this id, in force or ended lately; it is not proven yet that the caller has it.
   *
   * @throws JournalException if they could not be read for a minute
   */
  Optional<CallerKey> find(String id) {
    return Optional.ofNullable(current().byId().get(id));
  }

  /** Puts on record, once an hour, that a key is in use. */
  void used(CallerKey key) {
    Instant hour = clock.instant().truncatedTo(ChronoUnit.HOURS);
    if (!hour.equals(told.put(key.id(), hour))) {
      store.used(key.id(), hour);
    }
  }

  private Known current() {
    Known now = known;
    if (isDue(now)) {
      // Those that come meanwhile go by what there is, unless there is nothing yet.
      if (now.readAt().equals(Instant.MIN)) {
        reading.lock();
      } else if (!reading.tryLock()) {
        return good(now);
      }
      try {
        if (isDue(known)) {
          known = read(known);
        }
      } finally {
        reading.unlock();
      }
    }
    return good(known);
  }

  private boolean isDue(Known now) {
    Instant at = clock.instant();
    return now.triedAt().equals(Instant.MIN)
        || !at.isBefore(now.triedAt().plus(FRESH))
        || at.isBefore(now.triedAt());
  }

  private Known read(Known before) {
    Instant at = clock.instant();
    try {
      List<CallerKey> keys = store.goodSince(at.minus(REMEMBERED));
      Map<String, CallerKey> byId = new HashMap<>();
      keys.forEach(key -> byId.put(key.id(), key));
      told.keySet().retainAll(byId.keySet());
      return new Known(byId, !byId.isEmpty() || store.any(), at, at);
    } catch (JournalException unreadable) {
      return new Known(before.byId(), before.any(), before.readAt(), at);
    }
  }

  private Known good(Known now) {
    if (now.readAt().equals(Instant.MIN) || clock.instant().isAfter(now.readAt().plus(LONGEST))) {
      throw new JournalException("the keys of callers cannot be read");
    }
    return now;
  }
}
