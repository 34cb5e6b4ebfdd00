package org.millrace.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Location;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Digests;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.NewMessage;
import org.millrace.journal.Printable;
import org.millrace.journal.ReplyState;
import org.millrace.journal.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts messages that are to be stored and delivered. Thread-safe.
 *
 * <p>AA means: it is on disk. The same message again (sender, control id and every byte after the
 * MSH segment) gets the first reply's bytes and is stored once, also when both come at the same
 * moment. Source: HL7 v2.5.1 ch. 2.9.2 (original mode).
 */
public final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final JournalDatabase journal;
  private final Replies replies;
  private final Clock clock;
  private final Duration storeWithin;
  private final Optional<MeterRegistry> meters;

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
    this.meters = meters;
  }

  /**
   * Stores a message and answers it.
   *
   * @param feed the route it came in by; its types were checked before
   * @param peer address it came from, for the journal
   * @return the reply: AA once it is on disk; AE 101 at MSH^1^10 without a control id, AE 205 there
   *     if the feed wants no control id used again; AR 207 when the journal cannot take it, and
   *     nothing was acknowledged
   */
  public byte[] accept(V2Message message, Feed feed, String peer) {
    if (message.header().controlId().isBlank()) {
      count("no-control-id");
      return replies.refuse(message, AckCode.AE, List.of(noControlId()));
    }
    byte[] reply = replies.accept(message, AckCode.AA);
    NewMessage stored =
        new NewMessage(
            message.header(),
            feed,
            peer,
            clock.instant(),
            message.bytes(),
            Digests.of(message.bytes(), contentStart(message.bytes())),
            reply);
    try {
      Stored outcome =
          journal.intake().store(stored).get(storeWithin.toMillis(), TimeUnit.MILLISECONDS);
      return answered(outcome, message, reply);
    } catch (ExecutionException | TimeoutException failure) {
      return notStored(message, feed);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return notStored(message, feed);
    }
  }

  /**
   * Where the content begins: after the MSH segment and its end. Senders stamp a new MSH-7 on what
   * they repeat, so MSH cannot take part in telling whether it is the same.
   */
  static int contentStart(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && isEnd(bytes[at])) {
      at++;
    }
    while (at < bytes.length && !isEnd(bytes[at])) {
      at++;
    }
    while (at < bytes.length && isEnd(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isEnd(byte b) {
    return b == '\r' || b == '\n';
  }

  private byte[] answered(Stored outcome, V2Message message, byte[] reply) {
    if (outcome instanceof Stored.Refused) {
      count("control-id-refused");
      return replies.refuse(message, AckCode.AE, List.of(controlIdUsed()));
    }
    journal.intake().reply(outcome.id(), ReplyState.GIVEN);
    if (outcome instanceof Stored.Again again) {
      count("again");
      // Of a message whose content is not kept any more: it was stored, and so it is answered.
      return again.reply().length == 0 ? reply : again.reply();
    }
    boolean usedAgain = outcome instanceof Stored.Fresh fresh && fresh.controlIdUsedAgain();
    count(usedAgain ? "control-id-used-again" : "stored");
    return reply;
  }

  private byte[] notStored(V2Message message, Feed feed) {
    count("not-stored");
    LOG.error(
        "a message on feed {} (MSH-10 {}) could not be stored and was answered AR",
        feed.name(),
        Printable.of(message.header().controlId()));
    return replies.refuse(
        message,
        AckCode.AR,
        List.of(
            V2Fault.of(
                ErrorCode.INTERNAL,
                "The message could not be stored and was not accepted; send it again later.")));
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

  private void count(String outcome) {
    meters.ifPresent(
        registry ->
            Counter.builder("millrace.messages.received")
                .description("Messages that came in to be stored, by what became of that")
                .tag("outcome", outcome)
                .register(registry)
                .increment());
  }
}
