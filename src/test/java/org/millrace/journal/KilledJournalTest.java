package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.SettableClock;
import org.millrace.hl7.V2Message;

/**
 * An engine that is killed while it brings its journal up to date, or removes what is over, in
 * SQLite: in PostgreSQL a transaction that was begun is the server's to take back.
 */
@Timeout(300)
class KilledJournalTest {
  private static final int MESSAGES = 3000;

  @TempDir private Path folder;

  /** Kills it so long after it began; false if it had ended by then. */
  private static boolean killed(String what, Path journal, long millis)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledJournal.class.getName(),
                what,
                journal.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
      for (String line = said.readLine(); !line.equals(KilledJournal.BEGUN); ) {
        line = said.readLine();
      }
      Thread.sleep(millis);
      return !said.ready();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private static List<String> asked(Path journal, String sql) {
    return Jdbi.create(() -> connection(journal))
        .withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private static Connection connection(Path journal) throws SQLException {
    return TestJournals.connect(new JournalPlace.Folder(journal));
  }

  private static void isWhole(Path journal) {
    assertThat(asked(journal, "PRAGMA integrity_check")).containsExactly("ok");
    assertThat(asked(journal, "PRAGMA foreign_key_check")).isEmpty();
  }

  private Path copy(Path journal, String name) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(name));
    try (Stream<Path> files = Files.list(journal)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  @Test
  void killedAmidAnUpgradeTheJournalIsAsItWasAndIsUpgradedLater() throws Exception {
    Path first = Files.createDirectory(folder.resolve("first"));
    FirstVersion.write(new JournalPlace.Folder(first));
    Set<Integer> versions = new TreeSet<>();
    int kills = 0;
    boolean killed = true;
    for (int millis = 100; killed; millis += 60) {
      Path journal = copy(first, "after-" + millis);
      killed = killed("open", journal, millis);
      kills += killed ? 1 : 0;
      isWhole(journal);
      versions.add(
          Integer.valueOf(
              asked(
                      journal,
                      "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history"
                          + " WHERE success = 1")
                  .get(0)));
      try (JournalDatabase opened = JournalDatabase.open(journal, Clock.systemUTC())) {
        MessageJourney old = opened.listing().show(1).orElseThrow();
        assertThat(old.summary().state()).isEqualTo(MessageState.DELIVERED);
        assertThat(old.raw()).isNotEmpty();
        assertThat(old.ledger())
            .singleElement()
            .satisfies(row -> assertThat(row.state()).isEqualTo(LedgerState.DONE));
      }
    }
    assertThat(versions).as("all of it, or nothing").hasSize(2).contains(1);
    assertThat(kills).isGreaterThan(2);
  }

  @Test
  void killedAmidRemovingOnlyWhatIsOverIsGoneAndTheRestGoesLater() throws Exception {
    Path journal = folder.resolve("journal");
    List<Long> undone = fill(journal);
    Set<Integer> left = new TreeSet<>();
    boolean killed = true;
    for (int kill = 1; killed; kill++) {
      killed = killed("prune", journal, 40L * kill);
      isWhole(journal);
      try (JournalDatabase looking = JournalDatabase.openReadOnly(journal, Clock.systemUTC())) {
        for (long id : undone) {
          assertThat(looking.listing().show(id).orElseThrow().raw()).isNotEmpty();
        }
      }
      left.add(Integer.valueOf(asked(journal, "SELECT count(*) FROM message").get(0)));
    }
    assertThat(left).as("some were killed on the way").hasSizeGreaterThan(2);
    assertThat(left).contains(undone.size()).allMatch(count -> count >= undone.size());
  }

  /** Messages of long ago, every second of which is not done; the numbers of these. */
  private static List<Long> fill(Path journal) throws Exception {
    SettableClock clock =
        new SettableClock(Clock.systemUTC().instant().minus(Duration.ofDays(100)));
    List<Long> undone = new ArrayList<>();
    try (JournalDatabase open = JournalDatabase.open(journal, clock)) {
      List<Future<Stored>> stored = new ArrayList<>();
      for (int i = 0; i < MESSAGES; i++) {
        V2Message message = SampleMessages.oru("A" + i, "text " + i);
        stored.add(
            open.intake()
                .store(
                    new NewMessage(
                        message.header(),
                        SampleMessages.FEED,
                        "127.0.0.1:40112",
                        clock.instant(),
                        message.bytes(),
                        Digests.of(message.bytes(), 0),
                        new byte[0])));
      }
      List<Future<?>> concluded = new ArrayList<>();
      for (int i = 0; i < MESSAGES; i++) {
        long id = stored.get(i).get().id();
        if (i % 2 == 0) {
          undone.add(id);
        } else {
          concluded.add(
              open.queue()
                  .conclude(
                      id,
                      new Conclusion(
                          MessageState.DELIVERED,
                          Reason.NONE,
                          clock.instant(),
                          Optional.empty(),
                          List.of())));
        }
      }
      for (Future<?> each : concluded) {
        each.get();
      }
    }
    return undone;
  }
}
