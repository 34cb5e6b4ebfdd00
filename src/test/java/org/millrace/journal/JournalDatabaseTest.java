package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.hl7.V2Message;

@ParameterizedClass
@EnumSource(TestJournals.class)
class JournalDatabaseTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);
  private static final byte[] REPLY = "MSH|reply".getBytes(StandardCharsets.UTF_8);

  @Parameter private TestJournals on;
  private Path folder;
  private JournalPlace place;
  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path empty) {
    folder = empty;
    place = on.place(folder);
    journal = JournalDatabase.open(place, CLOCK);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void aStoredMessageIsThereAfterReopening() throws Exception {
    V2Message message = SampleMessages.oru("A1", "one");
    long id = journal.intake().store(fresh(message)).get().id();
    journal.close();

    journal = JournalDatabase.open(place, CLOCK);

    QueuedMessage queued = journal.queue().find(id).orElseThrow();
    assertThat(queued.raw()).isEqualTo(message.bytes());
    assertThat(queued.state()).isEqualTo(MessageState.QUEUED);
    assertThat(queued.feed()).isEqualTo(SampleMessages.FEED);
    assertThat(queued.sender()).isEqualTo("LAB@NORTH");
  }

  @Test
  void aMessageThatWaitedThroughARestartHasTheSettingsOfItsFeed() throws Exception {
    FeedParameters written =
        new FeedParameters(Map.of("messages", "ORU^R01", "reused-control-id", "refuse"));
    Feed feed = Feed.read("refusing", written, ZoneOffset.UTC);
    V2Message message = SampleMessages.oru("A1", "one");
    long id = journal.intake().store(fresh(message, feed)).get().id();
    journal.close();

    journal = JournalDatabase.open(place, CLOCK);

    assertThat(journal.queue().find(id).orElseThrow().feed()).isEqualTo(feed);
    assertThat(feed.settings()).isNotEqualTo(FeedSettings.DEFAULT);
  }

  @Test
  void whatHasCompletedIsSeenByAnotherProcessConnection() throws Exception {
    try (JournalDatabase beside = JournalDatabase.openReadOnly(place, CLOCK)) {
      for (int i = 0; i < 50; i++) {
        journal.intake().store(fresh(SampleMessages.oru("A" + i, "text " + i))).get();
        assertThat(beside.listing().list(MessageFilter.any().withControlId("A" + i))).hasSize(1);
      }
    }
  }

  @Test
  void listingWorksWhenNoEngineRuns() throws Exception {
    journal.intake().store(fresh(SampleMessages.oru("A1", "one"))).get();
    journal.close();

    try (JournalDatabase beside = JournalDatabase.openReadOnly(place, CLOCK)) {
      assertThat(beside.listing().list(MessageFilter.any().atMost(10)))
          .extracting(MessageSummary::controlId)
          .containsExactly("A1");
    }
  }

  @Test
  void aJournalOpenForReadingTakesNoWrite() {
    try (JournalDatabase beside = JournalDatabase.openReadOnly(place, CLOCK)) {
      assertThat(beside.intake().store(fresh(SampleMessages.oru("A1", "one"))))
          .failsWithin(Duration.ofSeconds(1))
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(JournalException.class)
          .withMessageContaining("for reading only");
    }
  }

  @Test
  void aFolderWithoutJournalIsToldPlainly() {
    Path empty = folder.resolve("elsewhere");
    assertThatThrownBy(() -> JournalDatabase.openReadOnly(empty, CLOCK))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("there is no journal in")
        .hasMessageContaining("MILLRACE_DATA");
    assertThat(empty).doesNotExist();
  }

  @Test
  void twoEnginesCannotHaveOneFolder() {
    on.mustBe(TestJournals.SQLITE, "engines share a PostgreSQL database");
    assertThatThrownBy(() -> JournalDatabase.open(place, CLOCK))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("another engine");
  }

  @Test
  void workThatFailsDoesNotTakeItsNeighboursWithIt() throws Exception {
    List<CompletableFuture<Stored>> good = new ArrayList<>();
    CompletableFuture<Object> bad = null;
    for (int i = 0; i < 20; i++) {
      good.add(journal.intake().store(fresh(SampleMessages.oru("A" + i, "text"))));
      if (i == 10) {
        bad =
            journal.write(
                handle -> {
                  throw new IllegalStateException("on purpose");
                });
      }
    }
    for (CompletableFuture<Stored> stored : good) {
      assertThat(stored.get()).isInstanceOf(Stored.Fresh.class);
    }
    assertThat(bad).isCompletedExceptionally();
    assertThat(journal.listing().list(MessageFilter.any().atMost(100))).hasSize(20);
  }

  @Test
  void theWriterOutlivesAnErrorInItsWork() throws Exception {
    CompletableFuture<Object> bad =
        journal.write(
            handle -> {
              throw new StackOverflowError();
            });

    assertThat(bad)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(JournalException.class);
    assertThat(journal.intake().store(fresh(SampleMessages.oru("A1", "one"))).get())
        .isInstanceOf(Stored.Fresh.class);
  }

  @Test
  void aMessageOfAClockSetBackSinceIsDueNow() throws Exception {
    V2Message message = SampleMessages.oru("A1", "one");
    NewMessage early = fresh(message);
    Instant later = CLOCK.instant().plusSeconds(3600);
    journal
        .intake()
        .store(
            new NewMessage(
                early.header(),
                early.feed(),
                early.peer(),
                later,
                early.raw(),
                early.contentHash(),
                early.reply()))
        .get();

    assertThat(journal.waiting().after(0, 10))
        .singleElement()
        .satisfies(waiting -> assertThat(waiting.due()).isEqualTo(CLOCK.instant()));
  }

  @Test
  void aFullDiskIsToldAndHealsWithoutARestart() throws Exception {
    on.mustBe(TestJournals.SQLITE, "only SQLite can be given a small disk");
    journal.intake().store(fresh(SampleMessages.oru("A0", "small"))).get();
    int pages =
        journal
            .write(handle -> handle.createQuery("PRAGMA page_count").mapTo(Integer.class).one())
            .get();
    assertThat(journal.write(handle -> limit(handle, pages + 8)).get()).isEqualTo(pages + 8);
    String large = "x".repeat(100_000);

    CompletableFuture<Stored> stored =
        journal.intake().store(fresh(SampleMessages.oru("A1", large)));

    assertThat(stored)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(JournalException.class);
    assertThat(journal.listing().list(MessageFilter.any().withControlId("A1"))).isEmpty();

    journal.write(handle -> limit(handle, 1_000_000)).get();
    assertThat(journal.intake().store(fresh(SampleMessages.oru("A1", large))).get())
        .isInstanceOf(Stored.Fresh.class);
  }

  private static int limit(org.jdbi.v3.core.Handle handle, int pages) {
    return handle.createQuery("PRAGMA max_page_count = " + pages).mapTo(Integer.class).one();
  }

  @Test
  void whatTheDatabaseSaysOfARowItRefusesHoldsNothingOfTheRow() throws Exception {
    long id = journal.intake().store(fresh(SampleMessages.oru("A1", "one"))).get().id();
    String twice = "INSERT INTO unknown_code VALUES (?, 's', 't', 'ZZTESTSECRET', '', 'p', 0)";
    CompletableFuture<Integer> failed =
        journal.write(handle -> handle.execute(twice, id) + handle.execute(twice, id));

    assertThat(failed)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableOfType(ExecutionException.class)
        .satisfies(
            failure -> {
              StringWriter trace = new StringWriter();
              failure.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString()).doesNotContain("ZZTESTSECRET");
            });
  }

  @Test
  void aNulInAFieldOfTheHeaderKeepsNoMessageOut() throws Exception {
    V2Message message = SampleMessages.oru("A\0B", "a\0b");

    long id = journal.intake().store(fresh(message)).get().id();

    assertThat(journal.queue().find(id).orElseThrow().raw()).isEqualTo(message.bytes());
    journal
        .queue()
        .conclude(
            id,
            new Conclusion(
                MessageState.HELD,
                Reason.of("code\0", "A sentence\0."),
                CLOCK.instant(),
                Optional.of(
                    new MappingReport(
                        "{}", List.of(new UnmappedCode("T", "X\0", "", "OBR[1]-4.1", false)))),
                List.of(new Note(CLOCK.instant(), "n", "\0"))))
        .get();
    assertThat(journal.listing().find(id).orElseThrow().state()).isEqualTo(MessageState.HELD);
  }

  @Test
  void whatWasAnsweredGoesOnRecordWithTheEndOfTheAttempt() throws Exception {
    long id = journal.intake().store(fresh(SampleMessages.oru("A1", "text"))).get().id();
    LedgerRow sent =
        LedgerRow.prepared(
                new LedgerRow.Asked(id, "OBR[1]", "create-document", "mr-abc", "F1"), "12724066")
            .sent(LedgerRow.Target.chartOf("12724066"), LedgerRow.Content.NONE, CLOCK.instant());
    journal.ledger().save(List.of(sent)).get();

    journal
        .queue()
        .conclude(
            id,
            new Conclusion(
                MessageState.DELIVERED,
                Reason.NONE,
                CLOCK.instant(),
                Optional.empty(),
                List.of(),
                List.of(sent.done("7001", "1"))))
        .get();

    assertThat(journal.ledger().rows(id))
        .extracting(LedgerRow::state, LedgerRow::resourceId)
        .containsExactly(tuple(LedgerState.DONE, "7001"));
  }

  @Test
  void whatIsLoggedOfAFailureHoldsNoBoundValue() {
    CompletableFuture<Integer> failed =
        journal.write(
            handle ->
                handle
                    .createUpdate("INSERT INTO nowhere VALUES (:value)")
                    .bind("value", "ZZTESTSECRET")
                    .execute());

    assertThat(failed)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableOfType(ExecutionException.class)
        .satisfies(
            failure -> {
              StringWriter trace = new StringWriter();
              failure.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString())
                  .containsPattern("no such table|relation .nowhere. does not exist")
                  .doesNotContain("ZZTESTSECRET");
            });
  }

  @Test
  void questionsAreListedHoweverOftenTheyAreAsked() {
    Question question =
        new Question(
            SampleMessages.oru("Q1", "x").header(),
            "queries",
            "127.0.0.1:1",
            CLOCK.instant(),
            new byte[] {1},
            REPLY,
            MessageState.REFUSED,
            Reason.of("unknown-key", "QRD-8 is empty."));
    journal.recordQuestion(question);
    journal.recordQuestion(question);

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(journal.listing().list(MessageFilter.any().withControlId("Q1")))
                    .hasSize(2)
                    .allMatch(MessageSummary::question)
                    .allMatch(line -> line.reason().code().equals("unknown-key")));
    assertThat(journal.waiting().after(0, 10)).isEmpty();
  }

  @Test
  void theListingFiltersByStateSenderAndTime() throws Exception {
    long first = journal.intake().store(fresh(SampleMessages.oru("A1", "one"))).get().id();
    journal.intake().store(fresh(SampleMessages.oru("A2", "two"))).get();
    Reason reason = new Reason("no-such-patient", "None.", "Register.", "sender");
    journal
        .queue()
        .conclude(
            first,
            new Conclusion(MessageState.HELD, reason, CLOCK.instant(), Optional.empty(), List.of()))
        .get();

    assertThat(journal.listing().list(MessageFilter.any().in(Set.of(MessageState.HELD)).atMost(10)))
        .singleElement()
        .satisfies(line -> assertThat(line.reason()).isEqualTo(reason));
    MessageFilter any = MessageFilter.any();
    Instant now = CLOCK.instant();
    assertThat(listed(any.ofSender("LAB@NORTH"))).isEqualTo(2);
    assertThat(listed(any.ofSender("LAB@SOUTH"))).isZero();
    assertThat(listed(any.ofFeed(SampleMessages.FEED.name()))).isEqualTo(2);
    assertThat(listed(any.ofFeed("other"))).isZero();
    assertThat(listed(any.because(reason.code()))).isEqualTo(1);
    assertThat(listed(any.because("other"))).isZero();
    assertThat(listed(any.since(now))).isEqualTo(2);
    assertThat(listed(any.since(now.plusSeconds(1)))).isZero();
    assertThat(listed(any.until(now))).isZero();
    assertThat(listed(any.until(now.plusSeconds(1)))).isEqualTo(2);
    assertThat(journal.listing().list(any.atMost(1)).get(0).controlId()).isEqualTo("A2");
    assertThat(journal.listing().inOrder(any.atMost(1)).get(0).controlId()).isEqualTo("A1");
    assertThat(journal.listing().counts())
        .containsEntry(MessageState.HELD, 1L)
        .containsEntry(MessageState.QUEUED, 1L);
    assertThat(journal.queue().backlog().messages()).isEqualTo(1);
  }

  /** How many there are, listed and counted. */
  private long listed(MessageFilter filter) {
    int listed = journal.listing().list(filter).size();
    assertThat(journal.listing().count(filter.atMost(1))).isEqualTo(listed);
    assertThat(journal.listing().inOrder(filter)).hasSize(listed);
    return listed;
  }

  @Test
  void aRequestLeftByAnotherConnectionIsFoundAndAnswered() throws Exception {
    long id = journal.intake().store(fresh(SampleMessages.oru("A1", "one"))).get().id();
    try (JournalDatabase beside = JournalDatabase.openForRequests(place, CLOCK)) {
      long request = beside.requests().ask("retry", id, "ana", "table was corrected").get();

      assertThat(journal.requests().open()).extracting(OperatorRequest::id).contains(request);
      journal.requests().done(request, "queued").get();

      assertThat(beside.requests().find(request).orElseThrow().outcome()).isEqualTo("queued");
      assertThat(journal.requests().open()).isEmpty();
      assertThat(beside.listing().show(id).orElseThrow().requests()).hasSize(1);
    }
  }

  @Test
  void severalRequestsAreLeftTogetherAndFoundByTheirNumbers() throws Exception {
    long first = journal.intake().store(fresh(SampleMessages.oru("A1", "one"))).get().id();
    long second = journal.intake().store(fresh(SampleMessages.oru("A2", "two"))).get().id();
    AuditEvent.Actor ana = AuditEvent.Actor.user("ana");
    Instant later = CLOCK.instant().plusSeconds(1);

    List<Long> requests =
        journal
            .requests()
            .askAll(
                List.of(
                    NewRequest.of("retry", second, ana, "mended"),
                    NewRequest.of("retry", first, ana, "mended").notBefore(later)))
            .get();

    assertThat(journal.requests().find(requests))
        .extracting(OperatorRequest::messageId)
        .containsExactly(second, first);
    assertThat(journal.requests().find(List.of(requests.get(1), 77L)))
        .extracting(OperatorRequest::notBefore)
        .containsExactly(later);
    assertThat(journal.requests().open())
        .extracting(OperatorRequest::id)
        .containsExactly(requests.get(0));
    assertThat(journal.requests().find(List.of())).isEmpty();
    assertThat(journal.listing().find(List.of(second, 77L, first)))
        .extracting(MessageSummary::id)
        .containsExactly(first, second);
    assertThat(journal.listing().find(List.of())).isEmpty();
  }

  @Test
  void aControlIdCannotForgeALogLineOrATerminalSequence() {
    assertThat(Printable.of("A1\r\nERROR all is lost\u001b[2J\u202e"))
        .isEqualTo("A1??ERROR all is lost?[2J?");
    assertThat(Printable.of("x".repeat(500))).hasSize(80);
  }

  private static NewMessage fresh(V2Message message) {
    return fresh(message, SampleMessages.FEED);
  }

  private static NewMessage fresh(V2Message message, Feed feed) {
    return new NewMessage(
        message.header(),
        feed,
        "127.0.0.1:40112",
        CLOCK.instant(),
        message.bytes(),
        Digests.of(message.bytes(), 0),
        REPLY);
  }
}
