package org.millrace.alert;

import java.time.Duration;
import java.util.Optional;

/**
 * From when on something is the matter. A limit of zero switches its kind off.
 *
 * @param quiet an alert ends when nothing of it was seen for that long; what comes again before is
 *     the same alert
 * @param runBook where docs/alerts.md can be read, without the anchor
 * @param mail who is told by e-mail, if anybody is
 */
public record AlertSettings(
    OfFeeds feeds, OfEngine engine, Duration quiet, String runBook, Optional<MailAccount> mail) {

  /** As long as nothing is set. */
  public static final AlertSettings DEFAULT =
      new AlertSettings(
          new OfFeeds(Duration.ofMinutes(10), 1, 1, new Share(10, 20), Duration.ofHours(2)),
          new OfEngine(14, 1024, Duration.ofMinutes(5)),
          Duration.ofMinutes(5),
          "docs/alerts.md",
          Optional.empty());

  /**
   * Of each feed.
   *
   * @param queueAge how long its oldest message may wait
   * @param held from how many HELD messages on, those of unknown outcome left out
   * @param unknown from how many messages of unknown outcome on
   * @param refused of what came in the last hour
   * @param silence for how long nothing may come at a time at which something always came
   */
  public record OfFeeds(
      Duration queueAge, int held, int unknown, Share refused, Duration silence) {}

  /**
   * A share, which says nothing of few.
   *
   * @param percent from this share on; 0: never
   * @param least of at least so many messages
   */
  public record Share(int percent, int least) {}

  /**
   * Of the engine.
   *
   * @param certificateDays below how many days left
   * @param diskMegabytes below how much free space, in megabytes of 1,048,576 bytes
   * @param cernerPaused after how long something was not asked of Cerner
   */
  public record OfEngine(int certificateDays, long diskMegabytes, Duration cernerPaused) {}
}
