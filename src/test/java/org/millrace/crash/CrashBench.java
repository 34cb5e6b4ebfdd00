package org.millrace.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.millrace.journal.PostgresAddress;
import org.millrace.journal.TestPostgres;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./millrace bench crash}: every point 50 times, then 10 minutes of random kills under 200
 * messages a second. Prints the verdicts; what they were judged by stays in {@code target/crash}.
 */
@Command(
    name = "./millrace bench crash",
    description = "Kills the engine while senders go on, and judges what came of it.")
public final class CrashBench implements Callable<Integer> {
  private static final double LOST_ANSWERS = 0.02;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SEED",
      defaultValue = "20261126",
      description = "Decides all that is left to chance. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "RUNS",
      defaultValue = "50",
      description = "Kills at each point, with SQLite; 0 for none. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "MINUTES",
      defaultValue = "10",
      description = "Of what happens at random. Default: ${DEFAULT-VALUE}.")
  private long minutes;

  @Option(
      names = "--postgresql",
      description = "The journal is in PostgreSQL, which is killed and stopped like the engine.")
  private boolean postgresql;

  @Option(
      names = "--two-engines",
      description = "Two engines on one PostgreSQL; either is killed or stands still.")
  private boolean twoEngines;

  @Option(
      names = "--per-second",
      defaultValue = "200",
      description = "Messages under what happens at random. Default: ${DEFAULT-VALUE}.")
  private int perSecond;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "crash"));
    System.out.println("seed " + seed + "; all is kept in " + folder);
    if (twoEngines) {
      return status(ofTwoEngines(Files.createTempDirectory(folder, "two-")));
    }
    if (postgresql) {
      return status(onPostgres(Files.createTempDirectory(folder, "postgresql-")));
    }
    boolean clean = runs == 0 || atPoints(Files.createTempDirectory(folder, "points-"));
    return status(clean & atRandom(Files.createTempDirectory(folder, "random-")));
  }

  private static int status(boolean clean) {
    return clean ? 0 : 1;
  }

  private boolean atPoints(Path folder) throws IOException, InterruptedException {
    try (CrashRun run = new CrashRun(folder, seed, Scene.Layout.ONE_ENGINE)) {
      for (CrashPoint point : CrashPoint.values()) {
        long begun = System.nanoTime();
        for (int i = 0; i < runs; i++) {
          run.killAt(point);
        }
        System.out.printf(
            "%-22s %d kills, %d s%n", point, runs, (System.nanoTime() - begun) / 1_000_000_000);
      }
      return told(run);
    }
  }

  private boolean atRandom(Path folder) throws IOException, InterruptedException {
    try (CrashRun run = new CrashRun(folder, seed, Scene.Layout.ONE_ENGINE)) {
      run.killAtRandom(Duration.ofMinutes(minutes), perSecond, LOST_ANSWERS);
      System.out.print(minutes + " minutes of random kills: ");
      return told(run);
    }
  }

  private boolean onPostgres(Path folder) throws IOException, InterruptedException {
    try (TestPostgres server = TestPostgres.own(folder);
        CrashRun run = new CrashRun(folder, seed, Scene.Layout.on(server.newDatabase(), 1))) {
      run.restartDatabase(server, Duration.ofMinutes(minutes), perSecond, LOST_ANSWERS);
      System.out.print(minutes + " minutes on a PostgreSQL that is killed and stopped: ");
      return told(run);
    }
  }

  private boolean ofTwoEngines(Path folder) throws IOException, InterruptedException {
    try (TestPostgres server = TestPostgres.own(folder)) {
      PostgresAddress database = server.newDatabase();
      try (CrashRun run = new CrashRun(folder, seed, Scene.Layout.on(database, 2))) {
        run.killOneOfSeveral(Duration.ofMinutes(minutes), perSecond, LOST_ANSWERS);
        System.out.print(minutes + " minutes of two engines, of which either stops: ");
        return told(run);
      }
    }
  }

  private static boolean told(CrashRun run) throws IOException, InterruptedException {
    Judge.Verdict verdict = run.verdict();
    boolean good = verdict.clean() && verdict.mostlyFiled();
    System.out.println((good ? "clean: " : "NOT CLEAN: ") + verdict);
    return good;
  }
}
