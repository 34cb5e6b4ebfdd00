package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.hl7.AckMode;
import org.millrace.hl7.V2Message;

/**
 * A journal with keys: what its files or rows show, and what becomes of it when the keys change.
 */
@ParameterizedClass
@EnumSource(TestJournals.class)
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

  private static final List<String> TABLES =
      List.of(
          "message",
          "message_content",
          "note",
          "ledger",
          "business_key",
          "cerner_call",
          "cerner_call_content",
          "unknown_code",
          "operator_request",
          "operator_request_content",
          "delivery_pause",
          "saved_view",
          "wire_fault",
          "peer_block",
          "create_request",
          "asked_create",
          "application_reply",
          "query_continuation",
          "alert",
          "alert_notice",
          "alert_snooze",
          "audit_chain",
          "audit_entry",
          "audit_patient");

  @Parameter private TestJournals on;
  @TempDir private Path folder;
  private JournalPlace place;

  @BeforeEach
  void makeRoom() {
    place = on.place(folder);
  }

  private static ContentKeys keys(ContentKeys.Key... keys) {
    return new ContentKeys(Arrays.asList(keys));
  }

  private JournalDatabase open(ContentKeys.Key... keys) {
    return JournalDatabase.open(place, keys(keys), CLOCK);
  }

  private static NewMessage fresh(V2Message message) {
    return new NewMessage(
        message.header(),
        SampleMessages.FEED,
        "127.0.0.1:40112",
        CLOCK.instant(),
        message.bytes(),
        Digests.of(message.bytes(), 0),
        "MSH|reply to MARKLEY".getBytes(StandardCharsets.UTF_8),
        new NewMessage.Terms(
            true, Optional.of(new AskedReply(AckMode.When.AL, "")), OptionalLong.empty()));
  }

  private static final byte[] APPLICATION_REPLY =
      "MSH|application reply to MARKLEY".getBytes(StandardCharsets.UTF_8);

  private static final V2Message MESSAGE =
      SampleMessages.oruOf("69310077^^^MRN^MR", "A1", "the quick brown fox ".repeat(100));

  private static final TurnedAway TURNED_AWAY =
      new TurnedAway(
          CLOCK.instant(),
          "torn",
          2575,
          "10.1.2.3:40112",
          "",
          3,
          "MSH|torn\rPID|1||69310077||MARKLEY".getBytes(StandardCharsets.UTF_8));

  private static final CreateRequest.Asked CREATE =
      new CreateRequest.Asked("t", "KEY portal", "69310077", "/actions/create-patient", "d");

  private static final CreateRequest.Answer CREATED =
      new CreateRequest.Answer(
          201, Map.of(), "{\"family\":\"MARKLEY\"}".getBytes(StandardCharsets.UTF_8));

  /** A create that is left to be delivered, for the same patient. */
  private static final AskedCreate LEFT =
      new AskedCreate(
          new AskedCreate.Asker("t", "KEY portal", "ticket-69310077"),
          Feed.ofFace("/fhir/r4", Set.of("DocumentReference"), "", ZoneOffset.UTC),
          "FHIR@portal",
          "r1",
          "DocumentReference",
          "127.0.0.1",
          "{\"subject\":\"69310077\",\"family\":\"MARKLEY\"}".getBytes(StandardCharsets.UTF_8),
          Optional.empty());

  private static final ContinuationStore.Place NEXT_PAGE =
      new ContinuationStore.Place("", "pointer-1", "LAB@NORTH\r|MARKLEY");

  /** A message with a row in every table that holds contents. */
  private static void fill(JournalDatabase journal) throws Exception {
    long id = journal.intake().store(fresh(MESSAGE)).get().id();
    String lane = journal.searchKeys().of("lane", "LAB@NORTH", "69310077");
    journal.businessKeys().lookedInto(id, lane, BusinessKeys.of(MESSAGE)).get();
    LedgerRow row =
        LedgerRow.prepared(
                new LedgerRow.Asked(id, "OBR[1]", "create-document", "mr-1", "FILLER77"),
                "P-69310077")
            .sent(
                LedgerRow.Target.chartOf("P-69310077"),
                new LedgerRow.Content("digest", FiledAs.FINAL),
                CLOCK.instant())
            .refused("refused: no", "Cerner's words on MARKLEY");
    journal.ledger().save(List.of(row)).get();
    journal.applicationReplies().written(id, APPLICATION_REPLY).get();
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
    journal.pauses().pause(DeliveryPause.Kind.LANE, lane, "ana", "Mrs. Why MARKLEY").get();
    AuditEvent.Actor ana = AuditEvent.Actor.user("ana");
    List<Symptom> held = List.of(new Symptom("held", "results", "HELD: 1"));
    journal.alerts().look(held, Optional.empty(), List.of()).get();
    long alert = journal.alerts().open().get(0).id();
    journal.snoozes().snooze(alert, Duration.ofHours(1), ana, "Mrs. Why MARKLEY").get();
    journal.peerBlocks().block("10.1.2.3", Duration.ofHours(1), ana, "Mrs. Why MARKLEY").get();
    journal.savedViews().keep("ana", "of MARKLEY", MessageFilter.any().ofFeed("x"), ana).get();
    NewRequest request = NewRequest.of("retry", id, "ana", "Mrs. Why MARKLEY");
    journal.requests().ask(request.with("name", "MARKLEY").carrying(MESSAGE.bytes())).get();
    journal
        .calls()
        .record(
            new CernerCall(
                0, id, CLOCK.instant(), "GET", "Patient?identifier", 200, "r", Duration.ZERO),
            new CallContent(
                "/Patient?identifier=69310077",
                new byte[0],
                "{\"family\":\"MARKLEY\"}".getBytes(StandardCharsets.UTF_8)));
    CreateRequest.OnRecord begun =
        journal
            .createRequests()
            .begin(CREATE, CLOCK.instant(), CLOCK.instant().plusSeconds(45))
            .get();
    journal.createRequests().answered(((CreateRequest.OnRecord.Begun) begun).id(), CREATED).get();
    Instant expires = CLOCK.instant().plusSeconds(60);
    journal.continuations().keep(NEXT_PAGE, "[\"P-69310077\"]", expires, 10).get();
    journal.wire().record(TURNED_AWAY);
    journal
        .audit()
        .record(
            new AuditEvent(
                CLOCK.instant(),
                "read",
                AuditEvent.Outcome.DONE,
                200,
                new AuditEvent.Actor("portal", "key abc", "10.1.2.3"),
                "Patient",
                "",
                List.of("69310077"),
                Map.of("request", "GET Patient?family=MARKLEY")));
    // Another write that is waited for: those three ride along with it.
    journal.queue().takeUp(id).get();
  }

  /** In the files of a folder; on a server, whose files are not ours, in the rows. */
  private List<String> found(String... marks) throws SQLException {
    if (on == TestJournals.SQLITE) {
      return JournalFiles.found(folder, marks);
    }
    List<String> found = new ArrayList<>();
    for (String table : TABLES) {
      String rows = rows(table);
      Stream.of(marks).filter(rows::contains).forEach(mark -> found.add(mark + " in " + table));
    }
    return found;
  }

  private String rows(String table) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = TestJournals.connect(place);
        ResultSet rows = connection.createStatement().executeQuery("SELECT * FROM " + table)) {
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          all.append(
                  rows.getObject(i) instanceof byte[] bytes
                      ? new String(bytes, StandardCharsets.ISO_8859_1)
                      : rows.getString(i))
              .append('\n');
        }
      }
    }
    return all.toString();
  }

  private static void mustBeWhole(JournalDatabase journal) {
    assertThat(new AuditCheck(journal, List.of()).run().faults()).isEmpty();
    AuditFilter ofPatient =
        new AuditFilter(
            "",
            "",
            Optional.empty(),
            Optional.of("69310077"),
            Optional.empty(),
            Optional.empty(),
            0);
    assertThat(journal.auditTrail().list(ofPatient, 10, true))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.event().details())
                    .containsEntry("request", "GET Patient?family=MARKLEY"));
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
        .singleElement()
        .satisfies(request -> assertThat(request.why()).isEqualTo("Mrs. Why MARKLEY"))
        .satisfies(request -> assertThat(request.detail("name")).isEqualTo("MARKLEY"))
        .satisfies(
            request -> assertThat(journal.requests().content(request)).contains(MESSAGE.bytes()));
    assertThat(journal.savedViews().all())
        .extracting(SavedView::name)
        .containsExactly("of MARKLEY");
    assertThat(journal.snoozes().inForce())
        .singleElement()
        .satisfies(snooze -> assertThat(snooze.why()).isEqualTo("Mrs. Why MARKLEY"))
        .satisfies(snooze -> assertThat(snooze).asString().doesNotContain("MARKLEY"));
    assertThat(journal.peerBlocks().inForce())
        .singleElement()
        .satisfies(block -> assertThat(block.why()).isEqualTo("Mrs. Why MARKLEY"))
        .satisfies(block -> assertThat(block).asString().doesNotContain("MARKLEY"));
    assertThat(journal.pauses().inForce())
        .singleElement()
        .satisfies(pause -> assertThat(pause.why()).isEqualTo("Mrs. Why MARKLEY"))
        .satisfies(
            pause ->
                assertThat(pause.name())
                    .isEqualTo(journal.searchKeys().of("lane", "LAB@NORTH", "69310077")));
    assertThat(journal.pauses().heldAmong(List.of(1L))).containsExactly(1L);
    assertThat(journal.calls().contents(1).get(journey.calls().get(0).id()))
        .satisfies(call -> assertThat(call.target()).isEqualTo("/Patient?identifier=69310077"))
        .satisfies(call -> assertThat(call.response()).asString().contains("MARKLEY"));
    assertThat(journey.application().orElseThrow().reply()).isEqualTo(APPLICATION_REPLY);
    assertThat(journal.createRequests().find(CREATE, CLOCK.instant()))
        .get()
        .isInstanceOfSatisfying(
            CreateRequest.OnRecord.Answered.class,
            found -> assertThat(found.answer().body()).isEqualTo(CREATED.body()));
    assertThat(journal.wire().newest(9))
        .singleElement()
        .usingRecursiveComparison()
        .isEqualTo(TURNED_AWAY);
    assertThat(journal.ledger().ofReport(new LedgerStore.Report("LAB@NORTH", "OBR", "FILLER77"), 5))
        .singleElement()
        .satisfies(entry -> assertThat(entry.row().patientId()).isEqualTo("P-69310077"));
    assertThat(
            journal
                .listing()
                .list(
                    MessageFilter.any()
                        .with(new BusinessKey(BusinessKey.Kind.PATIENT, "69310077"))
                        .with(new BusinessKey(BusinessKey.Kind.FILLER, "A1-1"))))
        .extracting(MessageSummary::id)
        .containsExactly(1L);
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
      assertThat(journal.continuations().rest(NEXT_PAGE)).contains("[\"P-69310077\"]");
      assertThat(found(MARKS)).isEmpty();
      assertThat(found(Digests.of("LAB@NORTH", "69310077"), Digests.of("69310077"))).isEmpty();
      // The control id shows that the look would have found them.
      assertThat(found("LAB@NORTH")).isNotEmpty();
    }
    assertThat(found(MARKS)).isEmpty();
    try (JournalDatabase journal = open(A)) {
      mustBeWhole(journal);
    }
  }

  @Test
  void aPlainJournalIsEncryptedAtItsFirstStartWithAKeyAndLeavesNoRemains() throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(place, CLOCK)) {
      fill(journal);
      assertThat(found(MARKS)).hasSizeGreaterThanOrEqualTo(MARKS.length);
      assertThat(found(Digests.of("69310077"))).isNotEmpty();
    }
    try (JournalDatabase journal = open(A)) {
      assertThat(found(MARKS)).isEmpty();
      assertThat(found(Digests.of("69310077"))).isEmpty();
      assertThat(journal.continuations().rest(NEXT_PAGE)).as("asked anew").isEmpty();
      mustBeWhole(journal);
      assertThat(journal.intake().store(fresh(MESSAGE)).get())
          .as("the same message as before is known")
          .isInstanceOf(Stored.Again.class);
      assertThat(journal.waiting().after(0, 10))
          .singleElement()
          .satisfies(
              waiting ->
                  assertThat(waiting.lane())
                      .contains(journal.searchKeys().of("lane", "LAB@NORTH", "69310077")));
    }
  }

  @Test
  void anEncryptionThatWasBrokenOffGoesOnAtTheNextStart() throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(place, CLOCK)) {
      fill(journal);
    }
    open(A).close();
    // As if the engine had died with some rows plain and the files not written over.
    Jdbi.create(() -> TestJournals.connect(place))
        .useHandle(
            handle -> {
              handle.execute("UPDATE journal_key SET cleaned_at = 0");
              handle.execute("UPDATE message_content SET raw = ?", (Object) MESSAGE.bytes());
            });
    assertThat(found("MARKLEY")).isNotEmpty();

    try (JournalDatabase journal = open(A)) {
      mustBeWhole(journal);
      assertThat(found(MARKS)).isEmpty();
    }
  }

  @Test
  void aLeftCreateOfAPlainJournalIsFoundByItsTicketOnceThatIsEncrypted() throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(place, CLOCK)) {
      journal.askedCreates().store(LEFT, CLOCK.instant()).get();
    }
    try (JournalDatabase journal = open(A)) {
      long left = journal.askedCreates().find(LEFT.asker()).orElseThrow();
      assertThat(journal.queue().find(left).orElseThrow().raw()).isEqualTo(LEFT.resource());
      assertThat(found(MARKS)).isEmpty();
      assertThat(found(Digests.of("t", "KEY portal", "ticket-69310077"))).isEmpty();
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
    assertThatThrownBy(() -> JournalDatabase.open(place, CLOCK))
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
      try (JournalDatabase beside = JournalDatabase.openForRequests(place, CLOCK)) {
        assertThat(beside.listing().list(MessageFilter.any().atMost(10)))
            .extracting(MessageSummary::controlId)
            .containsExactly("A1");
        assertThatThrownBy(() -> beside.listing().show(1))
            .isInstanceOf(JournalException.class)
            .hasMessageContaining("the journal is encrypted (key a)");
        assertThatThrownBy(
                () ->
                    beside
                        .listing()
                        .list(
                            MessageFilter.any()
                                .with(new BusinessKey(BusinessKey.Kind.PATIENT, "69310077"))))
            .isInstanceOf(JournalException.class)
            .hasMessageContaining("the journal is encrypted (key a)")
            .hasMessageNotContaining("69310077");
        assertThatThrownBy(() -> beside.requests().ask("retry", 1, "ana", "because"))
            .isInstanceOf(JournalException.class)
            .hasMessageContaining("must give the key");
      }
      try (JournalDatabase beside = JournalDatabase.openReadOnly(place, keys(A), CLOCK)) {
        mustBeWhole(beside);
      }
    }
  }

  @Test
  void anotherKeyIsNotTakenIntoUseWhileAnotherEngineWrites() throws Exception {
    on.mustBe(TestJournals.POSTGRES, "a folder has one engine");
    try (JournalDatabase plain = open()) {
      fill(plain);
      assertThatThrownBy(() -> open(A))
          .hasMessageContaining("another engine writes it with no key");
      assertThat(plain.keyStates()).isEmpty();
    }
    try (JournalDatabase first = open(A)) {
      first.queue().takeUp(1).get();
      try (JournalDatabase second = open(A)) {
        mustBeWhole(second);
      }
      assertThatThrownBy(() -> open(B, A))
          .hasMessageContaining("another engine writes it with another key");
      mustBeWhole(first);
    }
  }

  @Test
  void twoEnginesWriteTheRowsOfAnOlderKeyAnew() throws Exception {
    on.mustBe(TestJournals.POSTGRES, "a folder has one engine");
    try (JournalDatabase journal = open(A)) {
      fill(journal);
      for (int i = 0; i < 200; i++) {
        journal.intake().store(fresh(SampleMessages.oru("B" + i, "text"))).get();
      }
    }
    try (JournalDatabase first = open(B, A);
        JournalDatabase second = open(B, A)) {
      Awaitility.await().until(() -> first.keyStates().contains(new ContentKeyState("a", false)));
      mustBeWhole(first);
      mustBeWhole(second);
    }
    try (JournalDatabase journal = open(B)) {
      mustBeWhole(journal);
      assertThat(journal.queue().find(201)).isPresent();
    }
  }

  @Test
  void anEngineThatWasCutOffWritesNothingWithAKeyThatWasReplaced() throws Exception {
    on.mustBe(TestJournals.POSTGRES, "a folder has one engine");
    try (JournalDatabase cutOff = open(A)) {
      cutOff.intake().store(fresh(MESSAGE)).get();
      Jdbi.create(() -> TestJournals.connect(place))
          .useHandle(
              handle ->
                  handle
                      .createQuery(
                          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                              + " WHERE datname = current_database() AND pid <> pg_backend_pid()")
                      .mapTo(Boolean.class)
                      .list());
      try (JournalDatabase other = open(B, A)) {
        assertThatThrownBy(
                () -> cutOff.intake().store(fresh(SampleMessages.oru("A2", "two"))).get())
            .isInstanceOf(ExecutionException.class);
        assertThatThrownBy(
                () -> cutOff.intake().store(fresh(SampleMessages.oru("A3", "three"))).get())
            .rootCause()
            .hasMessageContaining("was given another key meanwhile");
        assertThat(other.listing().list(MessageFilter.any().atMost(10))).hasSize(1);
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
