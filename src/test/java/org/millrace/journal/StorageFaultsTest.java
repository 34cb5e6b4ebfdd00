package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.intake.Intake;

/**
 * Disk full, database gone, a commit that fails: the sender gets AR and never AA, and the next
 * message is taken again without a restart.
 *
 * <p>A failing fsync itself cannot be provoked from here: what is tested is the commit that reports
 * failure, on disk or not, which is all that the engine sees of it.
 */
class StorageFaultsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);
  private static final String LARGE = "x".repeat(200_000);

  private static final int CALLS = 600;

  @TempDir Path folder;
  private JournalDatabase journal;
  private Intake intake;

  @BeforeEach
  void open() {
    open(folder);
  }

  private void open(Path where) {
    journal = JournalDatabase.open(where, CLOCK);
    Replies replies = new Replies(CLOCK, ZoneOffset.UTC, new ControlIds(CLOCK));
    intake = new Intake(journal, replies, CLOCK, Duration.ofSeconds(10), Optional.empty());
  }

  @AfterEach
  void close() {
    intake.close();
    journal.close();
  }

  private String accept(String controlId, String text) {
    return code(acceptBytes(controlId, text));
  }

  private byte[] acceptBytes(String controlId, String text) {
    return intake.accept(SampleMessages.oru(controlId, text), SampleMessages.FEED, "peer");
  }

  private static String code(byte[] reply) {
    return Replies.judge(reply).orElseThrow().code();
  }

  private List<String> stored() {
    return journal.listing().list(MessageFilter.any().atMost(100)).stream()
        .map(MessageSummary::controlId)
        .toList();
  }

  @Test
  void aFullDatabaseIsAnsweredArAndTakesMessagesAgainWhenThereIsRoom() {
    assertThat(accept("A1", "one")).isEqualTo("AA");
    journal
        .write(
            handle -> {
              int pages = handle.createQuery("PRAGMA page_count").mapTo(Integer.class).one();
              return handle
                  .createQuery("PRAGMA max_page_count = " + pages)
                  .mapTo(Integer.class)
                  .one();
            })
        .join();

    assertThat(accept("A2", LARGE)).isEqualTo("AR");
    assertThat(stored()).containsExactly("A1");

    // The connection that failed was given up, and the limit with it.
    assertThat(accept("A2", LARGE)).isEqualTo("AA");
    assertThat(stored()).containsExactly("A2", "A1");
  }

  /** A real file system that is full; needs the right to mount one, and is skipped without. */
  @Test
  void aFullDiskIsAnsweredArForAsLongAsItIsFull(@TempDir Path mount) throws Exception {
    assumeThat(run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount.toString()))
        .as("a small file system can be mounted here")
        .isZero();
    try {
      close();
      open(mount.resolve("data"));
      assertThat(accept("A1", "one")).isEqualTo("AA");
      Path filling = fill(mount);

      assertThat(accept("A2", LARGE)).isEqualTo("AR");
      assertThat(accept("A2", LARGE)).isEqualTo("AR");
      assertThat(stored()).containsExactly("A1");

      Files.delete(filling);
      assertThat(accept("A2", LARGE)).isEqualTo("AA");
      assertThat(stored()).containsExactly("A2", "A1");
    } finally {
      close();
      run("umount", "-l", mount.toString());
    }
  }

  private static Path fill(Path mount) throws IOException {
    Path filling = mount.resolve("filling");
    try (OutputStream out = Files.newOutputStream(filling)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      return filling;
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (IOException noSuchProgram) {
      return -1;
    }
  }

  @Test
  void aDatabaseThatIsTakenAwayIsAnsweredArUntilItIsBack() throws Exception {
    assertThat(accept("A1", "one")).isEqualTo("AA");
    Path file = folder.resolve(SqliteDatabase.FILE);
    Path away = folder.resolve("taken-away");
    Files.move(file, away);

    assertThat(accept("A2", "two")).isEqualTo("AR");
    assertThat(file).doesNotExist();

    Files.move(away, file);
    assertThat(accept("A2", "two")).isEqualTo("AA");
    assertThat(stored()).containsExactly("A2", "A1");
  }

  @Test
  void whatWaitsBehindAnswersIsWrittenOnceItIsBackThoughNobodyAsks() throws Exception {
    Path file = folder.resolve(SqliteDatabase.FILE);
    Path away = folder.resolve("taken-away");
    Files.move(file, away);
    AuditEvent event =
        new AuditEvent(
            CLOCK.instant(),
            "read",
            AuditEvent.Outcome.DONE,
            200,
            AuditEvent.Actor.user("ana"),
            "Patient",
            "",
            List.of(),
            Map.of());
    journal.audit().record(event);
    assertThat(accept("A1", "one")).as("it is tried, and fails").isEqualTo("AR");

    Files.move(away, file);

    await().until(() -> journal.audit().waiting() == 0);
    await().until(() -> journal.auditTrail().list(AuditFilter.ANY, 10, false).size() == 1);
    assertThat(journal.audit().lost()).isZero();
  }

  @Test
  void aDatabaseThatIsReplacedIsNotWritten() throws Exception {
    assertThat(accept("A1", "one")).isEqualTo("AA");
    Path file = folder.resolve(SqliteDatabase.FILE);
    Path copy = folder.resolve("copy");
    Files.copy(file, copy);
    Path away = folder.resolve("taken-away");
    Files.move(file, away);
    Files.move(copy, file);

    assertThat(accept("A2", "two")).isEqualTo("AR");

    Files.delete(file);
    Files.move(away, file);
    assertThat(accept("A2", "two")).isEqualTo("AA");
  }

  @Test
  void aCommitThatFailsIsAnsweredArAndNothingOfItIsThere() throws Exception {
    FutureTask<byte[]> reply =
        inOneCommitWith(
            handle -> {
              // Found out at the commit, and not before.
              handle.execute("PRAGMA defer_foreign_keys = ON");
              return handle.execute(
                  "INSERT INTO note (message_id, at, code, sentence) VALUES (4711, 0, '', '')");
            });

    assertThat(code(reply.get(10, TimeUnit.SECONDS))).isEqualTo("AR");
    assertThat(stored()).isEmpty();
    assertThat(accept("A1", "one")).isEqualTo("AA");
    assertThat(stored()).containsExactly("A1");
  }

  @Test
  void aCommitThatReportsFailureThoughItIsOnDiskIsAnsweredArAndTheRepetitionIsKnown()
      throws Exception {
    FutureTask<byte[]> reply = inOneCommitWith(handle -> handle.execute("COMMIT"));

    assertThat(code(reply.get(10, TimeUnit.SECONDS))).isEqualTo("AR");
    assertThat(stored()).containsExactly("A1");

    byte[] second = acceptBytes("A1", "one");
    assertThat(code(second)).isEqualTo("AA");
    assertThat(stored()).containsExactly("A1");
    MessageJourney journey = journal.listing().show(1).orElseThrow();
    assertThat(journey.reply()).isEqualTo(second);
    assertThat(journey.notes()).extracting(Note::code).containsExactly("received-again");
    assertThat(journey.summary().state()).isEqualTo(MessageState.QUEUED);
  }

  /** Stores A1, with some work behind it in the same transaction. */
  private FutureTask<byte[]> inOneCommitWith(WriterStore.Work<?> work) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    journal.write(
        handle -> {
          begun.countDown();
          try {
            return busy.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
          }
        });
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    journal.writeLater(work);
    FutureTask<byte[]> reply = new FutureTask<>(() -> acceptBytes("A1", "one"));
    Thread sender = new Thread(reply, "sender");
    sender.start();
    await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
    busy.countDown();
    return reply;
  }

  @Test
  void bodiesOfCallsThatWereLostTakeNoRoomFromLaterOnes() throws Exception {
    assertThat(accept("A1", "one")).isEqualTo("AA");
    long id = journal.listing().list(MessageFilter.any().atMost(1)).get(0).id();
    Path file = folder.resolve(SqliteDatabase.FILE);
    Path away = folder.resolve("taken-away");
    Files.move(file, away);
    recordCalls(id);
    // The note that the reply was given may be lost with them.
    await().until(() -> journal.lostRecords() >= CALLS);
    Files.move(away, file);

    recordCalls(id);

    await().until(() -> journal.calls().contents(id).size() == CALLS);
    assertThat(journal.calls().leftOut()).isZero();
  }

  /** More than half of what may wait at a time. */
  private void recordCalls(long id) {
    byte[] body = new byte[64 * 1024];
    new Random(1).nextBytes(body);
    CernerCall call =
        new CernerCall(0, id, CLOCK.instant(), "POST", "DocumentReference", 201, "", Duration.ZERO);
    for (int i = 0; i < CALLS; i++) {
      journal.calls().record(call, new CallContent("DocumentReference", body, new byte[0]));
    }
  }
}
