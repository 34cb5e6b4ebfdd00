package org.millrace.intake;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
import org.millrace.journal.Digests;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedSettings;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageState;
import org.millrace.journal.NewMessage;
import org.millrace.journal.Printable;
import org.millrace.journal.Question;
import org.millrace.journal.Reason;
import org.millrace.journal.ReplyState;
import org.millrace.journal.Standing;
import org.millrace.journal.Stored;
import org.millrace.trace.TracedMessage;
import org.millrace.trace.Traces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts messages that are to be stored and delivered. Thread-safe.
 *
 * <p>AA means: it is on disk; on a feed that acknowledges what is delivered: it is on disk and has
 * come to its end, or will by itself. The same message again (sender, control id and every byte
 * after the MSH segment) is stored once, also when both come at the same moment; it gets the first
 * reply's bytes, or what has become of it by then. Source: HL7 v2.5.1 ch. 2.9.2 (original mode);
 * what enhanced mode adds stands in {@link EnhancedMode}.
 */
public final class Intake implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private static final Duration ASK_EVERY = Duration.ofSeconds(1);

  private final JournalDatabase journal;
  private final Replies replies;
  private final Clock clock;
  private final Duration storeWithin;
  private final IntakeMetrics metrics;
  private final DeliveryWatch watch;
  private final OutcomeReplies outcomes;
  private final ApplicationReplies applicationReplies;
  private final EnhancedMode enhanced;
  private final SequenceNumbers sequences;
  private Optional<ReplyPost> post = Optional.empty();
  private volatile Traces traces = Traces.none();
  private volatile ContentCheck contentCheck = (message, feed) -> List.of();

  /**
   * @param storeWithin how long a sender may be kept waiting for the disk; afterwards AR, and if
   *     the message was stored all the same its repetition will be known
   * @param meters counts what came in, when present
   */
  public Intake(
      JournalDatabase journal,
      Replies replies,
      Clock clock,
      Duration storeWithin,
      Optional<MeterRegistry> meters) {
    this.journal = journal;
    this.replies = replies;
    this.clock = clock;
    this.storeWithin = storeWithin;
    this.metrics = new IntakeMetrics(meters);
    this.watch = new DeliveryWatch(journal, ASK_EVERY);
    this.outcomes = new OutcomeReplies(replies);
    this.applicationReplies = new ApplicationReplies(journal, replies, watch);
    this.sequences = new SequenceNumbers(journal, replies, storeWithin);
    this.enhanced = new EnhancedMode(journal, replies, watch, applicationReplies);
    metrics.watch(watch, applicationReplies);
  }

  /** Messages of strict feeds are looked at by this from now on. */
  public Intake checkedBy(ContentCheck check) {
    contentCheck = check;
    return this;
  }

  /** Messages that come from now on are traced. */
  public Intake tracedBy(Traces by) {
    traces = by;
    return this;
  }

  /** Application acknowledgments that go to an address are sent by this line from now on. */
  public Intake sendingBy(ReplyLine line) {
    metrics.watch(journal.applicationReplies());
    post = Optional.of(new ReplyPost(journal, replies, line, clock, ASK_EVERY));
    return this;
  }

  /** The sequence numbers of senders, for messages that are not stored. */
  public SequenceNumbers sequences() {
    return sequences;
  }

  /** As {@link #answer}, for a caller with a thread of its own that takes every reply. */
  public byte[] accept(V2Message message, Feed feed, String peer) {
    return answer(message, feed, new Caller(peer, true)).given();
  }

  /**
   * Stores a message and answers it; on a feed that acknowledges what is delivered, the caller is
   * kept waiting.
   *
   * @param feed the route it came in by; its types were checked before
   * @return the reply: AA once it is on disk; AE with each fault if the feed is strict and the
   *     content faulty; AE 101 at MSH^1^10 without a control id, AE 205 there if the feed wants no
   *     control id used again; AR 207 when the journal cannot take it, and nothing was acknowledged
   */
  public Answer answer(V2Message message, Feed feed, Caller caller) {
    IntakeMetrics.Receipt receipt = metrics.received(feed);
    return receipt.timed(taken(message, receipt, caller));
  }

  private Answer taken(V2Message message, IntakeMetrics.Receipt receipt, Caller caller) {
    Feed feed = receipt.feed();
    if (message.header().controlId().isBlank()) {
      receipt.became("no-control-id");
      return refused(message, AckCode.AE, noControlId());
    }
    List<V2Fault> faults =
        feed.settings().acceptance().strict() ? contentCheck.faults(message, feed) : List.of();
    if (!faults.isEmpty()) {
      receipt.became("not-valid");
      return turnedAway(message, feed, caller, faults);
    }
    AckMode mode = mode(message, caller);
    byte[] reply = mode.enhanced() ? commit(message, mode) : acceptance(message, feed);
    NewMessage stored =
        new NewMessage(
            message.header(),
            feed,
            caller.peer(),
            clock.instant(),
            message.bytes(),
            Digests.ofContent(message.bytes()),
            reply,
            new NewMessage.Terms(
                !mode.enhanced() || reply.length > 0,
                enhanced.application(message, mode, feed),
                sequences.of(message)));
    try {
      Stored outcome =
          journal.intake().store(stored).get(storeWithin.toMillis(), TimeUnit.MILLISECONDS);
      if (outcome instanceof Stored.Fresh) {
        TracedMessage traced =
            new TracedMessage(
                outcome.id(), stored.receivedAt(), feed.name(), message.header().type());
        traces.received(traced);
        receipt.belongsTo(traces.of(traced));
      }
      receipt.became(word(outcome));
      return answered(outcome, stored, message, caller);
    } catch (ExecutionException | TimeoutException failure) {
      return notStored(message, receipt);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return notStored(message, receipt);
    }
  }

  private Answer answered(Stored outcome, NewMessage stored, V2Message message, Caller caller) {
    if (outcome instanceof Stored.Refused) {
      return refused(message, AckCode.AE, controlIdUsed());
    }
    if (outcome instanceof Stored.OutOfSequence other) {
      return Answer.of(sequences.outOfSequence(message, other.expected()));
    }
    if (mode(message, caller).enhanced()) {
      return enhanced.answer(outcome, stored, message, caller);
    }
    long id = outcome.id();
    FeedSettings.Acknowledging asked = stored.feed().settings().acknowledging();
    byte[] reply;
    if (asked.mode() == FeedSettings.Acknowledge.DELIVERED) {
      Optional<Standing> standing = watch.await(id, asked.within(), caller);
      reply = outcomes.reply(message, id, standing, asked.late());
      metrics.answered(standing);
      journal.intake().replied(id, reply);
    } else if (outcome instanceof Stored.Again again && isAcceptance(again.reply())) {
      reply = again.reply();
    } else {
      reply = stored.reply();
      if (outcome instanceof Stored.Again) {
        // The first was answered with the outcome, or in enhanced mode, or its reply is gone.
        journal.intake().replied(id, reply);
      }
    }
    return new Answer(
        reply, took -> journal.intake().reply(id, took ? ReplyState.GIVEN : ReplyState.NOT_HEARD));
  }

  private byte[] acceptance(V2Message message, Feed feed) {
    return feed.settings().acknowledging().mode() == FeedSettings.Acknowledge.DELIVERED
        ? new byte[0]
        : sequences.replies(message).accept(message, AckCode.AA);
  }

  /** What a sender is told once its message is stored; empty if it does not want to hear that. */
  private byte[] commit(V2Message message, AckMode mode) {
    return mode.commit().tells(true)
        ? sequences.replies(message).accept(message, AckCode.CA)
        : Answer.NO_REPLY;
  }

  private AckMode mode(V2Message message, Caller caller) {
    return caller.silent() ? AckMode.SILENT : replies.mode(message.header());
  }

  private static boolean isAcceptance(byte[] reply) {
    return reply.length > 0
        && Replies.judge(reply).filter(told -> !told.code().startsWith("C")).isPresent();
  }

  /** Of a message that was not taken, and of which nothing is on record. */
  private Answer refused(V2Message message, AckCode code, V2Fault fault) {
    return Answer.of(replies.turnAway(message, code, List.of(fault)).orElse(Answer.NO_REPLY));
  }

  /**
   * Nothing of it is queued and it cannot be retried: its sender sends it anew, mended. It is on
   * record behind the answer, so that an analyst finds it.
   */
  private Answer turnedAway(V2Message message, Feed feed, Caller caller, List<V2Fault> faults) {
    byte[] reply = replies.turnAway(message, AckCode.AE, faults).orElse(Answer.NO_REPLY);
    journal.recordQuestion(
        new Question(
            message.header(),
            feed.name(),
            caller.peer(),
            clock.instant(),
            message.bytes(),
            reply,
            MessageState.REFUSED,
            Reason.of("not-valid", faults.get(0).sentence())));
    return Answer.of(reply);
  }

  private static String word(Stored outcome) {
    if (outcome instanceof Stored.Refused) {
      return "control-id-refused";
    }
    if (outcome instanceof Stored.OutOfSequence) {
      return "out-of-sequence";
    }
    if (outcome instanceof Stored.Again) {
      return "again";
    }
    return outcome instanceof Stored.Fresh fresh && fresh.controlIdUsedAgain()
        ? "control-id-used-again"
        : "stored";
  }

  /**
   * Lets go of all who wait for an outcome: each is told that its message is stored. May be called
   * again.
   */
  @Override
  public void close() {
    post.ifPresent(ReplyPost::close);
    watch.close();
    applicationReplies.close();
  }

  private Answer notStored(V2Message message, IntakeMetrics.Receipt receipt) {
    receipt.became("not-stored");
    LOG.error(
        "a message on feed {} (MSH-10 {}) could not be stored and was answered AR",
        receipt.feed().name(),
        Printable.of(message.header().controlId()));
    return refused(
            message,
            AckCode.AR,
            V2Fault.of(
                ErrorCode.INTERNAL,
                "The message could not be stored and was not accepted; send it again later."))
        .notTaken();
  }

  private static V2Fault noControlId() {
    return V2Fault.at(
        V2Location.field("MSH", 1, 10),
        ErrorCode.REQUIRED_FIELD_MISSING,
        "MSH-10 (message control ID) is empty: without it the message cannot be told from its own"
            + " repetition, so it was not stored.");
  }

  private static V2Fault controlIdUsed() {
    return V2Fault.at(
        V2Location.field("MSH", 1, 10),
        ErrorCode.DUPLICATE_KEY,
        "MSH-10 (message control ID) was used before, for other content; the message was not"
            + " stored. Send it with a new one.");
  }
}
