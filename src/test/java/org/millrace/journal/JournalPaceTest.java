package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks for more than the journal can put on record is held back, and nothing is lost of it. */
class JournalPaceTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);
  private static final int MORE_THAN_MAY_WAIT = 5_001;
  private static final Duration HELD_BACK = Duration.ofSeconds(2);

  private final CountDownLatch busy = new CountDownLatch(1);

  @TempDir Path folder;
  private JournalDatabase journal;

  @BeforeEach
  void open() {
    journal = JournalDatabase.open(folder, CLOCK);
  }

  @AfterEach
  void close() {
    busy.countDown();
    journal.close();
  }

  private static AuditEvent event() {
    return new AuditEvent(
        CLOCK.instant(),
        "read",
        AuditEvent.Outcome.DONE,
        200,
        new AuditEvent.Actor("a", "key abc", "10.1.2.3"),
        "Encounter",
        "",
        List.of(),
        Map.of());
  }

  private static Question question() {
    return new Question(
        SampleMessages.oru("Q1", "x").header(),
        "queries",
        "127.0.0.1:1",
        CLOCK.instant(),
        new byte[] {1},
        new byte[] {2},
        MessageState.DELIVERED,
        Reason.NONE);
  }

  /** Nothing is written from here on until it is no longer busy. */
  private void keepBusy() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    journal.write(
        handle -> {
          begun.countDown();
          try {
            return busy.await(30, TimeUnit.SECONDS);
          } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
          }
        });
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private void fill() {
    for (int i = 0; i < MORE_THAN_MAY_WAIT; i++) {
      journal.audit().record(event());
    }
  }

  private static Thread begin(Runnable recording) {
    Thread caller = new Thread(recording, "caller");
    caller.start();
    return caller;
  }

  @Test
  void whoeverRecordsMoreWaitsUntilThereIsRoom() throws Exception {
    keepBusy();
    fill();

    Thread caller = begin(() -> journal.audit().record(event()));
    Thread asking = begin(() -> journal.recordQuestion(question()));
    await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
    await().until(() -> asking.getState() == Thread.State.TIMED_WAITING);
    assertThat(journal.audit().waiting()).isEqualTo(MORE_THAN_MAY_WAIT);

    busy.countDown();
    caller.join();
    asking.join();
    await().until(() -> journal.listing().list(MessageFilter.any().atMost(2)).size() == 1);
    await().until(() -> journal.audit().waiting() == 0);
    journal.audit().recordNow(event()).get();
    assertThat(journal.audit().lost()).isZero();
    assertThat(journal.lostRecords()).isZero();
    assertThat(new AuditCheck(journal, List.of()).run().entries())
        .isEqualTo(MORE_THAN_MAY_WAIT + 3);
  }

  @Test
  void nobodyIsHeldBackForLong() throws Exception {
    keepBusy();
    fill();
    long began = System.nanoTime();

    journal.audit().record(event());

    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(HELD_BACK.toNanos());
    assertThat(journal.audit().waiting()).isEqualTo(MORE_THAN_MAY_WAIT + 1);
  }

  @Test
  void aJournalThatTakesNothingHoldsNobodyBack() throws Exception {
    Path file = folder.resolve(SqliteDatabase.FILE);
    Path away = folder.resolve("taken-away");
    Files.move(file, away);
    journal.writeLater(handle -> 1);
    await().until(() -> journal.lostRecords() == 1);
    fill();
    long began = System.nanoTime();

    for (int i = 0; i < 20; i++) {
      journal.audit().record(event());
    }

    // Each would have waited for two seconds.
    assertThat(System.nanoTime() - began).isLessThan(HELD_BACK.toNanos() * 10);
    Files.move(away, file);
    journal.audit().recordNow(event()).get();
    journal.audit().record(event());
    await().until(() -> journal.audit().waiting() == 0);
    assertThat(journal.audit().lost()).isZero();
  }
}
