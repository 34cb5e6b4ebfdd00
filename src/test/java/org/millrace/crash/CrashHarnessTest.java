package org.millrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.PostgresAddress;
import org.millrace.journal.TestPostgres;

/**
 * The short form of {@code ./millrace bench crash}: every point twice, and a minute at random. A
 * failed run leaves its folder behind.
 */
class CrashHarnessTest {
  private static final long SEED = 20_261_126L;
  private static final int RUNS = 2;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void nothingIsLostOrFiledTwiceWhereverTheEngineIsKilled() throws Exception {
    try (CrashRun run = new CrashRun(folder, SEED, Scene.Layout.ONE_ENGINE)) {
      for (int i = 0; i < RUNS; i++) {
        for (CrashPoint point : CrashPoint.values()) {
          run.killAt(point);
        }
      }
      Judge.Verdict verdict = run.verdict();

      assertThat(verdict.clean()).as(verdict.toString()).isTrue();
      assertThat(verdict.uncertain()).as("nothing here needs a person").isEmpty();
      assertThat(verdict.kills()).isGreaterThanOrEqualTo(RUNS * CrashPoint.values().length);
      assertThat(verdict.filed()).isEqualTo(verdict.acknowledged()).isGreaterThan(250);
    }
  }

  @Test
  void nothingIsLostOrFiledTwiceInAMinuteOfRandomKills() throws Exception {
    try (CrashRun run = new CrashRun(folder, SEED, Scene.Layout.ONE_ENGINE)) {
      run.killAtRandom(Duration.ofMinutes(1), 100, 0.02);
      Judge.Verdict verdict = run.verdict();

      assertThat(verdict.clean()).as(verdict.toString()).isTrue();
      assertThat(verdict.acknowledged()).isGreaterThan(1_000);
      assertThat(verdict.mostlyFiled()).as(verdict.toString()).isTrue();
    }
  }

  @Test
  void nothingIsLostOrFiledTwiceWhileTheDatabaseIsKilledAndStopped() throws Exception {
    try (TestPostgres server = TestPostgres.own(folder);
        CrashRun run = new CrashRun(folder, SEED, Scene.Layout.on(server.newDatabase(), 1))) {
      run.restartDatabase(server, Duration.ofSeconds(18), 20, 0.02);
      Judge.Verdict verdict = run.verdict();

      assertThat(verdict.clean()).as(verdict.toString()).isTrue();
      assertThat(verdict.kills()).isPositive();
      assertThat(verdict.acknowledged()).isGreaterThan(100);
      assertThat(verdict.mostlyFiled()).as(verdict.toString()).isTrue();
    }
  }

  @Test
  void nothingIsLostOrFiledTwiceByTwoEnginesOfWhichOneIsKilledOrStandsStill() throws Exception {
    PostgresAddress database = TestPostgres.shared().newDatabase();
    try (CrashRun run = new CrashRun(folder, SEED, Scene.Layout.on(database, 2))) {
      run.killOneOfSeveral(Duration.ofSeconds(24), 20, 0.02);
      Judge.Verdict verdict = run.verdict();

      assertThat(verdict.clean()).as(verdict.toString()).isTrue();
      assertThat(verdict.kills()).isPositive();
      assertThat(verdict.acknowledged()).isGreaterThan(100);
      assertThat(verdict.mostlyFiled()).as(verdict.toString()).isTrue();
    }
  }
}
