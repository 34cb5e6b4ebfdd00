package org.millrace.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.PostgresAddress;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;

/**
 * What every run of the harness has: engine processes on one journal, senders, Cerner behind a door
 * that can be watched, and the history that all of it is judged by.
 */
final class Scene implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration STANDS_STILL_AFTER = Duration.ofMinutes(3);

  private final Path folder;
  private final JournalPlace journal;
  private final Random random;
  private final Sandbox sandbox;
  private final WatchedCerner cerner;
  private final History history;
  private final List<EngineProcess> engines = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * How the engines are set up.
   *
   * @param database of their journal; empty: a folder, and one engine
   * @param engines how many there are
   * @param jvmOptions of each; empty: those of short runs
   * @param settings beside those that the scene gives
   */
  record Layout(
      Optional<PostgresAddress> database,
      int engines,
      List<String> jvmOptions,
      Map<String, String> settings) {
    static final Layout ONE_ENGINE = new Layout(Optional.empty(), 1, List.of(), Map.of());

    static Layout on(PostgresAddress database, int engines) {
      return new Layout(Optional.of(database), engines, List.of(), Map.of());
    }

    Layout with(Map<String, String> other) {
      return new Layout(database, engines, jvmOptions, other);
    }

    Layout withJvm(String... options) {
      return new Layout(database, engines, List.of(options), settings);
    }
  }

  /**
   * Starts everything but the engines.
   *
   * @param folder for the journal, the history and the engines' logs; kept, so that a failed run
   *     can be looked into
   * @param seed decides all that is left to chance
   */
  Scene(Path folder, long seed, Layout layout) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.journal =
        layout
            .database()
            .<JournalPlace>map(JournalPlace.Server::new)
            .orElseGet(() -> new JournalPlace.Folder(folder.resolve("journal")));
    this.random = new Random(seed);
    this.sandbox = Sandbox.start(SandboxOptions.defaults().withClock(Clock.systemUTC()));
    this.cerner = new WatchedCerner(sandbox, seed);
    this.history = new History(historyFile());
    for (int i = 0; i < layout.engines(); i++) {
      Path log = folder.resolve("engine-" + i + ".log");
      Map<String, String> settings = settings(layout);
      engines.add(
          layout.jvmOptions().isEmpty()
              ? new EngineProcess(log, settings)
              : new EngineProcess(log, layout.jvmOptions(), settings));
    }
    history.add("seed", seed);
    seedPatients();
  }

  private Map<String, String> settings(Layout layout) {
    Map<String, String> all = new TreeMap<>();
    all.put("MILLRACE_DATA", folder.resolve("journal").toString());
    layout.database().ifPresent(address -> all.put("MILLRACE_DATABASE_URL", address.shown()));
    layout.database().ifPresent(address -> all.put("MILLRACE_DATABASE_USER", address.user()));
    all.put("MILLRACE_TENANT_ID", sandbox.tenantId());
    all.put("MILLRACE_CLIENT_ID", sandbox.clientId());
    all.put("MILLRACE_CLIENT_SECRET", sandbox.clientSecret());
    all.put("MILLRACE_FHIR_BASE_URL", cerner.outside(sandbox.fhirBaseUrl()));
    all.put("MILLRACE_TOKEN_URL", cerner.outside(sandbox.tokenUrl()));
    all.put("MILLRACE_ZONE", "America/Chicago");
    all.put("MILLRACE_SETTLE_WITHIN", "3s");
    all.putAll(layout.settings());
    return all;
  }

  WatchedCerner cerner() {
    return cerner;
  }

  History history() {
    return history;
  }

  Random random() {
    return random;
  }

  /** The only one, or the first. */
  EngineProcess engine() {
    return engines.get(0);
  }

  List<EngineProcess> engines() {
    return List.copyOf(engines);
  }

  /** Starts those that do not run, and waits until they are ready. */
  void startEngines() throws IOException, InterruptedException {
    for (EngineProcess engine : engines) {
      if (!engine.running()) {
        engine.start();
        history.add("start");
      }
    }
  }

  /** A sender that begins with this engine and turns to the next when it gets no answer. */
  SendingSystem sender(int number) {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < engines.size(); i++) {
      ports.add(engines.get((number + i) % engines.size()).mllpPort());
    }
    return new SendingSystem("LAB" + number, ports, history);
  }

  /** What a sender does. */
  @FunctionalInterface
  interface Sending {
    void by(SendingSystem sender) throws InterruptedException;
  }

  /** So many senders, each on a thread of its own. */
  List<Thread> senders(int count, Sending sending) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(started(sender(i), sending));
    }
    return threads;
  }

  /**
   * Senders under way all the time.
   *
   * @param perSecond messages, of all senders together
   */
  List<Thread> senders(int count, int perSecond, BooleanSupplier wanted) {
    Duration every = Duration.ofSeconds(count).dividedBy(perSecond);
    return senders(count, sender -> sender.sendAll(every, wanted));
  }

  static Thread started(SendingSystem sender, Sending sending) {
    Thread thread =
        new Thread(
            () -> {
              try {
                sending.by(sender);
              } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
              } finally {
                sender.close();
              }
            },
            sender.name());
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Until nothing waits in the journal; gives up once nothing has become less for minutes. */
  void awaitDrained() throws InterruptedException {
    long least = Long.MAX_VALUE;
    long until = System.nanoTime() + STANDS_STILL_AFTER.toNanos();
    for (long now = engine().waiting(); now != 0; now = engine().waiting()) {
      if (now > 0 && now < least) {
        least = now;
        until = System.nanoTime() + STANDS_STILL_AFTER.toNanos();
      }
      giveUpAfter(until, now);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  void awaitDrained(Duration within) throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    for (long now = engine().waiting(); now != 0; now = engine().waiting()) {
      giveUpAfter(until, now);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private void giveUpAfter(long until, long waiting) {
    if (System.nanoTime() - until > 0) {
      throw new IllegalStateException(waiting + " messages still wait; see the logs in " + folder);
    }
  }

  /** Stops the engines as an operator does, and judges. */
  Judge.Verdict verdict() throws IOException, InterruptedException {
    for (EngineProcess engine : engines) {
      history.add("stopped", engine.stop().toMillis());
    }
    JsonNode documents =
        JSON.readTree(
            client
                .send(
                    HttpRequest.newBuilder(
                            URI.create(sandbox.controlUrl() + "/resources/DocumentReference"))
                        .build(),
                    HttpResponse.BodyHandlers.ofByteArray())
                .body());
    Files.write(folder.resolve("documents.json"), JSON.writeValueAsBytes(documents));
    return Judge.judge(historyFile(), documents, stopped());
  }

  private Set<String> stopped() {
    Set<String> stopped = new TreeSet<>();
    try (JournalDatabase opened = JournalDatabase.openReadOnly(journal, Clock.systemUTC())) {
      opened
          .listing()
          .list(
              MessageFilter.any()
                  .in(Set.of(MessageState.HELD, MessageState.REFUSED))
                  .atMost(Integer.MAX_VALUE))
          .forEach(message -> stopped.add(message.controlId()));
    }
    return stopped;
  }

  Path historyFile() {
    return folder.resolve("history.txt");
  }

  private void seedPatients() throws IOException, InterruptedException {
    ArrayNode patients = JSON.createArrayNode();
    for (int i = 0; i < SendingSystem.Patient.COUNT; i++) {
      SendingSystem.Patient patient = SendingSystem.Patient.of(i);
      ObjectNode resource =
          patients.addObject().put("resourceType", "Patient").put("id", patient.id());
      resource
          .putArray("identifier")
          .addObject()
          .put("system", "urn:oid:2.16.840.1.113883.6.1000")
          .put("value", patient.number());
      resource.put("active", true).put("birthDate", "1961-03-14");
      ObjectNode name = resource.putArray("name").addObject().put("use", "official");
      name.put("family", patient.family()).putArray("given").add("PAT");
    }
    control("POST", "/seed", JSON.writeValueAsString(patients));
  }

  /**
   * @param faults of the sandbox from now on, a JSON array
   */
  void faults(String faults) throws IOException, InterruptedException {
    control("PUT", "/faults", "{\"faults\":" + faults + "}");
  }

  private void control(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .header("Content-Type", "application/json")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(
          "the sandbox said " + answer.statusCode() + ": " + answer.body());
    }
  }

  @Override
  public void close() throws IOException {
    engines.forEach(EngineProcess::close);
    cerner.close();
    sandbox.close();
    history.close();
  }
}
