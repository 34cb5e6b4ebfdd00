package org.millrace.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./millrace bench delivery}: how fast messages are acknowledged and filed. */
@Command(
    name = "./millrace bench delivery",
    description = "Measures how fast messages are acknowledged and filed.")
final class DeliveryBench implements Callable<Integer> {
  private static final Path PAGE = Path.of("target", "benchmarks", "delivery.md");

  @Option(
      names = "--databases",
      split = ",",
      description = "Where the journal is: sqlite, postgresql. Both unless it is given.")
  private List<BenchEngine.Database> databases = List.of(BenchEngine.Database.values());

  @Option(
      names = "--connections",
      split = ",",
      description = "How many senders there are at once. Default: 1,8,32.")
  private List<Integer> connections = List.of(1, 8, 32);

  @Option(
      names = "--rounds",
      description = "Rounds that count; 0 measures memory only. Default: ${DEFAULT-VALUE}.")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      description = "How long each is under load in a round. Default: ${DEFAULT-VALUE}.")
  private int seconds = 6;

  @Option(
      names = "--minutes",
      description = "So long each engine is under a steady load, and its memory is told.")
  private int minutes;

  @Option(
      names = "--per-second",
      description = "Messages a second of a steady load. Default: ${DEFAULT-VALUE}.")
  private int perSecond = 200;

  @Option(names = "--filing-only", description = "Acknowledging by itself is not measured.")
  private boolean filingOnly;

  @Option(names = "--visits", description = "Messages name a visit, which is looked up, too.")
  private boolean visits;

  @Option(names = "--encrypted", description = "The journal has a key.")
  private boolean encrypted;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  private final Machine machine = new Machine();
  private final StringBuilder page = new StringBuilder("# Acknowledging and filing: how fast\n\n");

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "bench-");
    try (DeliveryRun run = new DeliveryRun(settings(folder))) {
      say(
          machine.sentence(
              "./millrace bench delivery",
              "engines with the serial collector and 512 MB of heap; "
                  + (encrypted ? "journals with a key" : "journals without a key")
                  + "; messages of "
                  + LoadMessages.SIZE
                  + " bytes "
                  + (visits ? "with a visit" : "without a visit")));
      if (rounds > 0) {
        measure(run);
      }
      if (minutes > 0) {
        for (BenchEngine.Database database : databases) {
          memory(run, database);
        }
      }
    }
    // Of a run that failed all is kept: the engine's log tells why.
    delete(folder);
    Files.createDirectories(PAGE.getParent());
    Files.writeString(PAGE, page, StandardCharsets.UTF_8);
    System.out.println("Written to " + PAGE);
    return 0;
  }

  private DeliveryRun.Settings settings(Path folder) {
    return new DeliveryRun.Settings(
        folder, databases, Duration.ofSeconds(seconds), rounds, connections, visits, encrypted);
  }

  private void say(String line) {
    page.append(line).append('\n');
    System.out.println(line);
  }

  private void measure(DeliveryRun run) throws Exception {
    List<BenchEngine> engines = new ArrayList<>();
    for (BenchEngine.Database database : databases) {
      engines.add(run.start(database));
    }
    filing(run.filing(engines, perSecond));
    if (!filingOnly) {
      acknowledging(run, engines);
    }
    engines.forEach(BenchEngine::close);
  }

  private void acknowledging(DeliveryRun run, List<BenchEngine> engines) throws Exception {
    say("\n## Acknowledged, Cerner away\n");
    say(
        "| Connections | | Messages a second | Lowest–highest | p50, ms | p99, ms | Of the echo |"
            + " Of raw commits |");
    say("|---|---|---|---|---|---|---|---|");
    for (int senders : connections) {
      acknowledging(senders, engines, run.acknowledging(engines, senders));
    }
  }

  private void filing(Map<String, Series> results) {
    say("\n## Filed\n");
    say("| | Messages a second | Lowest–highest | p50, ms | p99, ms | Of the echo |");
    say("|---|---|---|---|---|---|");
    Series echo = results.values().iterator().next();
    for (Series each : results.values()) {
      say(each.cells() + "| " + each.shareOf(echo) + " |");
    }
  }

  private void acknowledging(int senders, List<BenchEngine> engines, Map<String, Series> results) {
    Series echo = results.values().iterator().next();
    for (Series each : results.values()) {
      Series raw =
          engines.stream()
              .filter(engine -> engine.title().equals(each.title()))
              .findFirst()
              .map(engine -> results.getOrDefault(DeliveryRun.raw(engine), new Series("")))
              .orElseGet(() -> new Series(""));
      say(
          "| "
              + senders
              + " "
              + each.cells()
              + "| "
              + each.shareOf(echo)
              + " | "
              + each.shareOf(raw)
              + " |");
    }
  }

  private void memory(DeliveryRun run, BenchEngine.Database database) throws Exception {
    say("\n## Memory on " + database.title() + ", " + perSecond + " messages a second\n");
    say(
        "| Minute | Filed a second | Processor a message, ms | Of it compiling, ms | Waiting |"
            + " Heap after collection, MB | Resident, MB |");
    say("|---|---|---|---|---|---|---|");
    try (BenchEngine engine = run.start(database)) {
      run.minutes(engine, minutes, perSecond, this::minute);
    }
  }

  private void minute(DeliveryRun.Minute minute) {
    say(
        String.format(
            Locale.ROOT,
            "| %d | %.0f | %s | %s | %d | %s | %s |",
            minute.number(),
            minute.filed() / 60.0,
            minute.work().each(minute.filed()),
            minute.work().compilingEach(minute.filed()),
            minute.waiting(),
            EngineMemory.megabytes(minute.memory().heap()),
            EngineMemory.megabytes(minute.memory().resident())));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
