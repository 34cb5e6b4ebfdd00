package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal of an earlier version of the engine, opened by this one. */
class JournalUpgradeTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  @BeforeEach
  void writeTheFirstVersion() {
    String url = "jdbc:sqlite:" + folder.resolve(JournalDatabase.FILE).toAbsolutePath();
    Flyway.configure()
        .dataSource(url, "", "")
        .locations("classpath:db/migration")
        .placeholders(Map.of("identity", "INTEGER PRIMARY KEY AUTOINCREMENT", "bytes", "BLOB"))
        .target("1")
        .load()
        .migrate();
    Jdbi.create(url)
        .useHandle(
            handle -> {
              handle.execute(
                  "INSERT INTO feed (name, types, zone, charset)"
                      + " VALUES ('results', 'ORU^R01', 'Z', '')");
              handle.execute(
                  "INSERT INTO message (kind, message_key, feed, sender, control_id, message_type,"
                      + " peer, received_at, state, reason_code, reason, remedy, who_acts,"
                      + " attempts, next_try_at, changed_at, content_hash, reply_state)"
                      + " VALUES ('MESSAGE', 'k', 'results', 'LAB@NORTH', 'A1', 'ORU^R01', '', 1,"
                      + " 'DELIVERED', '', '', '', '', 1, 1, 1, 'h', 'GIVEN')");
              handle.execute(
                  "INSERT INTO message_content (message_id, raw, reply, report)"
                      + " VALUES (1, x'4D', x'4D', '{}')");
              handle.execute(
                  "INSERT INTO ledger (message_id, anchor, action, marker, filler_number,"
                      + " patient_id, state, resource_id, version, attempts, first_sent_at, looks,"
                      + " last_error, cerner_text) VALUES (1, 'OBR[1]', 'create-document', 'mr-1',"
                      + " '', 'P1', 'DONE', 'D1', '1', 1, 1, 0, '', '')");
            });
  }

  @Test
  void whatWasThereStaysAndCodesCanBeKept() throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(folder, CLOCK)) {
      MessageJourney old = journal.listing().show(1).orElseThrow();
      assertThat(old.summary().state()).isEqualTo(MessageState.DELIVERED);
      assertThat(old.codes()).isEmpty();
      assertThat(journal.queue().find(1).orElseThrow().feed().settings())
          .isEqualTo(FeedSettings.DEFAULT);
      assertThat(old.ledger())
          .singleElement()
          .satisfies(row -> assertThat(row.contentDigest()).isEmpty())
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
  void itsFileCanBeMadeSmallerFromNowOn() {
    try (JournalDatabase journal = JournalDatabase.open(folder, CLOCK)) {
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
    try (JournalDatabase journal = JournalDatabase.open(folder, keys, CLOCK)) {
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
    assertThatThrownBy(() -> JournalDatabase.openReadOnly(folder, CLOCK))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("older version");
    assertThatThrownBy(() -> JournalDatabase.openForRequests(folder, CLOCK))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("older version");
  }

  @Test
  void theVersionThatIsAskedForIsThatOfTheNewestMigration() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(name -> name.matches("V\\d+__\\w+\\.sql"))
          .extracting(name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))
          .contains(Integer.valueOf(JournalDatabase.SCHEMA))
          .allMatch(version -> version <= Integer.parseInt(JournalDatabase.SCHEMA));
    }
  }
}
