package org.millrace.routing;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Message;
import org.millrace.intake.Answer;
import org.millrace.intake.Caller;
import org.millrace.intake.Intake;
import org.millrace.intake.WayBack;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedSettings;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageState;
import org.millrace.journal.Question;
import org.millrace.query.PatientQuery;
import org.millrace.trace.Latency;
import org.millrace.trace.LatencyMeter;
import org.millrace.trace.Traces;
import org.millrace.trace.UnderWay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that a {@code feed:} route can name: {@code bean: ref: steps, method: …}. Thread-safe.
 */
public final class Steps {
  private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

  private final Map<String, PatientQuery> patientQueries;
  private final Intake intake;
  private final JournalDatabase journal;
  private final Replies replies;
  private final Clock clock;
  private final LatencyMeter took = new LatencyMeter(Latency.ANSWERED);
  private final QueriesInWork inWork = new QueriesInWork();
  private volatile Traces traces = Traces.none();

  /**
   * @param patientQueries by tenant, the one without a name under the empty text
   */
  public Steps(
      Map<String, PatientQuery> patientQueries,
      Intake intake,
      JournalDatabase journal,
      Replies replies,
      Clock clock) {
    this.patientQueries = Map.copyOf(patientQueries);
    this.intake = intake;
    this.journal = journal;
    this.replies = replies;
    this.clock = clock;
  }

  /** Queries that come from now on are traced. */
  public Steps tracedBy(Traces by) {
    traces = by;
    return this;
  }

  /** How long queries take is counted here from now on. */
  public Steps measuredBy(MeterRegistry registry) {
    took.register(registry);
    return this;
  }

  /**
   * Ask and wait: QRY^A19 is answered with ADR^A19 while the sender waits, and recorded behind the
   * answer. A sender that asks for a commit acknowledgment gets that at once, and the ADR^A19 as a
   * second reply. The answer to a query is given whatever MSH-16 says: it is what was asked for.
   */
  public void answerPatientQuery(Exchange exchange) {
    V2Message query = exchange.getMessage().getBody(V2Message.class);
    Feed feed = feed(exchange);
    String peer = peer(exchange);
    Optional<byte[]> outOfSequence = intake.sequences().count(query);
    if (outOfSequence.isPresent()) {
      exchange.setProperty(Dispatcher.ANSWER, new Answer(outOfSequence.get(), took -> {}));
      exchange.getMessage().setBody(outOfSequence.get());
      return;
    }
    if (!replies.mode(query.header()).commit().tells(true)) {
      exchange.getMessage().setBody(answer(query, feed, peer));
      return;
    }
    byte[] commit = replies.accept(query, AckCode.CA);
    Optional<WayBack> back = caller(exchange).back();
    if (back.isEmpty()) {
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.writeBytes(commit);
      both.writeBytes(answer(query, feed, peer));
      exchange.getMessage().setBody(both.toByteArray());
      return;
    }
    Answer answer = new Answer(commit, took -> answerLater(query, feed, peer, took, back.get()));
    exchange.setProperty(Dispatcher.ANSWER, answer);
    exchange.getMessage().setBody(commit);
  }

  /** Once the commit acknowledgment has left; not at all if there is nobody to hear it. */
  private void answerLater(V2Message query, Feed feed, String peer, boolean took, WayBack back) {
    if (!took) {
      return;
    }
    byte[] reply;
    try {
      reply = answer(query, feed, peer);
    } catch (RuntimeException failure) {
      // The sender waits; the text of an exception may quote the query.
      LOG.error("a query could not be answered: {}", failure.getClass().getName());
      reply =
          replies.refuse(
              query,
              AckCode.AR,
              List.of(V2Fault.of(ErrorCode.INTERNAL, "The query could not be answered")));
    }
    back.send(reply, given -> {});
  }

  private byte[] answer(V2Message query, Feed feed, String peer) {
    Instant receivedAt = clock.instant();
    long began = System.nanoTime();
    boolean allergies =
        feed.settings().answering().allergies() == FeedSettings.Allergies.HEALTHEINTENT;
    PatientQuery asked = ofTenant(feed);
    byte[] reply;
    JudgedAnswer judged;
    Runnable done = inWork.begin(query.header(), feed.name(), peer, receivedAt);
    try (UnderWay span = traces.asking(feed.name(), query.header().type())) {
      reply = allergies ? asked.answerWithAllergies(query) : asked.answer(query);
      Duration sinceThen = Duration.ofNanos(System.nanoTime() - began);
      judged = JudgedAnswer.of(reply, sinceThen);
      MessageState state = judged.state();
      span.came(state.name(), judged.refusal().code(), state.stopped());
      took.took(sinceThen, feed.name(), state.stopped() ? "refused" : "answered");
    } finally {
      done.run();
    }
    journal.recordQuestion(
        new Question(
                query.header(),
                feed.name(),
                peer,
                receivedAt,
                query.bytes(),
                reply,
                judged.state(),
                judged.refusal())
            .answered(judged.answer()));
    return reply;
  }

  /** The queries whose senders wait now. */
  public QueriesInWork inWork() {
    return inWork;
  }

  /** Route files that name a tenant which settings do not name are refused at the start. */
  private PatientQuery ofTenant(Feed feed) {
    String tenant = feed.tenant();
    PatientQuery found = patientQueries.get(tenant);
    if (found == null) {
      throw new IllegalStateException("feed " + feed.name() + " is of no tenant: " + tenant);
    }
    return found;
  }

  /**
   * Store and deliver: the message is on disk before its acknowledgment leaves. Delivery follows;
   * where the feed says so, the acknowledgment waits for it.
   */
  public void storeAndAcknowledge(Exchange exchange) {
    V2Message message = exchange.getMessage().getBody(V2Message.class);
    Answer answer = intake.answer(message, feed(exchange), caller(exchange));
    exchange.setProperty(Dispatcher.ANSWER, answer);
    exchange.getMessage().setBody(answer.reply());
  }

  private static Caller caller(Exchange exchange) {
    return exchange.getProperty(Dispatcher.CALLER, Caller.class);
  }

  private static Feed feed(Exchange exchange) {
    return exchange.getProperty(Dispatcher.FEED, Feed.class);
  }

  private static String peer(Exchange exchange) {
    return exchange.getMessage().getHeader(Dispatcher.PEER, "", String.class);
  }
}
