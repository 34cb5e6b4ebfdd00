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
public record FeedSettings(Acceptance acceptance, Retrying retrying) {

  /** As a route file that says nothing has them. */
  public static final FeedSettings DEFAULT = read(new FeedParameters(Map.of()));

  /** Reads all; what is wrong is gathered in the parameters, and the default stands for it. */
  static FeedSettings read(FeedParameters parameters) {
    return new FeedSettings(Acceptance.read(parameters), Retrying.read(parameters));
  }

  /** Every parameter with its value, defaults too, as a route file would write them. */
  Map<String, String> written() {
    Map<String, String> all = new TreeMap<>();
    acceptance.write(all);
    retrying.write(all);
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

  /**
   * How long a message is tried.
   *
   * @param retryFor from its first attempt that failed on; then it is held. Empty: without end
   */
  public record Retrying(Optional<Duration> retryFor) {
    private static final String RETRY_FOR = "retry-for";
    private static final String WITHOUT_END = "without-end";
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(30);

    static Retrying read(FeedParameters parameters) {
      if (parameters.text(RETRY_FOR).filter(WITHOUT_END::equals).isPresent()) {
        return new Retrying(Optional.empty());
      }
      Duration time = parameters.duration(RETRY_FOR, Duration.ZERO, LEAST, MOST);
      return new Retrying(Optional.of(time).filter(each -> !each.isZero()));
    }

    void write(Map<String, String> all) {
      all.put(RETRY_FOR, retryFor.map(WrittenDuration::of).orElse(WITHOUT_END));
    }
  }

  /** What becomes of a control id that a sender uses for other content. */
  public enum ReusedControlId {
    /** A new message, with a note: senders that count anew every day must not be turned away. */
    DELIVER,
    /** AE 205 at MSH^1^10, and nothing is stored. */
    REFUSE
  }
}
