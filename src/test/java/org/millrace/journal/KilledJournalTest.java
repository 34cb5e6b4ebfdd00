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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.SettableClock;
import org.millrace.hl7.V2Message;

/**
 * An engine that is killed while it brings its journal up to date, or removes what is over, in
 * SQLite: in PostgreSQL a transaction that was begun is the server's to take back.
 */
@Timeout(300)
class KilledJournalTest {
  private static final int MESSAGES = 3000;

  /** So many more pages of messages are looked through before the next kill. */
  private static final int STEPS_BETWEEN = 4;

  @TempDir private Path folder;

  /** Kills it once it begins the step that counts; false if it was done before. */
  private static boolean killed(String what, Path journal, Predicate<String> counts)
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
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = new ArrayList<>();
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        lines.add(line);
        boolean enough = line.equals(KilledJournal.DONE) || counts.test(line);
        child.getOutputStream().write('\n');
        child.getOutputStream().flush();
        if (enough) {
          return !line.equals(KilledJournal.DONE);
        }
      }
      throw new AssertionError("it ended by itself: " + lines);
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

  @ParameterizedTest
  @ValueSource(ints = {2, 7, 12, 18, 23})
  void killedAmidAnUpgradeTheJournalIsAsItWasAndIsUpgradedLater(int version) throws Exception {
    Path journal = folder.resolve("journal");
    FirstVersion.write(new JournalPlace.Folder(journal));

    assertThat(
            killed("open", journal, line -> line.contains(KilledJournal.MIGRATING + version + " ")))
        .isTrue();

    isWhole(journal);
    // A machine that is busy may kill it when it is through.
    assertThat(asked(journal, "SELECT version FROM flyway_schema_history").size())
        .as("all of it, or nothing")
        .isIn(1, migrations());
    try (JournalDatabase opened = JournalDatabase.open(journal, Clock.systemUTC())) {
      MessageJourney old = opened.listing().show(1).orElseThrow();
      assertThat(old.summary().state()).isEqualTo(MessageState.DELIVERED);
      assertThat(old.raw()).isNotEmpty();
      assertThat(old.ledger())
          .singleElement()
          .satisfies(row -> assertThat(row.state()).isEqualTo(LedgerState.DONE));
    }
  }

  @Test
  void killedAmidRemovingOnlyWhatIsOverIsGoneAndTheRestGoesLater() throws Exception {
    Path journal = folder.resolve("journal");
    List<Long> undone = fill(journal);
    Set<Integer> contents = new TreeSet<>();
    Set<Integer> messages = new TreeSet<>();
    boolean killed = true;
    for (int kill = 1; killed; kill++) {
      AtomicInteger steps = new AtomicInteger(STEPS_BETWEEN * kill);
      killed =
          killed(
              "prune",
              journal,
              line -> line.equals(KilledJournal.PRUNING) && steps.decrementAndGet() == 0);
      isWhole(journal);
      try (JournalDatabase looking = JournalDatabase.openReadOnly(journal, Clock.systemUTC())) {
        for (long id : undone) {
          assertThat(looking.listing().show(id).orElseThrow().raw()).isNotEmpty();
        }
      }
      contents.add(count(journal, "message_content"));
      messages.add(count(journal, "message"));
    }
    assertThat(contents).as("killed amid the contents").hasSizeGreaterThan(2);
    assertThat(messages).as("killed amid the messages").hasSizeGreaterThan(2);
    assertThat(contents).contains(undone.size()).allMatch(count -> count >= undone.size());
    assertThat(messages).contains(undone.size()).allMatch(count -> count >= undone.size());
  }

  private static int migrations() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      return (int) files.count();
    }
  }

  private static int count(Path journal, String table) {
    return Integer.parseInt(asked(journal, "SELECT count(*) FROM " + table).get(0));
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
