package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Between which numbers the messages of a time stand: there is no index of times. */
final class ArrivalStore {
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private ArrivalStore() {}

  /**
   * A number below that of every message since then, near the first of them. Numbers follow the
   * times of arrival but for moments, so they are halved until it is found; an hour is allowed for
   * clocks that were set.
   */
  static long firstSince(Handle handle, long start) {
    long low = edge(handle, "min");
    long high = edge(handle, "max");
    while (low < high) {
      long middle = low + (high - low) / 2;
      Optional<Long> received =
          handle
              .createQuery(
                  "SELECT received_at FROM message WHERE id >= :middle ORDER BY id LIMIT 1")
              .bind("middle", middle)
              .mapTo(Long.class)
              .findOne();
      if (received.isPresent() && received.get() < start - HOUR) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static long edge(Handle handle, String which) {
    return handle
        .createQuery("SELECT coalesce(" + which + "(id), 0) FROM message")
        .mapTo(Long.class)
        .one();
  }

  /** A number above that of every message before then, near the last of them. */
  static long lastUntil(Handle handle, long end) {
    // The second hour is the one that the search itself allows for.
    return firstSince(handle, end + 2 * HOUR);
  }

  /** Binds a beginning, as {@code since}, and the number that it begins with, as {@code first}. */
  static void bindSince(Handle handle, Query query, Instant since) {
    long at = since.toEpochMilli();
    query.bind("since", at).bind("first", firstSince(handle, at));
  }

  /** Binds an end, as {@code until}, and the number that it ends with, as {@code last}. */
  static void bindUntil(Handle handle, Query query, Instant until) {
    long at = until.toEpochMilli();
    query.bind("until", at).bind("last", lastUntil(handle, at));
  }
}
