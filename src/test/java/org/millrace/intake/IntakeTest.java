package org.millrace.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Feed;
import org.millrace.journal.FeedParameters;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Note;
import org.millrace.journal.ReplyState;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;

@ParameterizedClass
@EnumSource(TestJournals.class)
class IntakeTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);

  private static final Feed REFUSING =
      Feed.read(
          "refusing",
          new FeedParameters(Map.of("messages", "ORU^R01", "reused-control-id", "refuse")),
          ZoneOffset.UTC);

  @Parameter private TestJournals on;
  private JournalPlace place;
  private JournalDatabase journal;
  private Intake intake;

  @BeforeEach
  void open(@TempDir Path folder) {
    place = on.place(folder);
    journal = JournalDatabase.open(place, CLOCK);
    intake = intake(Duration.ofSeconds(10));
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void aaIsGivenForWhatIsOnDisk() {
    byte[] reply = accept(SampleMessages.oru("A1", "one"));

    assertThat(code(reply)).isEqualTo("AA");
    assertThat(Replies.judge(reply).orElseThrow().controlId()).isEqualTo("A1");
    try (JournalDatabase beside = JournalDatabase.openReadOnly(place, CLOCK)) {
      assertThat(beside.listing().list(MessageFilter.any().withControlId("A1"))).hasSize(1);
    }
  }

  @Test
  void theReplyIsMarkedGivenBehindIt() {
    accept(SampleMessages.oru("A1", "one"));

    Awaitility.await()
        .untilAsserted(() -> assertThat(only().replyState()).isEqualTo(ReplyState.GIVEN));
  }

  @Test
  void aSecondDeliveryOfTheSameControlIdGetsTheFirstReplyAgain() {
    byte[] first = accept(SampleMessages.oru("A1", "one"));
    byte[] second = accept(SampleMessages.oru("A1", "one"));

    assertThat(second).isEqualTo(first);
    assertThat(journey(only().id()).notes())
        .extracting(Note::code)
        .containsExactly("received-again");
  }

  @Test
  void aNewSendingTimeInMshDoesNotMakeItAnotherMessage() throws Exception {
    V2Message message = SampleMessages.oru("A1", "one");
    byte[] first = accept(message);
    String later =
        new String(message.bytes(), StandardCharsets.UTF_8)
            .replace("|20261120101500|", "|20261120111500|");
    assertThat(later).contains("20261120111500");

    assertThat(accept(V2Message.read(later.getBytes(StandardCharsets.UTF_8)))).isEqualTo(first);
    assertThat(all()).hasSize(1);
  }

  @Test
  void aMessageWhoseContentIsGoneIsStillKnownAsTheSame() throws Exception {
    accept(SampleMessages.oru("A1", "one"));
    try (Connection other = TestJournals.connect(place);
        Statement prune = other.createStatement()) {
      if (on == TestJournals.SQLITE) {
        prune.execute("PRAGMA busy_timeout = 5000");
      }
      prune.execute("DELETE FROM message_content");
    }

    assertThat(code(accept(SampleMessages.oru("A1", "one")))).isEqualTo("AA");
    assertThat(all()).hasSize(1);
  }

  @Test
  void theSameMessageAtTheSameMomentIsStoredOnce() throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(8);
    try {
      List<Future<byte[]>> replies = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        replies.add(senders.submit(() -> accept(SampleMessages.oru("A1", "one"))));
      }
      byte[] first = replies.get(0).get();
      for (Future<byte[]> reply : replies) {
        assertThat(reply.get()).isEqualTo(first);
      }
    } finally {
      senders.shutdownNow();
    }
    assertThat(all()).hasSize(1);
  }

  @Test
  void theSameControlIdWithOtherContentIsANewMessageAndReported() {
    accept(SampleMessages.oru("A1", "one"));
    assertThat(code(accept(SampleMessages.oru("A1", "two")))).isEqualTo("AA");

    assertThat(all()).hasSize(2);
    assertThat(journey(all().get(0).id()).notes())
        .extracting(Note::code)
        .containsExactly("control-id-used-again");
  }

  @Test
  void aControlIdThatIsForgottenByNowMayBeUsedAgainWithoutANote() {
    journal.intake().rememberControlIds(Duration.ofMinutes(1));
    accept(SampleMessages.oru("A1", "one"));
    Intake later = intake(Duration.ofSeconds(10), Clock.offset(CLOCK, Duration.ofMinutes(2)));
    later.accept(SampleMessages.oru("A1", "two"), SampleMessages.FEED, "peer");

    assertThat(all()).hasSize(2);
    assertThat(journey(all().get(0).id()).notes()).isEmpty();
  }

  @Test
  void aFeedThatRefusesAReusedControlIdStoresNothingOfIt() throws Exception {
    byte[] first = accept(SampleMessages.oru("A1", "one"), REFUSING);
    byte[] refused = accept(SampleMessages.oru("A1", "two"), REFUSING);

    assertThat(code(refused)).isEqualTo("AE");
    assertThat(V2Message.read(refused).value("ERR-2")).startsWith("MSH");
    assertThat(V2Message.read(refused).value("ERR-3.1")).isEqualTo("205");
    assertThat(journey(only().id()).notes()).isEmpty();
    assertThat(accept(SampleMessages.oru("A1", "one"), REFUSING)).isEqualTo(first);
    assertThat(code(accept(SampleMessages.oru("A2", "two"), REFUSING))).isEqualTo("AA");
  }

  @Test
  void whatWasStoredBesideARefusedOneIsStillKnownAsTheSame() {
    byte[] one = accept(SampleMessages.oru("A1", "one"));
    byte[] two = accept(SampleMessages.oru("A1", "two"));

    assertThat(accept(SampleMessages.oru("A1", "one"), REFUSING)).isEqualTo(one);
    assertThat(accept(SampleMessages.oru("A1", "two"), REFUSING)).isEqualTo(two);
    assertThat(all()).hasSize(2);
  }

  @Test
  void withoutAControlIdNothingIsStoredAndTheSenderIsToldWhere() throws Exception {
    byte[] reply = accept(SampleMessages.oru("", "one"));

    assertThat(code(reply)).isEqualTo("AE");
    assertThat(V2Message.read(reply).value("ERR-2")).startsWith("MSH");
    assertThat(V2Message.read(reply).value("ERR-3.1")).isEqualTo("101");
    assertThat(all()).isEmpty();
  }

  @Test
  void aLockedDatabaseIsAnsweredArAndHealsByItself() throws Exception {
    Intake hasty = intake(Duration.ofMillis(200));
    try (Connection other = TestJournals.connect(place);
        Statement lock = other.createStatement()) {
      boolean file = on == TestJournals.SQLITE;
      lock.execute(file ? "BEGIN EXCLUSIVE" : "BEGIN; LOCK TABLE message IN EXCLUSIVE MODE");

      byte[] reply = hasty.accept(SampleMessages.oru("A1", "one"), SampleMessages.FEED, "peer");

      assertThat(code(reply)).isEqualTo("AR");
      assertThat(V2Message.read(reply).value("ERR-3.1")).isEqualTo("207");
      lock.execute("ROLLBACK");
    }
    assertThat(code(accept(SampleMessages.oru("A1", "one")))).isEqualTo("AA");
    assertThat(all()).hasSize(1);
  }

  @Test
  void aClosedJournalIsAnsweredAr() {
    journal.close();

    assertThat(code(accept(SampleMessages.oru("A1", "one")))).isEqualTo("AR");
  }

  private Intake intake(Duration storeWithin) {
    return intake(storeWithin, CLOCK);
  }

  private Intake intake(Duration storeWithin, Clock clock) {
    Replies replies = new Replies(clock, ZoneId.of("America/Chicago"), new ControlIds(clock));
    return new Intake(journal, replies, clock, storeWithin, Optional.empty());
  }

  private byte[] accept(V2Message message) {
    return accept(message, SampleMessages.FEED);
  }

  private byte[] accept(V2Message message, Feed feed) {
    return intake.accept(message, feed, "127.0.0.1:40112");
  }

  private static String code(byte[] reply) {
    return Replies.judge(reply).orElseThrow().code();
  }

  private List<MessageSummary> all() {
    return journal.listing().list(MessageFilter.any().atMost(100));
  }

  private MessageSummary only() {
    assertThat(all()).hasSize(1);
    return all().get(0);
  }

  private MessageJourney journey(long id) {
    return journal.listing().show(id).orElseThrow();
  }
}
