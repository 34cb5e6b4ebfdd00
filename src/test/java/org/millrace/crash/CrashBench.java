package org.millrace.crash;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code ./millrace bench crash [SEED [RUNS [MINUTES]]]}: every point 50 times, then 10 minutes of
 * random kills under 200 messages a second. Prints the verdicts; what they were judged by stays in
 * {@code target/crash}.
 */
public final class CrashBench {
  private static final int RATE = 200;
  private static final double LOST_ANSWERS = 0.02;

  private CrashBench() {}

  /**
   * @return whether nothing was lost, filed twice or filed out of order
   */
  public static boolean run(List<String> arguments, PrintStream out)
      throws IOException, InterruptedException {
    long seed = arguments.isEmpty() ? 20_261_126L : Long.parseLong(arguments.get(0));
    int runs = arguments.size() < 2 ? 50 : Integer.parseInt(arguments.get(1));
    long minutes = arguments.size() < 3 ? 10 : Long.parseLong(arguments.get(2));
    Path folder = Files.createDirectories(Path.of("target", "crash"));
    out.println("seed " + seed + ", " + runs + " runs a point; all is kept in " + folder);
    boolean clean = atPoints(Files.createTempDirectory(folder, "points-"), seed, runs, out);
    return clean & atRandom(Files.createTempDirectory(folder, "random-"), seed, minutes, out);
  }

  private static boolean atPoints(Path folder, long seed, int runs, PrintStream out)
      throws IOException, InterruptedException {
    try (CrashRun run = new CrashRun(folder, seed, Map.of())) {
      for (CrashPoint point : CrashPoint.values()) {
        long begun = System.nanoTime();
        for (int i = 0; i < runs; i++) {
          run.killAt(point);
        }
        out.printf(
            "%-22s %d kills, %d s%n", point, runs, (System.nanoTime() - begun) / 1_000_000_000);
      }
      return told(run.verdict(), out);
    }
  }

  private static boolean atRandom(Path folder, long seed, long minutes, PrintStream out)
      throws IOException, InterruptedException {
    try (CrashRun run = new CrashRun(folder, seed, Map.of())) {
      run.killAtRandom(Duration.ofMinutes(minutes), RATE, LOST_ANSWERS);
      out.print(minutes + " minutes of random kills: ");
      return told(run.verdict(), out);
    }
  }

  private static boolean told(Judge.Verdict verdict, PrintStream out) {
    out.println((verdict.clean() ? "clean: " : "NOT CLEAN: ") + verdict);
    return verdict.clean();
  }
}
