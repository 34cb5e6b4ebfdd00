package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageState;
import org.millrace.journal.NewRequest;
import org.millrace.journal.Note;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;

/** A journal that was put back from a backup does not know what was filed since. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class RestoredDeliveryTest {
  @Parameter private TestJournals on;
  private DeliveryFixture lost;
  private DeliveryFixture restored;

  /** The journal that goes on is lost later; the other one is as it was when A1 had just come. */
  @BeforeEach
  void set(@TempDir Path folder) {
    lost = new DeliveryFixture(on.place(folder.resolve("lost")));
    restored = lost.on(on.place(folder.resolve("restored")));
    lost.accept(SampleMessages.oru("A1", "one"));
    restored.accept(SampleMessages.oru("A1", "one"));
  }

  @AfterEach
  void close() {
    restored.close();
    lost.close();
  }

  private void deliverAndLose() {
    lost.start();
    lost.await("A1", MessageState.DELIVERED);
  }

  private List<String> putBack() {
    Instant taken = lost.clock.instant();
    lost.clock.forward(Duration.ofHours(3));
    List<String> paused =
        Committed.await(restored.journal.restores().put(taken, "ana", "see what was filed"));
    restored.restart();
    return paused;
  }

  private void resume() {
    Committed.await(
        restored
            .journal
            .pauses()
            .resume(DeliveryPause.Kind.FEED, SampleMessages.FEED.name(), "ana"));
  }

  @Test
  void whatWasFiledAfterTheBackupIsFoundAndNotFiledAgain() {
    Instant taken = lost.clock.instant();
    deliverAndLose();
    lost.clock.forward(Duration.ofHours(3));
    assertThat(Committed.await(restored.journal.restores().put(taken, "ana", "see what was filed")))
        .containsExactly(SampleMessages.FEED.name());
    restored.restart();
    restored.accept(SampleMessages.oru("A2", "two"));
    restored.awaitReason("A2", "");
    assertThat(restored.line("A1").state()).isEqualTo(MessageState.QUEUED);

    resume();

    restored.await("A1", MessageState.DELIVERED);
    restored.await("A2", MessageState.DELIVERED);
    assertThat(lost.chart.texts()).containsExactly("one", "two");
    assertThat(restored.journey("A1").ledger())
        .singleElement()
        .satisfies(row -> assertThat(row.state()).isEqualTo(LedgerState.DONE))
        .satisfies(
            row ->
                assertThat(row.resourceId())
                    .isEqualTo(lost.journey("A1").ledger().get(0).resourceId()));
    assertThat(restored.journey("A1").notes()).extracting(Note::code).contains("settled");
  }

  @Test
  void whatWasNotFiledIsFiledAfterOneLook() {
    putBack();
    resume();

    restored.await("A1", MessageState.DELIVERED);
    assertThat(lost.chart.texts()).containsExactly("one");
    assertThat(restored.journey("A1").notes())
        .filteredOn(note -> note.code().equals("looked"))
        .singleElement()
        .satisfies(
            note ->
                assertThat(note.sentence())
                    .contains("may have been filed after the backup", "look 3 of 3"));
  }

  @Test
  void whatSendersSendAgainIsFoundToo() {
    lost.accept(SampleMessages.oru("A2", "two"));
    Instant taken = lost.clock.instant();
    deliverAndLose();
    lost.await("A2", MessageState.DELIVERED);
    lost.clock.forward(Duration.ofHours(3));
    Committed.await(restored.journal.restores().put(taken, "ana", "see what was filed"));
    restored.restart();
    lost.clock.forward(Duration.ofDays(2));
    restored.accept(SampleMessages.oru("A2", "two"));

    resume();

    restored.await("A2", MessageState.DELIVERED);
    assertThat(lost.chart.texts()).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void aWeekLaterNothingIsLookedForAnyMore() {
    putBack();
    resume();
    restored.await("A1", MessageState.DELIVERED);
    lost.clock.forward(Duration.ofDays(8));
    restored.accept(SampleMessages.oru("A2", "two"));

    restored.await("A2", MessageState.DELIVERED);
    assertThat(restored.journey("A2").notes())
        .extracting(Note::code)
        .doesNotContain("looked", "settled");
  }

  @Test
  void whereCernerDoesNotLetUsLookAPersonDecides() {
    lost.chart.hideDocuments();
    putBack();
    resume();
    restored.await("A1", MessageState.HELD);
    assertThat(restored.line("A1").reason().code()).isEqualTo("outcome-unknown");

    assertThat(
            restored.ask(
                NewRequest.of("settle", restored.line("A1").id(), "ana", "not in the chart")))
        .isEqualTo("settled: OBR[1] is not stored; queued");

    restored.await("A1", MessageState.DELIVERED);
    assertThat(lost.chart.texts()).containsExactly("one");
  }

  @Test
  void afterAFurtherRestoreItIsLookedForAgain() {
    putBack();
    Instant first = restored.journal.restores().unknownSince(Instant.EPOCH).orElseThrow();
    putBack();

    assertThat(restored.journal.restores().unknownSince(Instant.EPOCH).orElseThrow())
        .isBefore(first);
  }
}
