package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The audit trail, and what becomes visible of tampering with it. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class AuditTrailTest {
  private static final Instant NOW = Instant.parse("2026-11-20T16:15:00Z");
  private static final ContentKeys.Key KEY = ContentKeys.fresh("a");
  private static final ContentKeys ENCRYPTED = new ContentKeys(List.of(KEY));

  @Parameter private TestJournals on;
  private JournalPlace place;

  @BeforeEach
  void makeRoom(@TempDir Path folder) {
    place = on.place(folder);
  }

  private JournalDatabase open(ContentKeys keys) {
    return JournalDatabase.open(place, keys, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static AuditEvent event(String who, String... patients) {
    return new AuditEvent(
        NOW,
        "read",
        AuditEvent.Outcome.DONE,
        200,
        new AuditEvent.Actor(who, "key abc", "10.1.2.3"),
        "Encounter",
        "req-1",
        List.of(patients),
        Map.of("request", "GET /fhir/r4/Encounter/77"));
  }

  /** Six entries of one chain, and its end. */
  private AuditHead filled(ContentKeys keys) throws Exception {
    try (JournalDatabase journal = open(keys)) {
      return filled(journal);
    }
  }

  private static AuditHead filled(JournalDatabase journal) throws Exception {
    for (String who : List.of("a", "b", "c", "d", "e")) {
      journal.audit().recordNow(event(who, "9900101", "9900102")).get();
    }
    return journal.audit().recordNow(event("f", "9900103")).get();
  }

  private AuditCheck.Result checked(ContentKeys keys, AuditHead... kept) {
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(place, keys, Clock.fixed(NOW, ZoneOffset.UTC))) {
      return new AuditCheck(journal, List.of(kept)).run();
    }
  }

  private void tamper(String... statements) throws SQLException {
    try (Connection connection = TestJournals.connect(place);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        assertThat(statement.executeUpdate(each)).as(each).isPositive();
      }
    }
  }

  private static AuditFilter of(Optional<String> patient, String who) {
    return new AuditFilter(
        who, "", Optional.empty(), patient, Optional.empty(), Optional.empty(), 0);
  }

  @Test
  void whatIsPutOnRecordIsFoundByWhoAndOfWhom() throws Exception {
    filled(ENCRYPTED);
    try (JournalDatabase journal = open(ENCRYPTED)) {
      AuditTrailStore audit = journal.auditTrail();
      assertThat(audit.list(of(Optional.empty(), "c"), 10, true))
          .singleElement()
          .satisfies(
              entry -> assertThat(entry.event()).isEqualTo(event("c", "9900101", "9900102")));
      assertThat(audit.list(of(Optional.of("9900101"), ""), 10, true)).hasSize(5);
      assertThat(audit.list(of(Optional.of("9900103"), ""), 10, true)).hasSize(1);
      assertThat(audit.list(of(Optional.of("99001"), ""), 10, true)).isEmpty();
      assertThat(audit.after(AuditFilter.ANY, 0, 4)).hasSize(4);
      assertThat(journal.audit().lost()).isZero();
    }
  }

  @Test
  void whatNobodyWaitsForIsWrittenInItsOrderBeforeTheJournalCloses() throws Exception {
    try (JournalDatabase journal = open(ENCRYPTED)) {
      for (int i = 0; i < 1200; i++) {
        journal.audit().record(event("caller-" + i, "9900101"));
      }
    }
    AuditCheck.Result result = checked(ENCRYPTED);
    assertThat(result.faults()).isEmpty();
    assertThat(result.entries()).isEqualTo(1200);
    try (JournalDatabase journal = open(ENCRYPTED)) {
      assertThat(journal.auditTrail().after(AuditFilter.ANY, 0, 3))
          .extracting(entry -> entry.event().actor().name())
          .containsExactly("caller-0", "caller-1", "caller-2");
    }
  }

  @Test
  void withoutTheKeyItIsListedWithoutDetails() throws Exception {
    filled(ENCRYPTED);
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(place, Clock.fixed(NOW, ZoneOffset.UTC))) {
      assertThat(journal.auditTrail().list(AuditFilter.ANY, 10, false))
          .hasSize(6)
          .allSatisfy(
              entry -> {
                assertThat(entry.event().patients()).isEmpty();
                assertThat(entry.event().details()).isEmpty();
              });
    }
  }

  @Test
  void aTrailThatNobodyTouchedIsAsItWasWritten() throws Exception {
    AuditHead end = filled(ENCRYPTED);

    AuditCheck.Result result = checked(ENCRYPTED, end);

    assertThat(result.faults()).isEmpty();
    assertThat(result.entries()).isEqualTo(6);
    assertThat(result.ends()).containsExactly(end);
    assertThat(AuditHead.read(end.toString())).contains(end);
  }

  @Test
  void aChangedEntryIsFound() throws Exception {
    AuditHead end = filled(ENCRYPTED);

    tamper("UPDATE audit_entry SET who = 'z' WHERE seq = 3");

    assertThat(checked(ENCRYPTED).faults())
        .containsExactly(
            "chain "
                + end.chain()
                + ": entry 3 is not what was written, or the one before it is not");
  }

  @Test
  void detailsOfAnotherEntryAreFound() throws Exception {
    filled(ENCRYPTED);

    tamper(
        "UPDATE audit_entry SET details = (SELECT details FROM audit_entry WHERE seq = 2)"
            + " WHERE seq = 3");

    assertThat(checked(ENCRYPTED).faults())
        .singleElement()
        .asString()
        .contains("entry 3 has other details");
  }

  private void anAccessIsHidden(ContentKeys keys, String statement) throws Exception {
    AuditHead end = filled(keys);
    assertThat(checked(keys).faults()).isEmpty();

    tamper(statement);

    assertThat(checked(keys).faults())
        .containsExactly(
            "chain "
                + end.chain()
                + ": entry 3 is not found by the patients, or by those only, it is about");
  }

  private static final String OF_THIRD =
      "entry_id = (SELECT id FROM audit_entry WHERE seq = 3)"
          + " AND patient = (SELECT min(patient) FROM audit_patient WHERE entry_id ="
          + " (SELECT id FROM audit_entry WHERE seq = 3))";

  @Test
  void anEntryThatIsNoLongerFoundByItsPatientIsFound() throws Exception {
    anAccessIsHidden(ENCRYPTED, "DELETE FROM audit_patient WHERE " + OF_THIRD);
  }

  @Test
  void anEntryThatIsNoLongerFoundByItsPatientIsFoundInAPlainJournalToo() throws Exception {
    anAccessIsHidden(ContentKeys.NONE, "DELETE FROM audit_patient WHERE " + OF_THIRD);
  }

  @Test
  void anEntryThatIsFoundByWhatNobodySeeksIsFound() throws Exception {
    String plain = new AuditSeals(SearchKeys.plain()).patient("9900101");

    anAccessIsHidden(
        ENCRYPTED, "UPDATE audit_patient SET patient = '" + plain + "' WHERE " + OF_THIRD);
  }

  @Test
  void anEntryThatIsFoundByAnotherPatientTooIsFound() throws Exception {
    anAccessIsHidden(
        ENCRYPTED,
        "INSERT INTO audit_patient (patient, entry_id)"
            + " SELECT (SELECT max(p.patient) FROM audit_patient p JOIN audit_entry e"
            + " ON e.id = p.entry_id WHERE e.seq = 6), id FROM audit_entry WHERE seq = 3");
  }

  @Test
  void anEntryThatWasTakenAwayIsFound() throws Exception {
    filled(ENCRYPTED);

    tamper(
        "DELETE FROM audit_patient WHERE entry_id = (SELECT id FROM audit_entry WHERE seq = 3)",
        "DELETE FROM audit_entry WHERE seq = 3");

    assertThat(checked(ENCRYPTED).faults())
        .singleElement()
        .asString()
        .contains("entry 4 follows entry 2");
  }

  @Test
  void aGapThatWasClosedIsFound() throws Exception {
    filled(ENCRYPTED);

    tamper(
        "DELETE FROM audit_patient WHERE entry_id = (SELECT id FROM audit_entry WHERE seq = 3)",
        "DELETE FROM audit_entry WHERE seq = 3",
        "UPDATE audit_entry SET seq = 3 WHERE seq = 4",
        "UPDATE audit_entry SET seq = 4 WHERE seq = 5",
        "UPDATE audit_entry SET seq = 5 WHERE seq = 6",
        "UPDATE audit_chain SET seq = 5");

    assertThat(checked(ENCRYPTED).faults()).anyMatch(fault -> fault.contains("entry 3 is not"));
  }

  @Test
  void anEntryThatWasPutInIsFound() throws Exception {
    filled(ENCRYPTED);

    tamper(
        "UPDATE audit_entry SET seq = 7 WHERE seq = 6",
        "INSERT INTO audit_entry (chain, seq, at, what, outcome, status, who, proof, address,"
            + " subject, request_id, details, commitment, hash) SELECT chain, 6, at, what, outcome,"
            + " status, who, proof, address, subject, request_id, details, commitment, hash FROM"
            + " audit_entry WHERE seq = 5");

    assertThat(checked(ENCRYPTED).faults()).anyMatch(fault -> fault.contains("entry 6 is not"));
  }

  @Test
  void entriesInAnotherOrderAreFound() throws Exception {
    filled(ENCRYPTED);

    tamper(
        "UPDATE audit_entry SET seq = 99 WHERE seq = 3",
        "UPDATE audit_entry SET seq = 3 WHERE seq = 4",
        "UPDATE audit_entry SET seq = 4 WHERE seq = 99");

    assertThat(checked(ENCRYPTED).faults())
        .anyMatch(fault -> fault.contains("entry 3 is not"))
        .anyMatch(fault -> fault.contains("entry 4 is not"));
  }

  /** As far as somebody without the key can get: the end is made to fit, but for its seal. */
  private void cutTail() throws SQLException {
    tamper(
        "DELETE FROM audit_patient WHERE entry_id IN (SELECT id FROM audit_entry WHERE seq > 4)",
        "DELETE FROM audit_entry WHERE seq > 4",
        "UPDATE audit_chain SET seq = 4, hash = (SELECT hash FROM audit_entry WHERE seq = 4)");
  }

  @Test
  void aTailThatWasCutOffIsFoundByTheSeal() throws Exception {
    filled(ENCRYPTED);

    cutTail();

    assertThat(checked(ENCRYPTED).faults())
        .singleElement()
        .asString()
        .contains("does not end as it is sealed");
  }

  @Test
  void aTailThatWasCutOffIsFoundAlsoAfterTheEngineWentOn() throws Exception {
    String chain;
    try (JournalDatabase journal = open(ENCRYPTED)) {
      chain = filled(journal).chain();
      cutTail();
      journal.audit().recordNow(event("g", "9900104")).get();
    }

    assertThat(checked(ENCRYPTED).faults())
        .containsExactly(
            "chain "
                + chain
                + ": did not end as it was sealed when entry 5 was written: entries before it are"
                + " gone or were added");
    try (JournalDatabase journal = open(ENCRYPTED)) {
      assertThat(journal.auditTrail().after(AuditFilter.ANY, 0, 10))
          .extracting(entry -> entry.event().what())
          .containsExactly("read", "read", "read", "read", "broken-end", "read");
    }
  }

  /** Looks at a trail to which an engine adds an entry before and after each look. */
  private static final class Growing extends AuditTrailStore {
    private final JournalDatabase journal;
    private int toCome = 10;

    Growing(JournalDatabase journal) {
      super(journal);
      this.journal = journal;
    }

    private void grow() {
      if (toCome-- > 0) {
        journal.audit().recordNow(event("g", "9900104")).join();
      }
    }

    @Override
    Optional<AuditEnd> end(String ofChain) {
      grow();
      Optional<AuditEnd> found = super.end(ofChain);
      grow();
      return found;
    }

    @Override
    List<Row> ofChain(String ofChain, long after, int rows) {
      List<Row> found = super.ofChain(ofChain, after, rows);
      grow();
      return found;
    }
  }

  @Test
  void aTrailThatGrowsWhileItIsLookedAtIsAsItWasWritten() throws Exception {
    try (JournalDatabase journal = open(ENCRYPTED)) {
      AuditHead kept = filled(journal);

      AuditCheck.Result result =
          new AuditCheck(new Growing(journal), journal.searchKeys(), List.of(kept)).run();

      assertThat(result.faults()).isEmpty();
      assertThat(result.entries()).isGreaterThan(7);
    }
  }

  @Test
  void entriesBehindASealThatWasPutBackAreFound() throws Exception {
    try (JournalDatabase journal = open(ENCRYPTED)) {
      filled(journal);
      AuditEnd before = journal.auditTrail().end(journal.auditTrail().chains().get(0)).get();
      journal.audit().recordNow(event("g")).get();
      tamper(
          "UPDATE audit_chain SET seq = 6, hash = '"
              + before.head().hash()
              + "', seal = '"
              + before.seal()
              + "'");
    }

    assertThat(checked(ENCRYPTED).faults())
        .singleElement()
        .asString()
        .contains("does not end as it is sealed");
  }

  @Test
  void anEndInPlainIsNotTakenOverWhereTheJournalHasItsSecret() throws Exception {
    filled(ContentKeys.NONE);
    open(ENCRYPTED).close();
    cutTail();
    sealPlainly();
    // As if the first move to a key had been broken off, and beside a change of keys.
    tamper("UPDATE journal_key SET cleaned_at = 0");
    ContentKeys next = new ContentKeys(List.of(ContentKeys.fresh("b"), KEY));

    try (JournalDatabase journal = open(next)) {
      KeyChangeStore change = new KeyChangeStore("b", journal.secrets());
      while (change.step(journal).get()) {}
      journal.audit().recordNow(event("g")).get();
    }

    // Engines on one database do not go on with the chain of another.
    assertThat(checked(next).faults())
        .anyMatch(
            fault ->
                fault.contains("did not end as it was sealed when entry 5 was written")
                    || fault.contains("does not end as it is sealed"));
  }

  /** The seal that anybody can make. */
  private void sealPlainly() throws SQLException {
    try (Connection connection = TestJournals.connect(place);
        Statement statement = connection.createStatement();
        ResultSet end = statement.executeQuery("SELECT chain, seq, hash FROM audit_chain")) {
      assertThat(end.next()).isTrue();
      AuditHead head = new AuditHead(end.getString(1), end.getLong(2), end.getString(3));
      tamper(
          "UPDATE audit_chain SET seal = '" + new AuditSeals(SearchKeys.plain()).end(head) + "'");
    }
  }

  @Test
  void aPlainTailThatWasCutOffIsNotSealedWithTheFirstKey() throws Exception {
    filled(ContentKeys.NONE);
    cutTail();

    open(ENCRYPTED).close();

    assertThat(checked(ENCRYPTED).faults())
        .anyMatch(fault -> fault.contains("does not end as it is sealed"));
  }

  @Test
  void aTailThatWasCutOffIsFoundByAnEndThatWasKeptElsewhere() throws Exception {
    AuditHead end = filled(ContentKeys.NONE);

    cutTail();

    assertThat(checked(ContentKeys.NONE, end).faults())
        .anyMatch(fault -> fault.contains("ends with entry 4; entry 6 was kept"));
  }

  @Test
  void aChainThatIsGoneIsFoundByAnEndThatWasKeptElsewhereAndByTheOthers() throws Exception {
    AuditHead end = filled(ENCRYPTED);
    try (JournalDatabase commands =
        JournalDatabase.openForRequests(place, ENCRYPTED, Clock.fixed(NOW, ZoneOffset.UTC))) {
      commands.audit().recordNow(event("g")).get();
    }
    try (JournalDatabase journal = open(ENCRYPTED)) {
      journal.audit().started("ana").get();
    }
    assertThat(checked(ENCRYPTED, end).faults()).isEmpty();

    tamper(
        "DELETE FROM audit_entry WHERE chain = 'commands'",
        "DELETE FROM audit_chain WHERE chain = 'commands'");

    assertThat(checked(ENCRYPTED, end).faults())
        .anyMatch(fault -> fault.startsWith("chain commands: entry 1 was there when"));
    assertThat(checked(ENCRYPTED, new AuditHead("commands", 1, "x")).faults())
        .anyMatch(fault -> fault.contains("is gone; an end of it was kept"));
  }

  @Test
  void aTrailFromBeforeTheFirstKeyIsSealedWithItAndStaysAsItWasWritten() throws Exception {
    AuditHead end = filled(ContentKeys.NONE);
    try (JournalDatabase journal = open(ENCRYPTED)) {
      assertThat(journal.auditTrail().list(of(Optional.of("9900101"), ""), 10, true)).hasSize(5);
      journal.audit().recordNow(event("g")).get();
    }
    assertThat(checked(ENCRYPTED, end).faults()).isEmpty();

    tamper("UPDATE audit_entry SET who = 'z' WHERE seq = 2");

    assertThat(checked(ENCRYPTED).faults()).anyMatch(fault -> fault.contains("entry 2 is not"));
  }

  @Test
  void aPlainCopyCannotTakeThePlaceOfASealedChain() throws Exception {
    filled(ContentKeys.NONE);
    try (JournalDatabase journal = open(ENCRYPTED)) {
      journal.audit().recordNow(event("g")).get();
    }

    tamper("UPDATE audit_entry SET hash = 'plain' WHERE who = 'g'");

    assertThat(checked(ENCRYPTED).faults())
        .anyMatch(fault -> fault.contains("does not end as it is sealed"));
  }

  @Test
  void whatOperatorsDoIsOnRecordInTheSameCommit() throws Exception {
    try (JournalDatabase journal = open(ENCRYPTED)) {
      journal.pauses().pause(DeliveryPause.Kind.FEED, "oru", "ana", "Mrs. Why").get();
      journal.pauses().pause(DeliveryPause.Kind.FEED, "oru", "ana", "again").get();
      journal.pauses().resume(DeliveryPause.Kind.FEED, "oru", "bob").get();
      journal.requests().ask("retry", 12, "ana", "mended").get();
      Symptom full = new Symptom("disk", "", "12 MB left");
      journal.alerts().look(List.of(full), Optional.empty(), List.of()).get();
      AuditEvent.Actor ana = AuditEvent.Actor.user("ana");
      journal.snoozes().snooze(1, Duration.ofHours(1), ana, "a new disk").get();
      journal.snoozes().snooze(2, Duration.ofHours(1), ana, "no such alert").get();
      journal.snoozes().wake(1, ana).get();
      journal.snoozes().wake(1, ana).get();

      assertThat(journal.auditTrail().after(AuditFilter.ANY, 0, 10))
          .extracting(
              entry -> entry.event().what(),
              entry -> entry.event().actor().name(),
              entry -> entry.event().subject(),
              entry -> entry.event().details().getOrDefault("why", ""))
          .containsExactly(
              tuple("pause", "ana", "feed oru", "Mrs. Why"),
              tuple("resume", "bob", "feed oru", ""),
              tuple("retry", "ana", "message 12", "mended"),
              tuple("snooze", "ana", "alert disk", "a new disk"),
              tuple("wake", "ana", "alert disk", ""));
    }
  }
}
