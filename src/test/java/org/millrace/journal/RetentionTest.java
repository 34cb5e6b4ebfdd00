package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.SettableClock;
import org.millrace.hl7.AckMode;
import org.millrace.hl7.V2Message;

/** What is removed when its time is over, and what never is. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class RetentionTest {
  private static final Instant START = Instant.parse("2026-11-20T16:15:00Z");
  private static final Retention RULES = new Retention(Duration.ofDays(30), Duration.ofDays(90));

  private final SettableClock clock = new SettableClock(START);
  @Parameter private TestJournals on;
  private final ContentKeys keys = new ContentKeys(List.of(ContentKeys.fresh("test")));
  private Path folder;
  private JournalPlace place;
  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path empty) {
    folder = empty;
    place = on.place(folder);
    journal = JournalDatabase.open(place, keys, clock);
    journal.keepFor(RULES, List.of());
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private void after(int days) {
    clock.set(START.plus(Duration.ofDays(days)));
    // The journal's own thread may be in the middle of a walk that began before.
    keepUp(journal);
  }

  private Stored store(V2Message message, Feed feed) throws Exception {
    return journal
        .intake()
        .store(
            new NewMessage(
                message.header(),
                feed,
                "127.0.0.1:40112",
                clock.instant(),
                message.bytes(),
                Digests.of(message.bytes(), 0),
                "MSH|reply".getBytes(StandardCharsets.UTF_8)))
        .get();
  }

  private long stored(String controlId, MessageState state) throws Exception {
    return stored(SampleMessages.oru(controlId, "text"), SampleMessages.FEED, state);
  }

  private long stored(V2Message message, Feed feed, MessageState state) throws Exception {
    long id = store(message, feed).id();
    journal.businessKeys().lookedInto(id, "lane", BusinessKeys.of(message)).get();
    if (state != MessageState.QUEUED) {
      journal
          .queue()
          .conclude(
              id,
              new Conclusion(
                  state,
                  Reason.of("why", "because"),
                  clock.instant(),
                  Optional.of(new MappingReport("{}", List.of())),
                  List.of(new Note(clock.instant(), "seen", "a note"))))
          .get();
    }
    return id;
  }

  private void filed(long id, UnaryOperator<LedgerRow> become) throws Exception {
    LedgerRow row =
        LedgerRow.prepared(new LedgerRow.Asked(id, "OBR[1]", "create-document", "mr-1", "F1"), "P1")
            .sent(
                LedgerRow.Target.chartOf("P1"),
                new LedgerRow.Content("d", FiledAs.FINAL),
                clock.instant());
    journal.ledger().save(List.of(become.apply(row))).get();
  }

  private void asksForApplicationReply(long id, String address) throws Exception {
    journal
        .write(
            handle -> {
              journal
                  .applicationReplies()
                  .ask(handle, id, new AskedReply(AckMode.When.AL, address));
              return id;
            })
        .get();
  }

  private boolean hasContent(long id) {
    return journal.listing().show(id).map(journey -> journey.raw().length > 0).orElse(false);
  }

  private boolean isThere(long id) {
    return journal.listing().find(id).isPresent();
  }

  @Test
  void contentsGoBeforeTheirMessagesAndWhatIsNotDoneNeverGoes() throws Exception {
    long delivered = stored("A1", MessageState.DELIVERED);
    filed(delivered, row -> row.done("D1", "1"));
    long filtered = stored("A2", MessageState.FILTERED);
    long refused = stored("A3", MessageState.REFUSED);
    long discarded = stored("A8", MessageState.DISCARDED);
    List<Long> undone =
        List.of(
            stored("A4", MessageState.QUEUED),
            stored("A5", MessageState.HELD),
            stored("A6", MessageState.RETRYING),
            stored("A7", MessageState.SENDING));

    after(29);
    assertThat(hasContent(delivered)).isTrue();

    after(31);
    assertThat(List.of(delivered, filtered, discarded))
        .noneMatch(this::hasContent)
        .allMatch(this::isThere);
    assertThat(hasContent(refused)).as("it may be mended and retried").isTrue();
    assertThat(undone).allMatch(this::hasContent);
    assertThat(journal.contentsRemoved()).isEqualTo(3);
    MessageJourney journey = journal.listing().show(delivered).orElseThrow();
    assertThat(journey.report()).isEmpty();
    assertThat(journey.notes()).extracting(Note::code).containsExactly("seen");
    assertThat(journey.ledger())
        .as("a correction needs it")
        .singleElement()
        .satisfies(row -> assertThat(row.resourceId()).isEqualTo("D1"))
        .satisfies(row -> assertThat(row.fillerNumber()).isEqualTo("F1"));

    after(91);
    assertThat(List.of(delivered, filtered, refused, discarded)).noneMatch(this::isThere);
    assertThat(undone).allMatch(this::hasContent);
    assertThat(journal.messagesRemoved()).isEqualTo(4);
    assertThat(rows("note") + rows("ledger") + rows("message_content") + rows("message"))
        .as("three notes of those that are there, and the four messages with their contents")
        .isEqualTo(3 + 4 + 4);
    assertThat(rows("business_key")).as("patient and report of the four").isEqualTo(4 * 2);

    after(4000);
    assertThat(undone).allMatch(this::hasContent);
  }

  private long rows(String table) {
    return journal.read(
        handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  @Test
  void anEngineOfTheVersionBeforeLeavesNoNumbersBehind() throws Exception {
    long id = stored("A1", MessageState.DELIVERED);
    assertThat(rows("business_key")).isEqualTo(2);

    journal
        .write(
            handle ->
                handle.execute("DELETE FROM message_content WHERE message_id = ?", id)
                    + handle.execute("DELETE FROM note WHERE message_id = ?", id)
                    + handle.execute("DELETE FROM message WHERE id = ?", id))
        .get();

    assertThat(rows("business_key")).isZero();
  }

  @Test
  void aRepetitionIsKnownForAsLongAsItsMessageIs() throws Exception {
    V2Message message = SampleMessages.oru("A1", "text");
    long id = stored(message, SampleMessages.FEED, MessageState.DELIVERED);

    after(31);
    assertThat(store(message, SampleMessages.FEED))
        .isInstanceOfSatisfying(
            Stored.Again.class,
            again -> {
              assertThat(again.id()).isEqualTo(id);
              assertThat(again.reply()).isEmpty();
            });
    after(91);
    assertThat(store(message, SampleMessages.FEED)).isInstanceOf(Stored.Fresh.class);
  }

  @Test
  void whatIsStillAskedForOrNotSettledStays() throws Exception {
    long asked = stored("A1", MessageState.REFUSED);
    journal.requests().ask("retry", asked, "ana", "mended").get();
    long unsettled = stored("A2", MessageState.REFUSED);
    filed(unsettled, row -> row.unknown(1, "lost"));
    long done = stored("A3", MessageState.REFUSED);

    after(91);

    assertThat(List.of(asked, unsettled)).allMatch(this::hasContent);
    assertThat(isThere(done)).isFalse();
  }

  @Test
  void aMessageWithoutContentIsNotPutBackIntoTheQueue() throws Exception {
    long id = stored("A1", MessageState.DELIVERED);
    after(31);

    Note note = new Note(clock.instant(), "correct", "asked");
    long request = journal.requests().ask("correct", id, "ana", "mended").get();
    OperatorRequest asked = journal.requests().find(request).orElseThrow();
    assertThat(journal.operators().requeueToCorrect(asked, note).get()).isFalse();
    assertThat(journal.requests().open()).as("it is still to be answered").hasSize(1);
    assertThat(journal.listing().find(id).orElseThrow().state()).isEqualTo(MessageState.DELIVERED);
  }

  @Test
  void aFeedMayKeepForLongerOrShorterThanTheEngine() throws Exception {
    Feed brief =
        new Feed(
            "brief",
            java.util.Set.of("ORU^R01"),
            ZoneOffset.UTC,
            Optional.empty(),
            FeedSettings.read(
                new FeedParameters(Map.of("keep-content", "1d", "keep-metadata", "7d"))));
    Feed ever =
        new Feed(
            "ever",
            java.util.Set.of("ORU^R01"),
            ZoneOffset.UTC,
            Optional.empty(),
            FeedSettings.read(
                new FeedParameters(Map.of("keep-content", "forever", "keep-metadata", "forever"))));
    journal.keepFor(RULES, List.of(brief, ever));
    long first = stored(SampleMessages.oru("A1", "text"), ever, MessageState.DELIVERED);
    long second = stored(SampleMessages.oru("A2", "text"), brief, MessageState.DELIVERED);
    long third = stored("A3", MessageState.DELIVERED);

    after(2);
    assertThat(hasContent(second)).isFalse();
    assertThat(List.of(first, third)).allMatch(this::hasContent);
    after(91);
    assertThat(List.of(second, third)).noneMatch(this::isThere);
    assertThat(hasContent(first)).isTrue();
  }

  @Test
  void aFeedThatOnlyAnotherEngineHasKeepsItsTime() throws Exception {
    on.mustBe(TestJournals.POSTGRES, "a folder has one engine");
    Feed ever =
        new Feed(
            "ever",
            java.util.Set.of("ORU^R01"),
            ZoneOffset.UTC,
            Optional.empty(),
            FeedSettings.read(
                new FeedParameters(Map.of("keep-content", "forever", "keep-metadata", "forever"))));
    JournalDatabase mine = journal;
    long id;
    try (JournalDatabase other = JournalDatabase.open(place, keys, clock)) {
      journal = other;
      id = stored(SampleMessages.oru("A1", "text"), ever, MessageState.DELIVERED);
    } finally {
      journal = mine;
    }

    after(91);
    assertThat(hasContent(id)).isTrue();
  }

  @Test
  void twoEnginesThatRemoveDoNotGetInEachOthersWay() throws Exception {
    on.mustBe(TestJournals.POSTGRES, "a folder has one engine");
    int messages = 300;
    for (int i = 0; i < messages; i++) {
      stored("A" + i, MessageState.DELIVERED);
    }
    long held = stored("B1", MessageState.HELD);
    try (JournalDatabase other = JournalDatabase.open(place, keys, clock)) {
      other.keepFor(RULES, List.of());
      clock.set(START.plus(Duration.ofDays(91)));
      Thread beside = new Thread(() -> keepUp(other));
      beside.start();
      keepUp(journal);
      beside.join();

      assertThat(journal.messagesRemoved() + other.messagesRemoved()).isEqualTo(messages);
      assertThat(journal.contentsRemoved() + other.contentsRemoved()).isEqualTo(messages);
    }
    assertThat(rows("message")).isEqualTo(1);
    assertThat(hasContent(held)).isTrue();
  }

  private static void keepUp(JournalDatabase journal) {
    for (int walk = 0; walk < 2; walk++) {
      while (journal.keepUpStep()) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void whatCameOfALeftCreateIsToldUntilItsMessageGoes() throws Exception {
    AskedCreate.Asker asker = new AskedCreate.Asker("t", "KEY portal", "ticket");
    journal
        .askedCreates()
        .store(
            new AskedCreate(
                asker,
                Feed.ofFace("/fhir/r4", Set.of("DocumentReference"), "", ZoneOffset.UTC),
                "FHIR@portal",
                "r1",
                "DocumentReference",
                "",
                "{}".getBytes(StandardCharsets.UTF_8),
                Optional.empty()),
            clock.instant())
        .get();
    long id = journal.askedCreates().find(asker).orElseThrow();
    after(200);
    assertThat(hasContent(id)).isTrue();
    clock.set(START);
    journal
        .queue()
        .conclude(
            id,
            new Conclusion(MessageState.DELIVERED, Reason.NONE, START, Optional.empty(), List.of()))
        .get();
    after(60);
    assertThat(hasContent(id)).isFalse();
    assertThat(journal.askedCreates().find(asker)).hasValue(id);
    after(120);
    assertThat(journal.askedCreates().find(asker)).isEmpty();
    assertThat(isThere(id)).isFalse();
  }

  @Test
  void theSpaceIsGivenBack() throws Exception {
    on.mustBe(TestJournals.SQLITE, "the server's vacuum does it");
    byte[] noise = new byte[75_000];
    new java.util.Random(7).nextBytes(noise);
    for (int i = 0; i < 300; i++) {
      noise[0]++;
      String text = java.util.Base64.getEncoder().encodeToString(noise);
      stored(SampleMessages.oru("A" + i, text), SampleMessages.FEED, MessageState.DELIVERED);
    }
    journal.read(handle -> handle.createQuery("SELECT 1").mapTo(Long.class).one());
    long pages = pragma("page_count");

    after(31);

    assertThat(pragma("page_count")).isLessThan(pages / 2);
    assertThat(pragma("freelist_count")).isLessThanOrEqualTo(2048);
    journal.close();
    assertThat(Files.size(folder.resolve(SqliteDatabase.FILE))).isLessThan(pages * 4096 / 2);
  }

  @Test
  void whatWasRemovedIsNotInTheFilesAnyMore() throws Exception {
    on.mustBe(TestJournals.SQLITE, "the server's vacuum does it");
    Path plain = folder.resolve("plain");
    journal.close();
    journal = JournalDatabase.open(plain, clock);
    journal.keepFor(RULES, List.of());
    V2Message message = SampleMessages.oru("A1", "ZZREMOVED " + "and what follows it ".repeat(400));
    // As it is stored: what is packed holds no word of it.
    byte[] stored =
        "ZZREMOVED, and more of the same: ".repeat(300).getBytes(StandardCharsets.UTF_8);
    long gone = stored(message, SampleMessages.FEED, MessageState.DELIVERED);
    journal
        .write(
            handle ->
                handle.execute(
                    "UPDATE message_content SET raw = ? WHERE message_id = ?", stored, gone))
        .get();
    stored(SampleMessages.oru("A2", "two"), SampleMessages.FEED, MessageState.HELD);
    journal.close();
    assertThat(fileOf(plain).contains("ZZREMOVED")).isTrue();

    journal = JournalDatabase.open(plain, clock);
    journal.keepFor(RULES, List.of());
    after(31);
    assertThat(journal.contentsRemoved()).isEqualTo(1);
    journal.close();

    assertThat(fileOf(plain).contains("ZZREMOVED")).isFalse();
  }

  private static String fileOf(Path folder) throws IOException {
    return Files.readString(folder.resolve(SqliteDatabase.FILE), StandardCharsets.ISO_8859_1);
  }

  private long pragma(String name) {
    return journal.read(handle -> handle.createQuery("PRAGMA " + name).mapTo(Long.class).one());
  }

  @Test
  void aMessageStaysUntilTheAddressOfItsApplicationReplyHasTakenIt() throws Exception {
    long here = stored("A1", MessageState.DELIVERED);
    asksForApplicationReply(here, "");
    long elsewhere = stored("A2", MessageState.DELIVERED);
    asksForApplicationReply(elsewhere, "127.0.0.1:1");
    journal.keepFor(new Retention(Duration.ofDays(1), Duration.ofDays(2)), List.of());
    after(3);
    assertThat(isThere(here)).isFalse();
    assertThat(isThere(elsewhere)).isTrue();
    journal.applicationReplies().became(elsewhere, ReplyState.GIVEN, "").get();
    after(6);
    assertThat(isThere(elsewhere)).isFalse();
  }

  @Test
  void nothingIsRemovedWhereNothingIsSaid() throws Exception {
    journal.keepFor(Retention.ALL, List.of(SampleMessages.FEED));
    long id = stored("A1", MessageState.DELIVERED);
    after(10_000);
    assertThat(hasContent(id)).isTrue();
  }
}
