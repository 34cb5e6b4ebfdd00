package org.millrace.journal;

import java.time.Duration;

/**
 * For how long messages that are done with are kept, from the moment they came to their last state.
 *
 * @param content messages, replies, reports and the bodies of calls
 * @param metadata everything else: then the message is gone altogether
 */
public record Retention(Duration content, Duration metadata) {
  /** Never removed. */
  public static final Duration FOREVER = Duration.ofDays(365_000);

  /** Nothing is ever removed. */
  public static final Retention ALL = new Retention(FOREVER, FOREVER);

  /** How the word is written. */
  static final String FOREVER_WORD = "forever";

  private static final Duration LEAST_CONTENT = Duration.ofHours(1);

  /** Senders repeat what they got no answer to; after that a repetition would be a new message. */
  private static final Duration LEAST_METADATA = Duration.ofDays(7);

  /** Contents go with their message at the latest. */
  public Retention {
    content = content.compareTo(metadata) < 0 ? content : metadata;
  }

  /**
   * Reads for how long contents are kept.
   *
   * @throws IllegalArgumentException with the end of a sentence about it
   */
  public static Duration contentTime(String text) {
    return time(text, LEAST_CONTENT);
  }

  /** The same for everything else. */
  public static Duration metadataTime(String text) {
    return time(text, LEAST_METADATA);
  }

  private static Duration time(String text, Duration least) {
    if (text.equals(FOREVER_WORD)) {
      return FOREVER;
    }
    Duration time =
        WrittenDuration.read(text)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "is no time to keep something for; write forever, or a number and h or d,"
                            + " for example 90d"));
    if (time.compareTo(least) < 0 || time.compareTo(FOREVER) > 0) {
      throw new IllegalArgumentException(
          "is out of bounds: at least "
              + (least.toDays() > 0 ? least.toDays() + "d" : least.toHours() + "h"));
    }
    return time;
  }

  static String written(Duration time) {
    return time.equals(FOREVER) ? FOREVER_WORD : WrittenDuration.of(time);
  }

  /** These, where a feed says nothing of its own. */
  Retention of(FeedSettings.Keeping feed) {
    return new Retention(feed.content().orElse(content), feed.metadata().orElse(metadata));
  }

  boolean removesNothing() {
    return metadata.equals(FOREVER) && content.equals(FOREVER);
  }
}
