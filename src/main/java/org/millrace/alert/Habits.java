package org.millrace.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.millrace.journal.JournalDatabase;

/**
 * When each feed usually has messages: by the same stretch of time on the same weekday of the last
 * four weeks, of which three must have had some. One may be a holiday, or the day of an outage. For
 * one thread.
 *
 * <p>Of a feed that is younger than three weeks, or whose messages are not kept for so long,
 * nothing is known, and so nothing is usual.
 */
public final class Habits {
  private static final int WEEKS = 4;
  private static final int ENOUGH = 3;

  /** So much later the answer is another one by little, and looking costs much. */
  private static final Duration HOLDS = Duration.ofMinutes(10);

  private final JournalDatabase journal;
  private final ZoneId zone;
  private final Map<String, Known> known = new HashMap<>();

  private record Known(Instant at, boolean usual) {}

  /**
   * @param zone whose weekdays and hours count, also where the clock is put forward or back
   */
  public Habits(JournalDatabase journal, ZoneId zone) {
    this.journal = journal;
    this.zone = zone;
  }

  /** Whether messages usually come in a stretch of this length that ends now. */
  boolean usual(String feed, Duration length, Instant now) {
    Known before = known.get(feed);
    if (before == null || now.isBefore(before.at()) || !now.isBefore(before.at().plus(HOLDS))) {
      before = new Known(now, weeksWith(feed, length, now) >= ENOUGH);
      known.put(feed, before);
    }
    return before.usual();
  }

  private int weeksWith(String feed, Duration length, Instant now) {
    int weeks = 0;
    for (int ago = 1; ago <= WEEKS; ago++) {
      Instant end = now.atZone(zone).minusWeeks(ago).toInstant();
      if (journal.figures().anyOf(feed, end.minus(length), end)) {
        weeks++;
      }
    }
    return weeks;
  }
}
