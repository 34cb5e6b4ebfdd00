package org.millrace.journal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a route file says of its feed beyond types, zone and charset: one record for each matter.
 *
 * <p>A new parameter is read in {@code read} and written in {@code written} of its record, and that
 * is all: the route file, the check of route files and the journal take it from there.
 */
public record FeedSettings(Acceptance acceptance, Keeping keeping) {

  /** As a route file that says nothing has them. */
  public static final FeedSettings DEFAULT = read(new FeedParameters(Map.of()));

  /** Reads all; what is wrong is gathered in the parameters, and the default stands for it. */
  static FeedSettings read(FeedParameters parameters) {
    return new FeedSettings(Acceptance.read(parameters), Keeping.read(parameters));
  }

  /** Every parameter with its value, defaults too, as a route file would write them. */
  Map<String, String> written() {
    Map<String, String> all = new TreeMap<>();
    acceptance.write(all);
    keeping.write(all);
    return all;
  }

  /**
   * What is taken and what is turned away.
   *
   * @param reusedControlId what becomes of a control id (MSH-10) that comes with other content
   *     while it is remembered
   */
  public record Acceptance(ReusedControlId reusedControlId) {
    private static final String REUSED_CONTROL_ID = "reused-control-id";

    static Acceptance read(FeedParameters parameters) {
      return new Acceptance(parameters.choice(REUSED_CONTROL_ID, ReusedControlId.DELIVER));
    }

    void write(Map<String, String> all) {
      all.put(REUSED_CONTROL_ID, FeedParameters.word(reusedControlId));
    }
  }

  /** What becomes of a control id that a sender uses for other content. */
  public enum ReusedControlId {
    /** A new message, with a note: senders that count anew every day must not be turned away. */
    DELIVER,
    /** AE 205 at MSH^1^10, and nothing is stored. */
    REFUSE
  }

  /**
   * For how long its messages are kept once they are done with; the engine's own times where empty.
   *
   * @param content messages, replies, reports and the bodies of calls
   * @param metadata everything else
   */
  public record Keeping(Optional<Duration> content, Optional<Duration> metadata) {
    private static final String KEEP_CONTENT = "keep-content";
    private static final String KEEP_METADATA = "keep-metadata";

    static Keeping read(FeedParameters parameters) {
      Keeping keeping =
          new Keeping(
              parameters.read(
                  KEEP_CONTENT,
                  Optional.<Duration>empty(),
                  text -> Optional.of(Retention.contentTime(text))),
              parameters.read(
                  KEEP_METADATA,
                  Optional.<Duration>empty(),
                  text -> Optional.of(Retention.metadataTime(text))));
      if (keeping.content().isPresent()
          && keeping
              .metadata()
              .filter(time -> isLonger(keeping.content().get(), time))
              .isPresent()) {
        parameters.fault(KEEP_METADATA, "is shorter than keep-content; a message goes as a whole");
      }
      return keeping;
    }

    private static boolean isLonger(Duration content, Duration metadata) {
      return content.compareTo(metadata) > 0;
    }

    void write(Map<String, String> all) {
      content.ifPresent(time -> all.put(KEEP_CONTENT, Retention.written(time)));
      metadata.ifPresent(time -> all.put(KEEP_METADATA, Retention.written(time)));
    }
  }
}
