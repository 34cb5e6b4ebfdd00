package org.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of delivery measures what it says, in a few messages. */
class DeliveryRunTest {
  private static final Duration SHORT = Duration.ofMillis(400);

  @TempDir Path folder;

  @Test
  void whatIsAcknowledgedIsStoredAndWhatIsFiledIsFiledOnce() throws Exception {
    // The run itself throws if a message is not answered AA, not stored, not filed or filed twice.
    try (DeliveryRun run = new DeliveryRun(settings())) {
      BenchEngine engine = run.start(BenchEngine.Database.SQLITE);

      Map<String, Series> filed = run.filing(List.of(engine), 50);
      assertThat(filed.keySet()).containsExactly("MLLP echo", "SQLite", "SQLite, 50 a second");
      assertThat(filed.values()).allSatisfy(each -> assertThat(each.rounds()).isOne());
      // The last ones are filed a commit before the journal says so.
      await().until(() -> engine.waiting() == 0);

      Map<String, Series> stored = run.acknowledging(List.of(engine), 2);
      assertThat(stored.keySet()).containsExactly("MLLP echo", "SQLite, raw commits", "SQLite");
      assertThat(stored.values()).allSatisfy(each -> assertThat(each.rounds()).isOne());
      assertThat(engine.waiting()).isPositive();
      assertThat(engine.memory().heap()).isGreaterThan(5_000_000);
    }
  }

  private DeliveryRun.Settings settings() {
    return new DeliveryRun.Settings(
        folder, List.of(BenchEngine.Database.SQLITE), SHORT, 1, List.of(2), true, false);
  }
}
