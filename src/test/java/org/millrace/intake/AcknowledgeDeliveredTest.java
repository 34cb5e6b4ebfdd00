package org.millrace.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Conclusion;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedParameters;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Note;
import org.millrace.journal.Reason;
import org.millrace.journal.ReplyState;
import org.millrace.journal.SampleMessages;

/** A feed with {@code ack: delivered}: what its senders are told, and when. */
class AcknowledgeDeliveredTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);
  private static final Feed PATIENT = feed("ack-within", "30s");
  private static final Feed HASTY = feed("ack-within", "100ms");
  private static final Reason UNKNOWN =
      new Reason("no-such-patient", "No patient has the number of PID-3.", "Register.", "sender");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ExecutorService senders = Executors.newCachedThreadPool();
  private Path folder;
  private JournalDatabase journal;
  private Intake intake;

  private static Feed feed(String... namesAndValues) {
    Map<String, String> written =
        new java.util.HashMap<>(Map.of("messages", "ORU^R01", "ack", "delivered"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      written.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    FeedParameters parameters = new FeedParameters(written);
    Feed feed = Feed.read("results", parameters, ZoneOffset.UTC);
    assertThat(parameters.faults()).isEmpty();
    return feed;
  }

  @BeforeEach
  void open(@TempDir Path empty) {
    folder = empty;
    journal = JournalDatabase.open(folder, CLOCK);
    Replies replies = new Replies(CLOCK, ZoneOffset.UTC, new ControlIds(CLOCK));
    intake = new Intake(journal, replies, CLOCK, Duration.ofSeconds(10), Optional.of(meters));
  }

  @AfterEach
  void close() {
    intake.close();
    senders.shutdownNow();
    journal.close();
  }

  private Future<V2Message> send(Feed feed, String controlId, String text) {
    return senders.submit(
        () -> read(intake.accept(SampleMessages.oru(controlId, text), feed, "10.0.0.1:1")));
  }

  private V2Message told(Feed feed, String controlId, String text) {
    return read(intake.accept(SampleMessages.oru(controlId, text), feed, "10.0.0.1:1"));
  }

  private static V2Message read(byte[] reply) {
    try {
      return V2Message.read(reply);
    } catch (V2FormatException wrong) {
      throw new AssertionError(wrong);
    }
  }

  private static V2Message get(Future<V2Message> reply) throws Exception {
    return reply.get(10, TimeUnit.SECONDS);
  }

  private MessageSummary stored(String controlId) {
    await()
        .until(
            () -> !journal.listing().list(MessageFilter.any().withControlId(controlId)).isEmpty());
    return journal.listing().list(MessageFilter.any().withControlId(controlId)).get(0);
  }

  private void conclude(String controlId, MessageState state, Reason reason) throws Exception {
    journal
        .queue()
        .conclude(
            stored(controlId).id(),
            new Conclusion(state, reason, CLOCK.instant(), Optional.empty(), List.of()))
        .get();
  }

  private MessageJourney journey(String controlId) {
    return journal.listing().show(stored(controlId).id()).orElseThrow();
  }

  @Test
  void aaIsGivenOnceItIsDeliveredAndThatReplyIsOnRecord() throws Exception {
    Future<V2Message> reply = send(PATIENT, "A1", "one");
    assertThat(stored("A1").replyState()).isEqualTo(ReplyState.OWED);
    assertThat(reply.isDone()).isFalse();

    conclude("A1", MessageState.DELIVERED, Reason.NONE);

    V2Message told = get(reply);
    assertThat(told.value("MSA-1")).isEqualTo("AA");
    assertThat(told.value("MSA-3")).isEmpty();
    await().untilAsserted(() -> assertThat(journey("A1").reply()).isEqualTo(told.bytes()));
    assertThat(stored("A1").replyState()).isEqualTo(ReplyState.GIVEN);
  }

  @Test
  void whatIsHeldIsAnsweredAeWithPlaceCodeAndSentence() throws Exception {
    Future<V2Message> reply = send(PATIENT, "A1", "one");
    conclude("A1", MessageState.HELD, UNKNOWN);

    V2Message told = get(reply);
    assertThat(told.value("MSA-1")).isEqualTo("AE");
    assertThat(new String(told.bytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains(
            "ERR||PID^1^3|204^Unknown key identifier^HL70357|E|||message 1|no-such-patient: ");
  }

  @Test
  void thePlaceThatTheReasonNamesGoesBeforeThatOfItsCode() throws Exception {
    Future<V2Message> reply = send(PATIENT, "A1", "one");
    conclude(
        "A1",
        MessageState.HELD,
        new Reason("unknown-code", "No row of X has it.", "Add it.", "analyst").at("OBR[2]-4.1"));

    V2Message told = get(reply);
    assertThat(new String(told.bytes(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("ERR||OBR^2^4^1^1|103^");
  }

  @Test
  void aRetryingMessageIsWaitedForFurther() throws Exception {
    Future<V2Message> reply = send(PATIENT, "A1", "one");
    conclude("A1", MessageState.RETRYING, Reason.of("throttled", "429"));
    assertThat(reply.isDone()).isFalse();
    conclude("A1", MessageState.DELIVERED, Reason.NONE);

    assertThat(get(reply).value("MSA-1")).isEqualTo("AA");
  }

  @Test
  void whatIsLeftOutOnPurposeIsAccepted() throws Exception {
    Future<V2Message> reply = send(PATIENT, "A1", "one");
    conclude("A1", MessageState.FILTERED, Reason.of("preliminary", "Not final."));

    V2Message told = get(reply);
    assertThat(told.value("MSA-1")).isEqualTo("AA");
    assertThat(told.value("MSA-3")).isEqualTo("left out on purpose: preliminary");
  }

  @Test
  void afterTheDeadlineItIsAaAndSaysThatDeliveryIsPending() {
    V2Message told = told(HASTY, "A1", "one");

    assertThat(told.value("MSA-1")).isEqualTo("AA");
    assertThat(told.value("MSA-3")).isEqualTo("stored, delivery pending");
    assertThat(meters.get("millrace.messages.answered").tag("outcome", "pending").counter().count())
        .isEqualTo(1);
    assertThat(meters.get("millrace.senders.waiting").gauge().value()).isZero();
  }

  @Test
  void withLateAeTheRepetitionGetsThePresentOutcomeAndNothingIsDoneTwice() throws Exception {
    Feed late = feed("ack-within", "100ms", "ack-late", "AE");
    V2Message first = told(late, "A1", "one");
    assertThat(first.value("MSA-1")).isEqualTo("AE");
    assertThat(first.value("MSA-3")).startsWith("stored, delivery pending");
    assertThat(first.value("ERR-3.1")).isEqualTo("207");

    conclude("A1", MessageState.DELIVERED, Reason.NONE);
    V2Message second = told(late, "A1", "one");

    assertThat(second.value("MSA-1")).isEqualTo("AA");
    assertThat(journal.listing().list(MessageFilter.any().atMost(10))).hasSize(1);
    assertThat(journey("A1").notes())
        .extracting(Note::sentence)
        .containsExactly("the same message came again and got what had come of it for a reply");
  }

  @Test
  void twoWhoSendTheSameAtTheSameMomentGetTheOneOutcome() throws Exception {
    Future<V2Message> one = send(PATIENT, "A1", "one");
    Future<V2Message> two = send(PATIENT, "A1", "one");
    await().until(() -> meters.get("millrace.senders.waiting").gauge().value() == 2);
    conclude("A1", MessageState.HELD, UNKNOWN);

    assertThat(get(one).value("MSA-1")).isEqualTo("AE");
    assertThat(get(two).value("MSA-1")).isEqualTo("AE");
    assertThat(journal.listing().list(MessageFilter.any().atMost(10))).hasSize(1);
  }

  @Test
  void whatAnotherNodeConcludedIsFoundInTheJournal() throws Exception {
    Future<V2Message> reply = send(PATIENT, "A1", "one");
    stored("A1");
    await().until(() -> meters.get("millrace.senders.waiting").gauge().value() == 1);
    behindOurBack("UPDATE message SET state = 'DELIVERED'");

    assertThat(get(reply).value("MSA-1")).isEqualTo("AA");
  }

  @Test
  void whoeverWaitsIsAnsweredWhenTheEngineStops() throws Exception {
    Future<V2Message> reply = send(PATIENT, "A1", "one");
    stored("A1");

    intake.close();

    assertThat(get(reply).value("MSA-3")).isEqualTo("stored, delivery pending");
    assertThat(told(PATIENT, "A2", "two").value("MSA-3")).isEqualTo("stored, delivery pending");
  }

  @Test
  void fewOfThoseWhoShareTheirThreadsWaitAndTheOthersAreAnsweredAtOnce() throws Exception {
    List<Future<Answer>> first = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      first.add(sendOverHttp("A" + i));
    }
    await().until(() -> meters.get("millrace.senders.waiting").gauge().value() == 4);

    Answer fifth = sendOverHttp("A5").get(10, TimeUnit.SECONDS);

    assertThat(read(fifth.reply()).value("MSA-3")).isEqualTo("stored, delivery pending");
    assertThat(first).noneMatch(Future::isDone);
    conclude("A0", MessageState.DELIVERED, Reason.NONE);
    assertThat(read(first.get(0).get(10, TimeUnit.SECONDS).reply()).value("MSA-3")).isEmpty();
  }

  private Future<Answer> sendOverHttp(String controlId) {
    return senders.submit(
        () ->
            intake.answer(
                SampleMessages.oru(controlId, controlId), PATIENT, new Caller("http", false)));
  }

  @Test
  void aReplyThatTheConnectionDidNotTakeIsNotHeardUntilItIsGivenAgain() throws Exception {
    intake
        .answer(SampleMessages.oru("A1", "one"), SampleMessages.FEED, new Caller("peer", true))
        .written()
        .accept(false);
    await().until(() -> stored("A1").replyState() == ReplyState.NOT_HEARD);

    told(SampleMessages.FEED, "A1", "one");

    await().until(() -> stored("A1").replyState() == ReplyState.GIVEN);
  }

  @Test
  void whoWasLeftWithoutAReplyByACrashGetsOneFromTheFeedThatAnswersAtOnceNow() throws Exception {
    Future<V2Message> never = send(PATIENT, "A1", "one");
    stored("A1");
    assertThat(never.isDone()).isFalse();

    V2Message told = told(SampleMessages.FEED, "A1", "one");

    assertThat(told.value("MSA-1")).isEqualTo("AA");
    await().untilAsserted(() -> assertThat(journey("A1").reply()).isEqualTo(told.bytes()));
    assertThat(told(SampleMessages.FEED, "A1", "one").bytes()).isEqualTo(told.bytes());
  }

  private void behindOurBack(String statement) throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
        Statement sql = other.createStatement()) {
      sql.execute("PRAGMA busy_timeout = 5000");
      sql.execute(statement);
    }
  }
}
