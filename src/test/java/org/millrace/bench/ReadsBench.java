package org.millrace.bench;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Patient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./millrace bench reads}: how fast charts are read, and what the engine adds to that. */
@Command(
    name = "./millrace bench reads",
    description = "Measures reads and patient queries, straight and through the engine.")
final class ReadsBench implements Callable<Integer> {
  private static final Path PAGE = Path.of("target", "benchmarks", "reads.md");
  private static final String SYSTEM = "urn:oid:2.16.840.1.113883.6.1000";

  /**
   * So many patients each caller asks for in turn, its own: what two ask for at once is read once.
   */
  private static final int PATIENTS = 100_000;

  private static final byte[] FRAME_END = {0x1c, '\r'};

  /** So many ask at once while the engine warms up. */
  private static final int WARMING = 8;

  @Option(
      names = "--callers",
      split = ",",
      description = "How many callers there are at once. Default: 1,8,32.")
  private List<Integer> callers = List.of(1, 8, 32);

  @Option(
      names = "--rounds",
      description = "Rounds that count, after one that does not. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      description = "How long each is asked in a round. Default: ${DEFAULT-VALUE}.")
  private int seconds = 4;

  @Option(
      names = "--warm-up",
      description =
          "How many seconds the engine is asked in each way before anything counts. Default: ${DEFAULT-VALUE}.")
  private int warmUp = 45;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  private final AtomicInteger begun = new AtomicInteger();
  private final StringBuilder page = new StringBuilder("# Reads and queries: how fast\n\n");

  /** One caller's way of asking; each has a connection of its own where it needs one. */
  private interface Asking extends AutoCloseable {
    void ask() throws IOException;

    @Override
    default void close() throws IOException {}
  }

  /** Makes the way of asking of one caller. */
  @FunctionalInterface
  private interface Way {
    Asking begin() throws IOException;
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "bench-");
    Machine machine = new Machine();
    try (FilingStub stub = new FilingStub();
        BenchEngine engine =
            BenchEngine.start(BenchEngine.Database.SQLITE, folder, () -> null, stub, false)) {
      say(
          machine.sentence(
              "./millrace bench reads",
              "engine with the serial collector and 512 MB of heap; a journal without a key"));
      String straight = stub.settings().get("MILLRACE_FHIR_BASE_URL");
      String through = "http://127.0.0.1:" + engine.httpPort() + "/fhir/r4";
      Way query = () -> new Query(engine.port(), numbers());
      for (Way way : List.of(read(through), query)) {
        run(WARMING, warmUp, way);
      }
      compare("GET Patient/{id}, HAPI's client", read(straight), read(through));
      compare("QRY^A19; straight, the two searches it makes", searches(straight), query);
      engine.mustHaveRecordedAll();
    }
    Files.createDirectories(PAGE.getParent());
    Files.writeString(PAGE, page, StandardCharsets.UTF_8);
    System.out.println("Written to " + PAGE);
    return 0;
  }

  private void say(String line) {
    page.append(line).append('\n');
    System.out.println(line);
  }

  private void compare(String title, Way straight, Way through) throws Exception {
    say("\n## " + title + "\n");
    say("| Callers | | A second | Lowest–highest | p50, ms | p99, ms | Added p50, p99, ms |");
    say("|---|---|---|---|---|---|---|");
    for (int many : callers) {
      Map<String, Way> ways = new LinkedHashMap<>();
      ways.put("straight", straight);
      ways.put("through the engine", through);
      Map<String, Series> results = new LinkedHashMap<>();
      List<Spread> added = new ArrayList<>();
      for (int round = 0; round <= rounds; round++) {
        List<Spread> both = new ArrayList<>();
        for (Map.Entry<String, Way> way : ways.entrySet()) {
          long[] took = run(many, seconds, way.getValue());
          Spread spread = Spread.of(took);
          both.add(spread);
          if (round > 0) {
            results
                .computeIfAbsent(way.getKey(), Series::new)
                .add((double) took.length / seconds, spread);
          }
        }
        if (round > 0) {
          added.add(
              new Spread(
                  both.get(1).median() - both.get(0).median(),
                  both.get(1).p99() - both.get(0).p99()));
        }
      }
      for (Series each : results.values()) {
        String more = each.title().equals("straight") ? "–" : middle(added);
        say("| " + many + " " + each.cells() + "| " + more + " |");
      }
    }
  }

  private static String middle(List<Spread> added) {
    long[] medians = added.stream().mapToLong(Spread::median).sorted().toArray();
    long[] slow = added.stream().mapToLong(Spread::p99).sorted().toArray();
    return medians.length == 0
        ? "–"
        : hundredths(medians[medians.length / 2]) + ", " + hundredths(slow[slow.length / 2]);
  }

  private static String hundredths(long nanos) {
    return String.format(Locale.ROOT, "%.2f", nanos / 1e6);
  }

  /** How long each took, in nanoseconds, ascending. */
  private static long[] run(int many, int seconds, Way way) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(many);
    try {
      long until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      List<Future<Times>> all = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        all.add(threads.submit(() -> asked(way, until)));
      }
      long[] took = new long[0];
      for (Future<Times> each : all) {
        long[] more = each.get().all();
        int before = took.length;
        took = Arrays.copyOf(took, before + more.length);
        System.arraycopy(more, 0, took, before, more.length);
      }
      Arrays.sort(took);
      return took;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Times asked(Way way, long until) throws IOException {
    Times times = new Times();
    try (Asking asking = way.begin()) {
      for (long now = System.nanoTime(); now < until; ) {
        asking.ask();
        long after = System.nanoTime();
        times.add(after - now);
        now = after;
      }
    }
    return times;
  }

  private static IGenericClient client(String base) {
    FhirContext context = FhirContext.forR4();
    context.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
    context.getRestfulClientFactory().setPoolMaxTotal(200);
    context.getRestfulClientFactory().setPoolMaxPerRoute(200);
    return context.newRestfulGenericClient(base);
  }

  private Way read(String base) {
    IGenericClient client = client(base);
    return () -> {
      Supplier<String> numbers = numbers();
      return () -> {
        String id = "7" + numbers.get();
        must(client.read().resource(Patient.class).withId(id).execute().getIdPart().equals(id));
      };
    };
  }

  /** The record numbers that the next caller asks for. */
  private Supplier<String> numbers() {
    int first = 10_000_000 + begun.getAndIncrement() * PATIENTS;
    AtomicInteger asked = new AtomicInteger();
    return () -> Integer.toString(first + asked.getAndIncrement() % PATIENTS);
  }

  /** What the engine asks for a query by record number. */
  private Way searches(String base) {
    IGenericClient client = client(base);
    return () -> {
      Supplier<String> numbers = numbers();
      return () -> {
        String mrn = numbers.get();
        must(found(client, "Patient?identifier=" + SYSTEM + "%7C" + mrn));
        must(found(client, "Encounter?patient=7" + mrn));
      };
    };
  }

  private static boolean found(IGenericClient client, String search) {
    return client.search().byUrl(search).returnBundle(Bundle.class).execute().getEntry().size()
        == 1;
  }

  private static void must(boolean right) {
    if (!right) {
      throw new IllegalStateException("the answer is not the one that was asked for");
    }
  }

  /** Patient queries on one connection, each sent when the one before is answered. */
  private static final class Query implements Asking {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[64 * 1024];
    private final Supplier<String> numbers;
    private int number;

    Query(int port, Supplier<String> numbers) throws IOException {
      this.numbers = numbers;
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    @Override
    public void ask() throws IOException {
      number++;
      String mrn = numbers.get();
      String frame =
          "\u000bMSH|^~\\&|BENCH|WARD|MILLRACE|HUB|20261120090000||QRY^A19^QRY_A19|Q"
              + number
              + "|D|2.5.1\rQRD|20261120090000|R|I|T"
              + number
              + "|||1^RD|"
              + mrn
              + "|DEM|\rQRF|MPI||||\r\u001c\r";
      out.write(frame.getBytes(StandardCharsets.US_ASCII));
      int length = 0;
      while (!ends(length)) {
        int more = in.read(buffer, length, buffer.length - length);
        must(more > 0);
        length += more;
      }
      String reply = new String(buffer, 0, length, StandardCharsets.UTF_8);
      must(reply.contains("\rMSA|AA|") && reply.contains("|" + mrn + "^"));
    }

    private boolean ends(int length) {
      return length > 2 && buffer[length - 2] == FRAME_END[0] && buffer[length - 1] == FRAME_END[1];
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
