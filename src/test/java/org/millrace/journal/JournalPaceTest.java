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
  private static final int MAY_WAIT = 4_999;
  private static final int MANY = 300;
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
  private void stick() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    journal.write(
        handle -> {
          begun.countDown();
          return waited(Duration.ofSeconds(60));
        });
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /**
   * Nothing of what comes from here on is written until it is no longer busy; the writer goes on.
   */
  private void keepBusy() throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    journal.write(handle -> waited(ready));
    for (int i = 0; i < 400; i++) {
      journal.write(
          handle -> {
            begun.countDown();
            return waited(Duration.ofMillis(50));
          });
    }
    ready.countDown();
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private boolean waited(Duration atMost) {
    try {
      return busy.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }

  private static boolean waited(CountDownLatch ready) {
    try {
      return ready.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }

  private void fill() {
    for (int i = 0; i < MAY_WAIT; i++) {
      journal.audit().record(event());
    }
  }

  private static Duration took(Runnable recording) {
    long began = System.nanoTime();
    recording.run();
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private Duration tookMany() {
    return took(
        () -> {
          for (int i = 0; i < MANY; i++) {
            journal.audit().record(event());
          }
        });
  }

  @Test
  void whoeverRecordsMoreIsHeldBackForTwoSecondsAtMostAndNothingIsLost() throws Exception {
    keepBusy();
    assertThat(took(this::fill)).isLessThan(HELD_BACK);

    assertThat(took(() -> journal.audit().record(event()))).isGreaterThanOrEqualTo(HELD_BACK);
    assertThat(took(() -> journal.recordQuestion(question()))).isGreaterThanOrEqualTo(HELD_BACK);

    busy.countDown();
    await().until(() -> journal.listing().list(MessageFilter.any().atMost(2)).size() == 1);
    await().until(() -> journal.audit().waiting() == 0);
    journal.audit().recordNow(event()).get();
    assertThat(journal.audit().lost()).isZero();
    assertThat(journal.lostRecords()).isZero();
    assertThat(new AuditCheck(journal, List.of()).run().entries()).isEqualTo(MAY_WAIT + 3);
  }

  @Test
  void whoeverIsHeldBackGoesOnOnceThereIsRoom() throws Exception {
    keepBusy();
    fill();
    // Each would be held back for two seconds.
    Thread caller = new Thread(this::tookMany, "caller");
    caller.start();
    await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);

    busy.countDown();

    caller.join(HELD_BACK.toMillis() * 10);
    assertThat(caller.isAlive()).isFalse();
  }

  @Test
  void aJournalThatIsStuckHoldsNobodyBack() throws Exception {
    stick();
    fill();

    assertThat(tookMany()).isLessThan(HELD_BACK.multipliedBy(10));
  }

  @Test
  void aJournalThatTakesNothingHoldsNobodyBackAndIsGivenAllOnceItTakesAgain() throws Exception {
    Path file = folder.resolve(SqliteDatabase.FILE);
    Path away = folder.resolve("taken-away");
    Files.move(file, away);
    journal.writeLater(handle -> 1);
    await().until(() -> journal.lostRecords() == 1);
    fill();

    assertThat(tookMany()).isLessThan(HELD_BACK.multipliedBy(10));

    Files.move(away, file);
    journal.write(handle -> 1).get();
    await().until(() -> journal.audit().waiting() == 0);
    assertThat(journal.audit().lost()).isZero();
  }
}
