package org.millrace.routing;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Message;
import org.millrace.intake.Answer;
import org.millrace.intake.Caller;
import org.millrace.intake.Intake;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageState;
import org.millrace.journal.Question;
import org.millrace.journal.Reason;
import org.millrace.query.PatientQuery;

/**
 * The steps that a {@code feed:} route can name: {@code bean: ref: steps, method: …}. Thread-safe.
 */
public final class Steps {
  private final PatientQuery patientQuery;
  private final Intake intake;
  private final JournalDatabase journal;
  private final Clock clock;

  public Steps(PatientQuery patientQuery, Intake intake, JournalDatabase journal, Clock clock) {
    this.patientQuery = patientQuery;
    this.intake = intake;
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * Ask and wait: QRY^A19 is answered with ADR^A19 while the sender waits, and recorded behind the
   * answer.
   */
  public void answerPatientQuery(Exchange exchange) {
    Instant receivedAt = clock.instant();
    V2Message query = exchange.getMessage().getBody(V2Message.class);
    byte[] reply = patientQuery.answer(query);
    Reason refusal = refusal(reply);
    journal.recordQuestion(
        new Question(
            query.header(),
            feed(exchange).name(),
            peer(exchange),
            receivedAt,
            query.bytes(),
            reply,
            refusal.equals(Reason.NONE) ? MessageState.DELIVERED : MessageState.REFUSED,
            refusal));
    exchange.getMessage().setBody(reply);
  }

  /**
   * Store and deliver: the message is on disk before its acknowledgment leaves. Delivery follows;
   * where the feed says so, the acknowledgment waits for it.
   */
  public void storeAndAcknowledge(Exchange exchange) {
    V2Message message = exchange.getMessage().getBody(V2Message.class);
    boolean ownThread = exchange.getProperty(Dispatcher.OWN_THREAD, false, Boolean.class);
    Answer answer = intake.answer(message, feed(exchange), new Caller(peer(exchange), ownThread));
    exchange.setProperty(Dispatcher.ANSWER, answer);
    exchange.getMessage().setBody(answer.reply());
  }

  /**
   * That nobody was found is an answer; AE and AR are refusals, with the sentence the sender was
   * told.
   */
  private static Reason refusal(byte[] reply) {
    Optional<Replies.Acknowledged> told = Replies.judge(reply);
    if (told.isPresent() && told.get().code().equals("AA")) {
      return Reason.NONE;
    }
    return Reason.of("query-refused", told.map(Replies.Acknowledged::text).orElse(""));
  }

  private static Feed feed(Exchange exchange) {
    return exchange.getProperty(Dispatcher.FEED, Feed.class);
  }

  private static String peer(Exchange exchange) {
    return exchange.getMessage().getHeader(Dispatcher.PEER, "", String.class);
  }
}
