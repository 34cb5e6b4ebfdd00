package org.millrace.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millrace.console.PagesBench;
import org.millrace.crash.CrashBench;
import org.millrace.crash.OutageBench;
import org.millrace.delivery.BacklogBench;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine;

/**
 * Runs the benchmarks and writes their page: the machine, the tables, the ratios of this one run.
 *
 * <p>Arguments: {@code mapping}, then, for some of them only, a regular expression of their names;
 * {@code wire} and the options of {@link WireBench}; {@code delivery} and those of {@link
 * DeliveryBench}; {@code reads} and those of {@link ReadsBench}; {@code crash} and those of {@link
 * CrashBench}; {@code outage} and those of {@link OutageBench}; {@code backlog} and that of {@link
 * BacklogBench}; {@code large}; or {@code fuzz} and those of {@link FuzzBench}.
 */
final class Benchmarks {
  private static final Path PAGE = Path.of("target", "benchmarks", "mapping.md");

  private final Map<String, RunResult> results = new TreeMap<>();
  private final Machine machine = new Machine();

  private Benchmarks() {}

  public static void main(String[] args) throws RunnerException, IOException, InterruptedException {
    String which = args.length == 0 ? "" : args[0];
    String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
    switch (which) {
      case "mapping" -> mapping(args);
      case "crash" -> System.exit(command(new CrashBench()).execute(rest));
      case "wire" -> System.exit(command(new WireBench()).execute(rest));
      case "delivery" -> System.exit(command(new DeliveryBench()).execute(rest));
      case "reads" -> System.exit(command(new ReadsBench()).execute(rest));
      case "console" -> System.exit(command(new PagesBench()).execute(rest));
      case "outage" -> System.exit(command(new OutageBench()).execute(rest));
      case "backlog" -> System.exit(BacklogBench.run(Arrays.asList(rest), System.out) ? 0 : 1);
      case "fuzz" -> System.exit(FuzzBench.run(Arrays.asList(rest), System.out) ? 0 : 1);
      case "large" -> System.exit(LargeBench.run(System.out) ? 0 : 1);
      default -> {
        System.err.println(
            "millrace: bench measures mapping, wire, delivery, reads, large, backlog or console, or lets the engine live"
                + " through crash, outage or fuzz: ./millrace bench mapping");
        System.exit(64);
      }
    }
  }

  private static CommandLine command(Object command) {
    return new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static void mapping(String[] args) throws RunnerException, IOException {
    String names = args.length > 1 ? args[1] : "org\\.millrace\\.bench\\.";
    Benchmarks benchmarks = new Benchmarks();
    benchmarks.run(names);
    String page = benchmarks.page();
    Files.createDirectories(PAGE.getParent());
    Files.writeString(PAGE, page, StandardCharsets.UTF_8);
    System.out.println(page);
    System.out.println("Written to " + PAGE);
  }

  private void run(String names) throws RunnerException {
    Collection<RunResult> all =
        new Runner(
                new OptionsBuilder()
                    .include(names)
                    .addProfiler(GCProfiler.class)
                    .addProfiler(CpuTime.class)
                    .forks(1)
                    .jvmArgs("-Xmx1g", "-XX:+UseSerialGC")
                    .build())
            .run();
    for (RunResult each : all) {
      results.put(name(each.getParams()), each);
    }
  }

  /** {@code MappingBenchmark.pidToPatient}, {@code SizeBenchmark.read ONE_OBX 50000}. */
  private static String name(BenchmarkParams params) {
    String name = params.getBenchmark().replaceFirst("^org\\.millrace\\.bench\\.", "");
    String shape = Optional.ofNullable(params.getParam("shape")).orElse("");
    String size = Optional.ofNullable(params.getParam("size")).orElse("");
    return (name + " " + shape + " " + size).strip();
  }

  private String page() {
    StringBuilder page = new StringBuilder("# Reading and mapping: how long they take\n\n");
    page.append(machine.sentence("./millrace bench mapping", "serial collector, one thread"));
    page.append(
        "\nTimes are those of the processor for each operation, with the collector's and the");
    page.append(" compiler's.\nWhat mapping takes has lineage and coverage in it, and reading or");
    page.append(" writing the message.\n");
    page.append("\n## An ordinary message\n\n");
    page.append("| | Processor time, µs | ± (99.9 %) | Allocated, KB | Share of HAPI's parse |\n");
    page.append("|---|---|---|---|---|\n");
    row(page, "Read an ORU of 2.4 KB", "ReadingBenchmark.read");
    row(page, "Read it, and the text of every part", "ReadingBenchmark.readEveryField");
    row(page, "HAPI's PipeParser on the same, no validation", "ReadingBenchmark.hapiParse");
    row(page, "ORU to DocumentReference, reading included", "MappingBenchmark.reportToDocument");
    row(page, "PID to Patient, reading included", "MappingBenchmark.pidToPatient");
    row(page, "Patient to PID, writing included", "MappingBenchmark.patientToPid");
    row(page, "Write a message of 20 OBX", "ReadingBenchmark.write");
    for (BenchMessages.Shape shape : BenchMessages.Shape.values()) {
      sizes(page, shape);
    }
    return page.toString();
  }

  private void row(StringBuilder page, String title, String name) {
    RunResult result = results.get(name);
    if (result == null) {
      return;
    }
    RunResult hapi = results.get("ReadingBenchmark.hapiParse");
    String share = hapi == null ? "" : number(100 * time(result) / time(hapi)) + " %";
    page.append("| ").append(title).append(" | ").append(number(time(result)));
    page.append(" | ").append(number(error(result)));
    page.append(" | ").append(number(allocated(result) / 1000)).append(" | ");
    page.append(share).append(" |\n");
  }

  private void sizes(StringBuilder page, BenchMessages.Shape shape) {
    String read = "SizeBenchmark.read " + shape + " ";
    String map = "SizeBenchmark.reportToDocument " + shape + " ";
    if (results.keySet().stream().noneMatch(name -> name.startsWith(map))) {
      return;
    }
    page.append(
        shape == BenchMessages.Shape.MANY_OBX
            ? "\n## The same report with more OBX\n\n"
            : "\n## The same report with a longer OBX-5\n\n");
    page.append("| Bytes | Read, µs | ± | To DocumentReference, µs | ± | ns a byte |");
    page.append(" Allocated, bytes a byte |\n|---|---|---|---|---|---|---|\n");
    for (int size : new int[] {2400, 50_000, 500_000, 5_000_000}) {
      RunResult reading = results.get(read + size);
      RunResult mapping = results.get(map + size);
      if (reading != null && mapping != null) {
        page.append("| ").append(size).append(" | ").append(number(time(reading)));
        page.append(" | ").append(number(error(reading)));
        page.append(" | ").append(number(time(mapping)));
        page.append(" | ").append(number(error(mapping)));
        page.append(" | ").append(number(time(mapping) * 1000 / size));
        page.append(" | ").append(number(allocated(mapping) / size)).append(" |\n");
      }
    }
  }

  private static double time(RunResult result) {
    return cpu(result).getScore();
  }

  private static double error(RunResult result) {
    return cpu(result).getScoreError();
  }

  private static Result<?> cpu(RunResult result) {
    Result<?> cpu = result.getSecondaryResults().get(CpuTime.NAME);
    return cpu == null ? result.getPrimaryResult() : cpu;
  }

  private static double allocated(RunResult result) {
    Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return bytes == null ? Double.NaN : bytes.getScore();
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
  }
}
