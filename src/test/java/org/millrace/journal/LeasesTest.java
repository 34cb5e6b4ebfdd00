package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;

/** Several engines on one PostgreSQL journal. */
class LeasesTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final LeaseTimes QUICK =
      new LeaseTimes(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofSeconds(1));

  /** Gives one sign and then none, as a process does that is stopped. */
  private static final LeaseTimes SILENT =
      new LeaseTimes(Duration.ofSeconds(3), Duration.ofHours(1), Duration.ofSeconds(1));

  private final JournalPlace place = new JournalPlace.Server(TestPostgres.shared().newDatabase());
  private final List<JournalDatabase> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(JournalDatabase::close);
  }

  private JournalDatabase engine(LeaseTimes times) {
    return engine(times, CLOCK);
  }

  private JournalDatabase engine(LeaseTimes times, Clock clock) {
    JournalDatabase journal = JournalDatabase.open(place, clock, times);
    opened.add(journal);
    return journal;
  }

  private static JournalDatabase joined(JournalDatabase journal, int slots) {
    journal.leases().join();
    awaitHeld(journal, slots);
    return journal;
  }

  private static void awaitHeld(JournalDatabase journal, int slots) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              journal.leases().follow();
              assertThat(journal.leases().held()).hasSize(slots);
            });
  }

  private static void giveBack(JournalDatabase journal) {
    journal.leases().follow();
    int surplus = journal.leases().surplus();
    journal.leases().release(journal.leases().held().keySet().stream().limit(surplus).toList());
  }

  @Test
  void anEngineThatComesLaterGetsItsShareAndOneThatLeavesGivesItBackAtOnce() {
    JournalDatabase first = joined(engine(QUICK), 256);
    JournalDatabase second = engine(QUICK);
    second.leases().join();

    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              giveBack(first);
              second.leases().follow();
              assertThat(second.leases().held()).hasSize(128);
            });
    assertThat(first.leases().held()).hasSize(128);
    assertThat(first.figures().engines())
        .hasSize(2)
        .allSatisfy(each -> assertThat(each.slots()).isEqualTo(128))
        .noneMatch(FigureStore.Sharing::silent);
    Set<Integer> all = new HashSet<>(first.leases().held().keySet());
    all.addAll(second.leases().held().keySet());
    assertThat(all).hasSize(256);

    second.leases().leave();
    awaitHeld(first, 256);
  }

  @Test
  void aSilentEngineIsSureOfNothingBeforeOthersTakeOverAndItsLateWriteIsRefused() throws Exception {
    JournalDatabase silent = joined(engine(SILENT), 256);
    long id = silent.intake().store(SampleMessages.stored("A1")).get().id();
    Lease lease = silent.leases().held().get(0);
    CompletableFuture<Integer> early =
        silent.leases().under(lease, () -> silent.queue().takeUp(id));
    assertThat(early.get()).isEqualTo(1);
    silent.leases().under(lease, () -> must(silent));

    JournalDatabase other = engine(QUICK);
    other.leases().join();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              other.leases().follow();
              boolean taken = !other.leases().held().isEmpty();
              assertThat(taken && silent.leases().sure()).as("both believe to own it").isFalse();
              return taken;
            });

    assertThat(other.leases().held()).hasSize(256);
    assertThat(other.leases().held().get(0).fence()).isGreaterThan(lease.fence());
    assertThatThrownBy(() -> silent.leases().under(lease, () -> must(silent)))
        .isInstanceOf(LeaseLostException.class);
    CompletableFuture<Integer> late =
        silent
            .leases()
            .under(
                lease,
                () ->
                    silent
                        .queue()
                        .conclude(
                            id,
                            new Conclusion(
                                MessageState.DELIVERED,
                                Reason.NONE,
                                CLOCK.instant(),
                                Optional.empty(),
                                List.of())));
    assertThat(late)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(LeaseLostException.class);
    LedgerRow row =
        LedgerRow.prepared(
            new LedgerRow.Asked(id, "OBR[1]", "create-document", "mr-1", "F1"), "P1");
    assertThat(silent.leases().under(lease, () -> silent.ledger().save(List.of(row))))
        .failsWithin(Duration.ofSeconds(5));
    assertThat(other.queue().find(id).orElseThrow().state()).isEqualTo(MessageState.SENDING);
    assertThat(other.ledger().rows(id)).isEmpty();
  }

  private static boolean must(JournalDatabase journal) {
    journal.leases().mustHold();
    return true;
  }

  @Test
  void anEngineThatWasTakenForGoneBeginsAnewUnderAnotherName() throws Exception {
    JournalDatabase engine = joined(engine(QUICK), 256);
    Lease before = engine.leases().held().get(0);
    try (Connection connection = TestJournals.connect(place);
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM engine_node");
    }

    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              engine.leases().follow();
              assertThat(engine.leases().held()).hasSize(256).doesNotContainValue(before);
            });
  }

  /** The running clock of a machine stands while it sleeps; the wall's does not. */
  @Test
  void aMachineThatSleptIsSureOfNothingWhenItWakes() {
    SettableClock clock = new SettableClock();
    JournalDatabase engine = joined(engine(SILENT, clock), 256);
    assertThat(engine.leases().sure()).isTrue();

    clock.forward(Duration.ofMinutes(10));

    assertThat(engine.leases().sure()).isFalse();
    assertThat(engine.leases().of("any lane")).isEmpty();
  }

  @Test
  void whatIsWrittenOfADeliveryWithoutALeaseIsABug() throws Exception {
    JournalDatabase engine = joined(engine(QUICK), 256);
    long id = engine.intake().store(SampleMessages.stored("A1")).get().id();

    assertThatThrownBy(() -> engine.queue().takeUp(id)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aMessageThatCommitsLateWithALowerNumberIsNotSkipped() throws Exception {
    JournalDatabase slow = engine(QUICK);
    JournalDatabase quick = engine(QUICK);
    CountDownLatch inserted = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<Integer> late =
        slow.write(
            handle -> {
              int rows = handle.execute(INSERT);
              inserted.countDown();
              awaitQuietly(go);
              return rows;
            });
    inserted.await();
    long later = quick.intake().store(SampleMessages.stored("A2")).get().id();

    assertThat(quick.waiting().after(0, 10)).isEmpty();

    go.countDown();
    assertThat(late.get()).isEqualTo(1);
    assertThat(quick.waiting().after(0, 10))
        .extracting(Waiting::id)
        .hasSize(2)
        .isSorted()
        .endsWith(later);
  }

  private static final String INSERT =
      "INSERT INTO message (kind, feed, sender, control_id, message_type, peer, received_at, state,"
          + " reason_code, reason, remedy, who_acts, attempts, next_try_at, changed_at,"
          + " content_hash, reply_state) VALUES ('MESSAGE', 'results', 'LAB@NORTH', 'A1',"
          + " 'ORU^R01', '', 1, 'QUEUED', '', '', '', '', 0, 1, 1, 'h', 'OWED')";

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /** A report or a backup on the same server must not keep messages from being seen. */
  @Test
  void aLongTransactionOfSomebodyElseHoldsUpNothing() throws Exception {
    JournalDatabase engine = engine(QUICK);
    try (Connection connection = TestJournals.connect(place);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT pg_current_xact_id(), count(*) FROM message");

      long id = engine.intake().store(SampleMessages.stored("A1")).get().id();

      assertThat(engine.waiting().after(0, 10)).extracting(Waiting::id).containsExactly(id);
      connection.rollback();
    }
  }

  @Test
  void aFeedThatOnlyTheOtherEngineHasIsReadFromTheJournal() throws Exception {
    JournalDatabase one = engine(QUICK);
    JournalDatabase other = engine(QUICK);

    long id = one.intake().store(SampleMessages.stored("A1")).get().id();

    assertThat(other.queue().find(id).orElseThrow().feed()).isEqualTo(SampleMessages.FEED);
  }

  @Test
  void theSameMessageAtTwoEnginesIsStoredOnce() throws Exception {
    JournalDatabase one = engine(QUICK);
    JournalDatabase other = engine(QUICK);
    List<CompletableFuture<Stored>> stored = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      stored.add(one.intake().store(SampleMessages.stored("A" + i)));
      stored.add(other.intake().store(SampleMessages.stored("A" + i)));
    }
    int fresh = 0;
    for (CompletableFuture<Stored> each : stored) {
      fresh += each.get() instanceof Stored.Fresh ? 1 : 0;
    }
    assertThat(fresh).isEqualTo(50);
    assertThat(one.listing().list(MessageFilter.any().atMost(1000))).hasSize(50);
  }

  /** What a row that is locked for good would do to the others. */
  @Test
  void anEngineThatStopsAmidATransactionIsPutAsideByTheServer() throws SQLException {
    SqlDatabase database = OpeningStore.at(place);
    engine(QUICK);
    try (var handle = org.jdbi.v3.core.Jdbi.open(database.writing(false))) {
      database.prepareWriter(handle);
      assertThat(
              handle
                  .createQuery("SHOW idle_in_transaction_session_timeout")
                  .mapTo(String.class)
                  .one())
          .isEqualTo("10s");
      assertThat(handle.createQuery("SHOW synchronous_commit").mapTo(String.class).one())
          .isEqualTo("on");
    }
  }
}
