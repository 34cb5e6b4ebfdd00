package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A journal of an earlier version of the engine, opened by this one. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class JournalUpgradeTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);

  @Parameter private TestJournals on;
  @TempDir private Path folder;
  private JournalPlace place;

  @BeforeEach
  void writeTheFirstVersion() {
    place = on.place(folder);
    FirstVersion.write(place);
  }

  @Test
  void whatWasThereStaysAndCodesCanBeKept() throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(place, CLOCK)) {
      MessageJourney old = journal.listing().show(1).orElseThrow();
      assertThat(old.summary().state()).isEqualTo(MessageState.DELIVERED);
      assertThat(old.codes()).isEmpty();
      assertThat(journal.queue().find(1).orElseThrow().feed().settings())
          .isEqualTo(FeedSettings.DEFAULT);
      assertThat(old.ledger())
          .singleElement()
          .satisfies(row -> assertThat(row.contentDigest()).isEmpty())
          .satisfies(row -> assertThat(row.filedAs()).isEqualTo(FiledAs.UNKNOWN))
          .satisfies(row -> assertThat(row.state()).isEqualTo(LedgerState.DONE));

      UnmappedCode code = new UnmappedCode("T", "X", "", "OBR[1]-4.1", false);
      journal
          .queue()
          .conclude(
              1,
              new Conclusion(
                  MessageState.DELIVERED,
                  Reason.NONE,
                  CLOCK.instant(),
                  Optional.of(new MappingReport("{}", List.of(code))),
                  List.of()))
          .get();
      assertThat(journal.codes().of(1)).containsExactly(code);
    }
  }

  @Test
  void whatWaitsOrIsHeldIsLookedIntoAnewForItsNumbers() throws Exception {
    Jdbi.create(() -> TestJournals.connect(place))
        .useHandle(
            handle -> {
              message(handle, "A2", "QUEUED");
              message(handle, "A3", "HELD");
            });
    try (JournalDatabase journal = JournalDatabase.open(place, CLOCK)) {
      assertThat(journal.waiting().after(0, 10))
          .singleElement()
          .satisfies(waiting -> assertThat(waiting.id()).isEqualTo(2))
          .satisfies(waiting -> assertThat(waiting.lane()).isEmpty());
      assertThat(journal.businessKeys().stoppedUnread(0, 10)).containsExactly(3L);

      Set<BusinessKey> numbers = Set.of(new BusinessKey(BusinessKey.Kind.FILLER, "F1"));
      for (long id : List.of(2L, 3L)) {
        // The lane that it had stays: an engine of the version before goes by it.
        assertThat(journal.businessKeys().lookedInto(id, "new lane", numbers).get())
            .isEqualTo("old lane");
      }

      assertThat(journal.businessKeys().stoppedUnread(0, 10)).isEmpty();
      assertThat(journal.waiting().after(0, 10).get(0).lane()).contains("old lane");
      assertThat(
              journal
                  .listing()
                  .list(MessageFilter.any().with(new BusinessKey(BusinessKey.Kind.FILLER, "F1"))))
          .extracting(MessageSummary::id)
          .containsExactly(3L, 2L);
    }
  }

  @Test
  void queriesOfBeforeAreListedWithoutWhatWasNotKept() {
    Jdbi.create(() -> TestJournals.connect(place))
        .useHandle(
            handle -> {
              question(handle, "Q2", "DELIVERED", "");
              question(handle, "Q3", "REFUSED", "query-refused");
              question(handle, "C4", "REFUSED", "not-valid");
            });
    try (JournalDatabase journal = JournalDatabase.open(place, CLOCK)) {
      List<AnsweredQuery> queries = journal.queries().list(QueryFilter.ANY);

      assertThat(queries).extracting(AnsweredQuery::controlId).containsExactly("Q3", "Q2");
      assertThat(queries)
          .extracting(each -> each.answer().outcome())
          .containsExactly(QueryAnswer.Outcome.REFUSED, QueryAnswer.Outcome.ANSWERED);
      assertThat(queries).allMatch(each -> each.answer().took().isEmpty());
    }
  }

  private static void question(Handle handle, String controlId, String state, String reason) {
    handle.execute(
        "INSERT INTO message (kind, feed, sender, control_id, message_type, peer, received_at,"
            + " state, reason_code, reason, remedy, who_acts, attempts, next_try_at, changed_at,"
            + " content_hash, reply_state)"
            + " VALUES ('QUESTION', 'queries', 'LAB@NORTH', ?, 'QRY^A19', '', 1, ?, ?, '', '', '',"
            + " 0, 1, 1, '', 'GIVEN')",
        controlId,
        state,
        reason);
  }

  private static void message(Handle handle, String controlId, String state) {
    handle.execute(
        "INSERT INTO message (kind, message_key, feed, sender, control_id, message_type,"
            + " peer, received_at, lane, state, reason_code, reason, remedy, who_acts,"
            + " attempts, next_try_at, changed_at, content_hash, reply_state)"
            + " VALUES ('MESSAGE', ?, 'results', 'LAB@NORTH', ?, 'ORU^R01', '', 1, 'old lane',"
            + " ?, '', '', '', '', 1, 1, 1, 'h', 'GIVEN')",
        controlId,
        controlId,
        state);
  }

  @Test
  void itsFileCanBeMadeSmallerFromNowOn() {
    on.mustBe(TestJournals.SQLITE, "the server's vacuum does it");
    try (JournalDatabase journal = JournalDatabase.open(place, CLOCK)) {
      long incremental = 2;
      assertThat(
              journal.<Long>read(
                  handle -> handle.createQuery("PRAGMA auto_vacuum").mapTo(Long.class).one()))
          .isEqualTo(incremental);
      assertThat(journal.listing().show(1)).isPresent();
    }
  }

  @Test
  void whatWasThereIsEncryptedWithAKey() {
    ContentKeys keys = new ContentKeys(List.of(ContentKeys.fresh("first")));
    try (JournalDatabase journal = JournalDatabase.open(place, keys, CLOCK)) {
      MessageJourney old = journal.listing().show(1).orElseThrow();
      assertThat(old.raw()).isEqualTo(new byte[] {0x4d});
      assertThat(old.report()).isEqualTo("{}");
      assertThat(old.ledger())
          .singleElement()
          .satisfies(row -> assertThat(row.patientId()).isEqualTo("P1"));
      assertThat(
              journal.<String>read(
                  handle ->
                      handle
                          .createQuery(
                              "SELECT patient_id || message_key || report FROM ledger"
                                  + " JOIN message ON message.id = message_id JOIN message_content"
                                  + " USING (message_id)")
                          .mapTo(String.class)
                          .one()))
          .matches("sealed~\\S+k:\\S+sealed~\\S+");
    }
  }

  @Test
  void whoLooksInBesideTheOldEngineIsToldPlainly() {
    assertThatThrownBy(() -> JournalDatabase.openReadOnly(place, CLOCK))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("older version");
    assertThatThrownBy(() -> JournalDatabase.openForRequests(place, CLOCK))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("older version");
  }

  @Test
  void afterAFailedMigrationTheVersionBeforeGoesOnWithTheJournal(@TempDir Path more)
      throws Exception {
    JournalDatabase.open(place, CLOCK).close();
    Files.writeString(
        more.resolve("V98__good.sql"), "ALTER TABLE note ADD COLUMN spare INT NOT NULL DEFAULT 0;");
    Files.writeString(
        more.resolve("V99__bad.sql"),
        "DROP TABLE unknown_code;\nINSERT INTO nowhere (a) VALUES (1);");
    SqlDatabase database = OpeningStore.at(place);
    database.claim();

    assertThatThrownBy(
            () -> SchemaStore.migrate(database, "classpath:db/migration", "filesystem:" + more))
        .isInstanceOf(FlywayException.class);

    database.close();
    JournalDatabase.openReadOnly(place, CLOCK).close();
    try (JournalDatabase journal = JournalDatabase.open(place, CLOCK)) {
      assertThat(journal.listing().show(1)).isPresent();
      assertThat(journal.codes().of(1)).isEmpty();
      assertThat(columns()).doesNotContain("spare");
    }
  }

  private List<String> columns() throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = TestJournals.connect(place);
        ResultSet all = connection.createStatement().executeQuery("SELECT * FROM note")) {
      for (int i = 1; i <= all.getMetaData().getColumnCount(); i++) {
        names.add(all.getMetaData().getColumnName(i));
      }
    }
    return names;
  }

  @Test
  void aNewerJournalIsLeftAlone() {
    JournalDatabase.open(place, CLOCK).close();
    Jdbi.create(() -> TestJournals.connect(place))
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO flyway_schema_history (installed_rank, version, description, type,"
                        + " script, installed_by, execution_time, success)"
                        + " VALUES (900, '900', 'later', 'SQL', 'V900__later.sql', '', 1, true)"));

    for (ThrowingCallable open :
        List.<ThrowingCallable>of(
            () -> JournalDatabase.open(place, CLOCK),
            () -> JournalDatabase.openReadOnly(place, CLOCK),
            () -> JournalDatabase.openForRequests(place, CLOCK))) {
      assertThatThrownBy(open)
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("newer version");
    }
  }

  @Test
  void anEngineThatRunsGoesOnBesideOneThatMigrates(@TempDir Path more) throws Exception {
    on.mustBe(TestJournals.POSTGRES, "a folder has one engine");
    Files.writeString(
        more.resolve("V98__later.sql"),
        "ALTER TABLE message ADD COLUMN spare INT NOT NULL DEFAULT 0;"
            + " ALTER TABLE ledger ADD COLUMN spare INT NOT NULL DEFAULT 0;"
            + " CREATE TABLE later (id INT PRIMARY KEY);");
    try (JournalDatabase running = JournalDatabase.open(place, CLOCK)) {
      for (int i = 0; i < 20; i++) {
        running.intake().store(SampleMessages.stored("A" + i)).get();
      }

      SchemaStore.migrate(OpeningStore.at(place), "classpath:db/migration", "filesystem:" + more);

      long id = running.intake().store(SampleMessages.stored("B1")).get().id();
      running
          .ledger()
          .save(
              List.of(
                  LedgerRow.prepared(
                      new LedgerRow.Asked(id, "OBR[1]", "create-document", "mr-2", "F1"), "P1")))
          .get();
      assertThat(running.waiting().after(0, 100)).hasSize(21);
      assertThat(running.listing().show(id).orElseThrow().ledger()).hasSize(1);
    }
    assertThatThrownBy(() -> JournalDatabase.open(place, CLOCK))
        .hasMessageContaining("newer version");
  }

  /** Engines of the version before run on beside the one that migrates. */
  @Test
  void aMigrationTakesNothingAwayThatARunningEngineUses() throws IOException {
    for (int version : SchemaStore.known()) {
      if (version > 2) {
        assertThat(statements(version))
            .allMatch(
                statement ->
                    statement.matches(
                        "(?s)(CREATE|INSERT|UPDATE|DROP INDEX|ALTER TABLE \\w+ ADD COLUMN)\\b.*"));
      }
    }
  }

  private static List<String> statements(int version) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      Path file =
          files
              .filter(each -> each.getFileName().toString().startsWith("V" + version + "__"))
              .findFirst()
              .orElseThrow();
      return Stream.of(Files.readString(file).replaceAll("--.*", "").split(";"))
          .map(String::strip)
          .filter(statement -> !statement.isEmpty())
          .toList();
    }
  }

  @Test
  void theMigrationsAreThoseOfTheFolder() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(name -> name.matches("V\\d+__\\w+\\.sql"))
          .extracting(name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))
          .containsExactlyInAnyOrderElementsOf(SchemaStore.known());
    }
  }
}
