package org.millrace.journal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millrace.hl7.ReplyAddress;

/**
 * What a route file says of its feed beyond types, zone and charset: one record for each matter.
 *
 * <p>A new parameter is read in {@code read} and written in {@code written} of its record, and that
 * is all: the route file, the check of route files and the journal take it from there.
 */
public record FeedSettings(
    Acceptance acceptance,
    Acknowledging acknowledging,
    Ordering ordering,
    Retrying retrying,
    Keeping keeping,
    Tenancy tenancy,
    Answering answering) {

  /** As a route file that says nothing has them. */
  public static final FeedSettings DEFAULT = read(new FeedParameters(Map.of()));

  /** Reads all; what is wrong is gathered in the parameters, and the default stands for it. */
  static FeedSettings read(FeedParameters parameters) {
    return new FeedSettings(
        Acceptance.read(parameters),
        Acknowledging.read(parameters),
        Ordering.read(parameters),
        Retrying.read(parameters),
        Keeping.read(parameters),
        Tenancy.read(parameters),
        Answering.read(parameters));
  }

  /** Every parameter with its value, defaults too, as a route file would write them. */
  Map<String, String> written() {
    Map<String, String> all = new TreeMap<>();
    acceptance.write(all);
    acknowledging.write(all);
    ordering.write(all);
    retrying.write(all);
    keeping.write(all);
    tenancy.write(all);
    answering.write(all);
    return all;
  }

  /**
   * What is taken and what is turned away.
   *
   * @param reusedControlId what becomes of a control id (MSH-10) that comes with other content
   *     while it is remembered
   * @param strict the content is looked at before the acknowledgment, and what is faulty is not
   *     taken
   */
  public record Acceptance(ReusedControlId reusedControlId, boolean strict) {
    private static final String REUSED_CONTROL_ID = "reused-control-id";
    private static final String STRICT = "strict";

    static Acceptance read(FeedParameters parameters) {
      return new Acceptance(
          parameters.choice(REUSED_CONTROL_ID, ReusedControlId.DELIVER),
          parameters.flag(STRICT, false));
    }

    void write(Map<String, String> all) {
      all.put(REUSED_CONTROL_ID, FeedParameters.word(reusedControlId));
      all.put(STRICT, String.valueOf(strict));
    }
  }

  /**
   * When the positive acknowledgment is given.
   *
   * @param within of DELIVERED: how long the sender is kept waiting for the outcome
   * @param late of DELIVERED: what it is told when that time is up
   * @param applicationReplyTo where the application acknowledgments of enhanced mode are sent, as
   *     {@code host:port}; empty for the connection that the message came on
   */
  public record Acknowledging(
      Acknowledge mode, Duration within, Late late, String applicationReplyTo) {
    private static final String MODE = "ack";
    private static final String WITHIN = "ack-within";
    private static final String LATE = "ack-late";
    private static final String APPLICATION_REPLY_TO = "application-reply-to";
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** Beyond it senders hang up as a rule, and repeat. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    static Acknowledging read(FeedParameters parameters) {
      Acknowledging read =
          new Acknowledging(
              parameters.choice(MODE, Acknowledge.STORED),
              parameters.duration(WITHIN, Duration.ofSeconds(20), SHORTEST, LONGEST),
              parameters.choice(LATE, Late.AA),
              parameters.read(APPLICATION_REPLY_TO, "", Acknowledging::address));
      if (read.mode == Acknowledge.STORED && (parameters.given(WITHIN) || parameters.given(LATE))) {
        parameters.fault(MODE, "must be delivered where ack-within or ack-late is given");
      }
      return read;
    }

    private static String address(String text) {
      if (!ReplyAddress.isOne(text)) {
        throw new IllegalArgumentException(
            "is no address, for example lab.hospital.example:6661 or tls://lab.hospital.example:6661");
      }
      return text;
    }

    void write(Map<String, String> all) {
      if (!applicationReplyTo.isEmpty()) {
        all.put(APPLICATION_REPLY_TO, applicationReplyTo);
      }
      all.put(MODE, FeedParameters.word(mode));
      if (mode == Acknowledge.DELIVERED) {
        all.put(WITHIN, WrittenDuration.of(within));
        all.put(LATE, FeedParameters.word(late));
      }
    }
  }

  /** What a positive acknowledgment means. */
  public enum Acknowledge {
    /** It is on disk. */
    STORED,
    /** Cerner has it. */
    DELIVERED
  }

  /** What a sender is told that waited in vain: it is stored, and delivery goes on. */
  public enum Late {
    AA,
    AE
  }

  /**
   * What is delivered in order of arrival.
   *
   * @param held what waits behind a message that a person must look at
   */
  public record Ordering(LaneOf lane, Held held) {
    private static final String LANE = "lane";
    private static final String HELD = "held";

    static Ordering read(FeedParameters parameters) {
      return new Ordering(
          parameters.choice(LANE, LaneOf.PATIENT), parameters.choice(HELD, Held.SAME_REPORT));
    }

    void write(Map<String, String> all) {
      all.put(LANE, FeedParameters.word(lane));
      all.put(HELD, FeedParameters.word(held));
    }
  }

  /** Whose messages, of one sender, are delivered one after the other. */
  public enum LaneOf {
    /** The first number of PID-3. */
    PATIENT,
    /** PV1-19; without it, the patient. */
    VISIT,
    /** The placer's number, else the filler's; without either, the patient. */
    ORDER,
    /** All that comes from one address. */
    CONNECTION,
    /** Each message is by itself. */
    NONE
  }

  /** What waits behind a message that a person must look at. */
  public enum Held {
    /** Later messages of its reports, in any lane. */
    SAME_REPORT,
    /** These, and all of its lane. */
    BLOCK,
    /** Nothing; and reports take no turns. */
    PASS
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

  /**
   * What answers to queries hold besides.
   *
   * @param allergies where the allergies of a patient are read
   */
  public record Answering(Allergies allergies) {
    private static final String ALLERGIES = "allergies";

    static Answering read(FeedParameters parameters) {
      return new Answering(parameters.choice(ALLERGIES, Allergies.NONE));
    }

    void write(Map<String, String> all) {
      all.put(ALLERGIES, FeedParameters.word(allergies));
    }
  }

  /** Where the allergies of a patient are read. */
  public enum Allergies {
    /** They are not; the reply holds no AL1. */
    NONE,
    HEALTHEINTENT
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

  /**
   * Whose messages it takes, and which hospital's they are.
   *
   * @param tenant whose charts they are for, as settings name it; empty for the one without a name
   * @param senders whose messages it takes, where several feeds take one type
   */
  public record Tenancy(String tenant, SenderNames senders) {
    private static final String TENANT = "tenant";
    private static final String SENDERS = "senders";
    private static final String NAME = "[a-z][a-z0-9-]{0,31}";

    static Tenancy read(FeedParameters parameters) {
      return new Tenancy(
          parameters.read(TENANT, "", Tenancy::name),
          parameters.read(SENDERS, SenderNames.ANY, SenderNames::read));
    }

    private static String name(String text) {
      if (!text.matches(NAME)) {
        throw new IllegalArgumentException(
            "is no name of a tenant; it begins with a letter, and holds small letters, digits and"
                + " dashes");
      }
      return text;
    }

    void write(Map<String, String> all) {
      if (!tenant.isEmpty()) {
        all.put(TENANT, tenant);
      }
      if (!senders.names().isEmpty()) {
        all.put(SENDERS, senders.written());
      }
    }
  }
}
