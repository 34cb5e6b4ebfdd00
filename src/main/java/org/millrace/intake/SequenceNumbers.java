package org.millrace.intake;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.AckMode;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Location;
import org.millrace.hl7.V2Message;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.SequenceStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sequence number protocol, for senders whose numbers (MSH-13) are checked: 0 opens the link,
 * -1 starts it anew, and every message after that must have the next number. Thread-safe.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.10.1; 2.9.2 for MSA-4.
 */
public final class SequenceNumbers {
  private static final Logger LOG = LoggerFactory.getLogger(SequenceNumbers.class);
  private static final V2Location PLACE = V2Location.field("MSH", 1, 13);

  private final JournalDatabase journal;
  private final Replies replies;
  private final Duration within;

  SequenceNumbers(JournalDatabase journal, Replies replies, Duration within) {
    this.journal = journal;
    this.replies = replies;
    this.within = within;
  }

  /** The number of a message; empty if it has none, or its sender's are not checked. */
  OptionalLong of(V2Message message) {
    return checked(message)
        ? OptionalLong.of(Long.parseLong(message.header().sequenceNumber()))
        : OptionalLong.empty();
  }

  private boolean checked(V2Message message) {
    return !message.header().sequenceNumber().isEmpty()
        && replies.sender(message.header()).acknowledging().sequence();
  }

  /**
   * The answer to a message that opens a link or starts it anew, which holds nothing else, or whose
   * number is none; empty for every other message.
   */
  public Optional<byte[]> opening(V2Message message) {
    if (!checked(message)) {
      return Optional.empty();
    }
    String written = message.header().sequenceNumber();
    if (!written.matches("-1|[0-9]{1,18}")) {
      V2Fault fault =
          V2Fault.at(PLACE, ErrorCode.DATA_TYPE, "MSH-13 must be a sequence number, 0 or -1");
      return Optional.of(turnAway(replies, message, fault));
    }
    long number = Long.parseLong(written);
    if (number > 0) {
      return Optional.empty();
    }
    if (message.segments().size() > 1) {
      // What it holds would be lost behind a positive reply.
      V2Fault fault =
          V2Fault.at(
              PLACE,
              ErrorCode.SEGMENT_SEQUENCE,
              "A message with 0 or -1 in MSH-13 opens the link and must hold nothing but MSH");
      return Optional.of(turnAway(replies, message, fault));
    }
    return Optional.of(number == 0 ? opened(message) : startedAnew(message));
  }

  private byte[] opened(V2Message message) {
    try {
      return accept(message, journal.intake().sequences().expected(message.header().sender()));
    } catch (JournalException failure) {
      return turnAway(replies, message, notKept());
    }
  }

  private byte[] startedAnew(V2Message message) {
    String sender = message.header().sender();
    return done(journal.intake().sequences().startAnew(sender))
        .map(any -> accept(message, SequenceStore.ANY))
        .orElseGet(() -> turnAway(replies, message, notKept()));
  }

  private byte[] accept(V2Message message, long expected) {
    AckMode mode = replies.mode(message.header());
    boolean commit = mode.enhanced() && mode.commit().tells(true);
    return replies.expecting(expected).accept(message, commit ? AckCode.CA : AckCode.AA);
  }

  /**
   * Counts a message that is answered without being stored.
   *
   * @return its refusal if its number is not the next; empty if it may be answered
   */
  public Optional<byte[]> count(V2Message message) {
    OptionalLong number = of(message);
    if (number.isEmpty()) {
      return Optional.empty();
    }
    String sender = message.header().sender();
    Optional<OptionalLong> counted =
        done(journal.intake().sequences().count(sender, number.getAsLong()));
    if (counted.isEmpty()) {
      return Optional.of(turnAway(replies, message, notKept()));
    }
    return counted.get().isEmpty()
        ? Optional.empty()
        : Optional.of(outOfSequence(message, counted.get().getAsLong()));
  }

  /** What a sender is told whose message has not the number that is expected. */
  byte[] outOfSequence(V2Message message, long expected) {
    LOG.warn("a message is out of sequence: MSH-13 should be {}; its sender must look", expected);
    V2Fault fault =
        V2Fault.at(
            PLACE,
            ErrorCode.INTERNAL,
            "MSH-13 is out of sequence: "
                + expected
                + " is expected. The message was not taken; a message with -1 starts anew.");
    return turnAway(replies.expecting(expected), message, fault);
  }

  /** The replies to a message that is taken: they say which number comes next. */
  Replies replies(V2Message message) {
    OptionalLong number = of(message);
    return number.isPresent() ? replies.expecting(number.getAsLong() + 1) : replies;
  }

  private static byte[] turnAway(Replies replies, V2Message message, V2Fault fault) {
    return replies.turnAway(message, AckCode.AR, List.of(fault)).orElse(Answer.NO_REPLY);
  }

  private static V2Fault notKept() {
    return V2Fault.of(
        ErrorCode.INTERNAL, "The sequence number could not be kept; send the message again later.");
  }

  /** Empty if the journal did not write it in time. */
  private <T> Optional<T> done(CompletableFuture<T> write) {
    try {
      return Optional.of(write.get(within.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException failure) {
      LOG.error("a sequence number could not be kept");
      return Optional.empty();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
