package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.BacklogJournal;
import org.millrace.journal.JournalDatabase;

/** More waits than is looked ahead. */
class BacklogTest {
  @TempDir private Path folder;

  /** What the look-ahead told, and what is not done with. */
  private final List<Long> told = new ArrayList<>();

  private final Map<String, Integer> known = new HashMap<>();

  private void found(long id, String sender, String lane, Instant due) {
    told.add(id);
    known.merge(sender, 1, Integer::sum);
  }

  private LookAhead ahead(JournalDatabase journal) {
    return new LookAhead(
        journal,
        new FirstLook(journal, new TextPerReport()),
        sender -> known.getOrDefault(sender, 0),
        this::found);
  }

  @Test
  void aLongBacklogIsDeliveredSoonInOrderAndWithLittleMemory() throws Exception {
    BacklogBench.Result result = BacklogBench.run(folder, 100_000);

    assertThat(result.ready()).isLessThan(Duration.ofSeconds(30));
    assertThat(result.delivered()).isGreaterThanOrEqualTo(3_000);
    assertThat(result.overtaken()).isZero();
  }

  @Test
  void theBacklogOfOneSenderKeepsNoOtherOut() throws Exception {
    TestClock clock = new TestClock();
    BacklogJournal.add(folder, "MANY@NORTH", 0, 25_000, clock);
    BacklogJournal.add(folder, "ONE@NORTH", 30_000, 1, clock);
    try (JournalDatabase journal = JournalDatabase.open(folder, clock)) {
      LookAhead ahead = ahead(journal);

      ahead.readOn();

      assertThat(known).containsEntry("ONE@NORTH", 1);
      assertThat(known.get("MANY@NORTH")).isLessThan(1_000);
      while (ahead.wantsMore()) {
        ahead.readOn();
      }
      assertThat(known.get("MANY@NORTH")).isBetween(19_500, 20_000);
    }
  }

  @Test
  void whatIsBeyondComesInOrderOnceThereIsRoomAndSoDoesWhatArrivesMeanwhile() throws Exception {
    TestClock clock = new TestClock();
    BacklogJournal.add(folder, "MANY@NORTH", 0, 21_000, clock);
    try (JournalDatabase journal = JournalDatabase.open(folder, clock)) {
      LookAhead ahead = ahead(journal);
      while (ahead.wantsMore()) {
        ahead.readOn();
      }
      BacklogJournal.addBeside(folder, "MANY@NORTH", 40_000, 1);
      ahead.news();
      while (ahead.wantsMore()) {
        ahead.readOn();
      }
      assertThat(told).hasSize(20_000);
      assertThat(ahead.willFind(21_001, "MANY@NORTH")).isTrue();
      assertThat(ahead.willFind(20_000, "MANY@NORTH")).isFalse();

      known.put("MANY@NORTH", 0);
      while (ahead.wantsMore()) {
        ahead.readOn();
      }
      assertThat(told).hasSize(21_001).isSorted().doesNotHaveDuplicates();
    }
  }
}
