package org.millrace.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./millrace bench outage}: Cerner is gone for a while, then takes fewer calls than messages
 * ask for, under senders that go on. Prints what came of it; what that was judged by stays in
 * {@code target/outage}.
 */
@Command(
    name = "./millrace bench outage",
    description = "Lets Cerner fail, then throttle, while senders go on.")
public final class OutageBench implements Callable<Integer> {
  private static final long SEED = 20_261_127L;

  @Parameters(
      arity = "0..1",
      paramLabel = "MINUTES",
      defaultValue = "10",
      description = "Of each. Default: ${DEFAULT-VALUE}.")
  private long minutes;

  @Option(
      names = "--per-second",
      defaultValue = "50",
      description = "Messages during the outage. Default: ${DEFAULT-VALUE}.")
  private int perSecond;

  @Option(
      names = "--takes",
      defaultValue = "60",
      description =
          "Calls a second that Cerner takes while it throttles. Default: ${DEFAULT-VALUE}.")
  private double takes;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "outage"));
    System.out.println("all is kept in " + folder);
    boolean clean = outage(Files.createTempDirectory(folder, "outage-"));
    return clean & throttled(Files.createTempDirectory(folder, "throttled-")) ? 0 : 1;
  }

  private boolean outage(Path folder) throws IOException, InterruptedException {
    try (UpstreamRun run = new UpstreamRun(folder, SEED)) {
      UpstreamRun.Outage outage = run.outage(Duration.ofMinutes(minutes), perSecond);
      System.out.printf(
          Locale.ROOT,
          "%d minutes of outage: %d acknowledged meanwhile (%s), the slowest after %d ms;"
              + " %d calls; %d waited at the end, delivered after %d s%n",
          minutes,
          outage.acknowledging().count(),
          outage.acknowledging().codes(),
          outage.acknowledging().longestWait().toMillis(),
          outage.calls(),
          outage.waiting(),
          outage.drained().toSeconds());
      return told(run);
    }
  }

  private boolean throttled(Path folder) throws IOException, InterruptedException {
    try (UpstreamRun run = new UpstreamRun(folder, SEED)) {
      UpstreamRun.Throttled throttled =
          run.throttled(Duration.ofMinutes(minutes), Duration.ofMinutes(1), takes);
      System.out.printf(
          Locale.ROOT,
          "%d minutes of throttling: %d of %d calls were answered 429 in the first minute,"
              + " %d of %d later%n",
          minutes,
          throttled.first().throttled(),
          throttled.first().all(),
          throttled.later().throttled(),
          throttled.later().all());
      boolean throttling = throttled.first().throttled() > 0;
      if (!throttling) {
        System.out.println("NOT CLEAN: Cerner was never asked for more than it takes");
      }
      return told(run) & throttling & throttled.later().shareThrottled() < 0.05;
    }
  }

  private static boolean told(UpstreamRun run) throws IOException, InterruptedException {
    Judge.Verdict verdict = run.verdict();
    System.out.println((verdict.clean() ? "clean: " : "NOT CLEAN: ") + verdict);
    return verdict.clean();
  }
}
