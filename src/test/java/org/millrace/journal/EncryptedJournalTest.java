package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.V2Message;

/** A journal with keys: what its files show, and what becomes of it when the keys change. */
class EncryptedJournalTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);
  private static final ContentKeys.Key A = ContentKeys.fresh("a");
  private static final ContentKeys.Key B = ContentKeys.fresh("b");
  private static final String[] MARKS = {
    "MARKLEY",
    "6931",
    "quick brown fox",
    "FILLER77",
    "Cerner's words",
    "Mrs. Why",
    "CODE-X",
    "TEXT-X"
  };

  @TempDir private Path folder;

  private static ContentKeys keys(ContentKeys.Key... keys) {
    return new ContentKeys(Arrays.asList(keys));
  }

  private JournalDatabase open(ContentKeys.Key... keys) {
    return JournalDatabase.open(folder, keys(keys), CLOCK);
  }

  private static NewMessage fresh(V2Message message) {
    return new NewMessage(
        message.header(),
        SampleMessages.FEED,
        "127.0.0.1:40112",
        CLOCK.instant(),
        message.bytes(),
        Digests.of(message.bytes(), 0),
        "MSH|reply to MARKLEY".getBytes(StandardCharsets.UTF_8));
  }

  private static final V2Message MESSAGE =
      SampleMessages.oruOf("69310077^^^MRN^MR", "A1", "the quick brown fox ".repeat(100));

  /** A message with a row in every table that holds contents. */
  private static void fill(JournalDatabase journal) throws Exception {
    long id = journal.intake().store(fresh(MESSAGE)).get().id();
    String lane = journal.searchKeys().of("lane", "LAB@NORTH", "69310077");
    journal.queue().setLane(id, lane);
    LedgerRow row =
        LedgerRow.prepared(id, "OBR[1]", "create-document", "mr-1", "FILLER77", "P-69310077")
            .sent("P-69310077", "digest", CLOCK.instant())
            .refused("refused: no", "Cerner's words on MARKLEY");
    journal.ledger().save(List.of(row)).get();
    UnmappedCode code = new UnmappedCode("HL70001", "CODE-X", "TEXT-X", "PID-8", true);
    journal
        .queue()
        .conclude(
            id,
            new Conclusion(
                MessageState.HELD,
                new Reason(CodeStore.HELD_BY_CODE, "a code", "", ""),
                CLOCK.instant(),
                Optional.of(new MappingReport("{\"value\":\"MARKLEY\"}", List.of(code))),
                List.of(new Note(CLOCK.instant(), "held", "asked by Mrs. Why"))))
        .get();
    journal.requests().ask("retry", id, "ana", "Mrs. Why MARKLEY").get();
    journal
        .calls()
        .record(
            new CernerCall(
                0, id, CLOCK.instant(), "GET", "Patient?identifier", 200, "r", Duration.ZERO),
            new CallContent(
                "/Patient?identifier=69310077",
                new byte[0],
                "{\"family\":\"MARKLEY\"}".getBytes(StandardCharsets.UTF_8)));
    // Another write that is waited for: the call rides along with it.
    journal.queue().takeUp(id).get();
  }

  private static void mustBeWhole(JournalDatabase journal) {
    MessageJourney journey = journal.listing().show(1).orElseThrow();
    assertThat(journey.raw()).isEqualTo(MESSAGE.bytes());
    assertThat(new String(journey.reply(), StandardCharsets.UTF_8))
        .isEqualTo("MSH|reply to MARKLEY");
    assertThat(journey.report()).isEqualTo("{\"value\":\"MARKLEY\"}");
    assertThat(journey.codes())
        .containsExactly(new UnmappedCode("HL70001", "CODE-X", "TEXT-X", "PID-8", true));
    assertThat(journey.ledger())
        .singleElement()
        .satisfies(row -> assertThat(row.fillerNumber()).isEqualTo("FILLER77"))
        .satisfies(row -> assertThat(row.patientId()).isEqualTo("P-69310077"))
        .satisfies(row -> assertThat(row.contentDigest()).isEqualTo("digest"))
        .satisfies(row -> assertThat(row.cernerText()).isEqualTo("Cerner's words on MARKLEY"));
    assertThat(journey.notes()).extracting(Note::sentence).containsExactly("asked by Mrs. Why");
    assertThat(journey.requests())
        .extracting(OperatorRequest::why)
        .containsExactly("Mrs. Why MARKLEY");
    assertThat(journal.calls().contents(1).get(journey.calls().get(0).id()))
        .satisfies(call -> assertThat(call.target()).isEqualTo("/Patient?identifier=69310077"))
        .satisfies(call -> assertThat(call.response()).asString().contains("MARKLEY"));
    assertThat(
            journal
                .codes()
                .list(new CodeFilter(Optional.empty(), Optional.of("CODE-X"), Optional.empty())))
        .singleElement()
        .satisfies(line -> assertThat(line.code()).isEqualTo("CODE-X"))
        .satisfies(line -> assertThat(line.text()).isEqualTo("TEXT-X"));
  }

  @Test
  void theFilesShowNothingOfAPatientAndTheEngineReadsAll() throws Exception {
    try (JournalDatabase journal = open(A)) {
      fill(journal);
      mustBeWhole(journal);
      assertThat(JournalFiles.found(folder, MARKS)).isEmpty();
      assertThat(JournalFiles.found(folder, Digests.of("LAB@NORTH", "69310077"))).isEmpty();
      // The control id shows that the look would have found them.
      assertThat(JournalFiles.found(folder, "LAB@NORTH")).isNotEmpty();
    }
    assertThat(JournalFiles.found(folder, MARKS)).isEmpty();
    try (JournalDatabase journal = open(A)) {
      mustBeWhole(journal);
    }
  }

  @Test
  void aPlainJournalIsEncryptedAtItsFirstStartWithAKeyAndLeavesNoRemains() throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(folder, CLOCK)) {
      fill(journal);
      assertThat(JournalFiles.found(folder, MARKS)).hasSizeGreaterThanOrEqualTo(MARKS.length);
    }
    try (JournalDatabase journal = open(A)) {
      assertThat(JournalFiles.found(folder, MARKS)).isEmpty();
      mustBeWhole(journal);
      assertThat(journal.intake().store(fresh(MESSAGE)).get())
          .as("the same message as before is known")
          .isInstanceOf(Stored.Again.class);
      assertThat(journal.queue().waitingAfter(0, 10))
          .singleElement()
          .satisfies(
              waiting ->
                  assertThat(waiting.lane())
                      .contains(journal.searchKeys().of("lane", "LAB@NORTH", "69310077")));
    }
  }

  @Test
  void anEncryptionThatWasBrokenOffGoesOnAtTheNextStart() throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(folder, CLOCK)) {
      fill(journal);
    }
    open(A).close();
    // As if the engine had died with some rows plain and the files not written over.
    Jdbi.create("jdbc:sqlite:" + folder.resolve(JournalDatabase.FILE).toAbsolutePath())
        .useHandle(
            handle -> {
              handle.execute("UPDATE journal_key SET cleaned_at = 0");
              handle.execute("UPDATE message_content SET raw = ?", (Object) MESSAGE.bytes());
            });
    assertThat(JournalFiles.found(folder, "MARKLEY")).isNotEmpty();

    try (JournalDatabase journal = open(A)) {
      mustBeWhole(journal);
      assertThat(JournalFiles.found(folder, MARKS)).isEmpty();
    }
  }

  @Test
  void anOlderKeyIsNeededUntilItsRowsAreWrittenAnew() throws Exception {
    try (JournalDatabase journal = open(A)) {
      fill(journal);
    }
    try (JournalDatabase journal = open(B, A)) {
      mustBeWhole(journal);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  journal
                      .keyStates()
                      .equals(
                          List.of(
                              new ContentKeyState("a", false), new ContentKeyState("b", true))));
      mustBeWhole(journal);
    }
    try (JournalDatabase journal = open(B)) {
      mustBeWhole(journal);
      assertThat(journal.intake().store(fresh(MESSAGE)).get()).isInstanceOf(Stored.Again.class);
    }
    assertThatThrownBy(() -> open(A)).isInstanceOf(JournalException.class);
  }

  @Test
  void withoutTheRightKeyNothingStartsAndNothingIsLost() throws Exception {
    try (JournalDatabase journal = open(A)) {
      fill(journal);
    }
    ContentKeys.Key wrong = new ContentKeys.Key("a", B.bytes());
    assertThatThrownBy(() -> open(wrong))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("key a of MILLRACE_JOURNAL_KEY is not the key");
    assertThatThrownBy(() -> open(B))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("encrypted with key a, which MILLRACE_JOURNAL_KEY does not give");
    assertThatThrownBy(() -> JournalDatabase.open(folder, CLOCK))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("is encrypted (key a), and MILLRACE_JOURNAL_KEY gives no key");
    try (JournalDatabase journal = open(A)) {
      mustBeWhole(journal);
    }
  }

  @Test
  void whoLooksInWithoutTheKeySeesListsAndNoContents() throws Exception {
    try (JournalDatabase journal = open(A)) {
      fill(journal);
      try (JournalDatabase beside = JournalDatabase.openForRequests(folder, CLOCK)) {
        assertThat(beside.listing().list(MessageFilter.newest(10)))
            .extracting(MessageSummary::controlId)
            .containsExactly("A1");
        assertThatThrownBy(() -> beside.listing().show(1))
            .isInstanceOf(JournalException.class)
            .hasMessageContaining("the journal is encrypted (key a)");
        assertThatThrownBy(() -> beside.requests().ask("retry", 1, "ana", "because"))
            .isInstanceOf(JournalException.class)
            .hasMessageContaining("must give the key");
      }
      try (JournalDatabase beside = JournalDatabase.openReadOnly(folder, keys(A), CLOCK)) {
        mustBeWhole(beside);
      }
    }
  }

  @Test
  void aContentThatWasMovedToAnotherMessageIsTold() throws Exception {
    try (JournalDatabase journal = open(A)) {
      journal.intake().store(fresh(SampleMessages.oru("A1", "one"))).get();
      journal.intake().store(fresh(SampleMessages.oru("A2", "two"))).get();
      journal
          .write(
              handle ->
                  handle.execute(
                      "UPDATE message_content SET raw = (SELECT raw FROM message_content"
                          + " WHERE message_id = 1) WHERE message_id = 2"))
          .get();
      assertThatThrownBy(() -> journal.queue().find(2))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("message 2 cannot be decrypted");
      assertThat(journal.queue().find(1)).isPresent();
    }
  }

  @Test
  void longBodiesOfCallsAreCutAndNoneAreKeptWhereNoneAreWanted() throws Exception {
    try (JournalDatabase journal = open(A)) {
      long id = journal.intake().store(fresh(MESSAGE)).get().id();
      CernerCall call =
          new CernerCall(
              0, id, CLOCK.instant(), "POST", "DocumentReference", 201, "r", Duration.ZERO);
      journal.calls().keepBodies(1000);
      journal.calls().record(call, new CallContent("/x", new byte[5000], new byte[10]));
      journal.calls().keepBodies(0);
      journal.calls().record(call, new CallContent("/x", new byte[5000], new byte[10]));
      journal.queue().takeUp(id).get();

      assertThat(journal.listing().show(id).orElseThrow().calls()).hasSize(2);
      assertThat(journal.calls().contents(id).values())
          .singleElement()
          .satisfies(
              kept ->
                  assertThat(new String(kept.request(), StandardCharsets.UTF_8))
                      .endsWith("... (5000 bytes in all)")
                      .hasSizeLessThan(1100))
          .satisfies(kept -> assertThat(kept.response()).hasSize(10));
    }
  }
}
