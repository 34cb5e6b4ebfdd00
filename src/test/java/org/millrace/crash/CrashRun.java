package org.millrace.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
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
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;

/**
 * One run of the harness: an engine process, its journal, senders and Cerner. Kills it at points or
 * at random, waits until all is delivered, and has the history judged.
 */
final class CrashRun implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration MET_WITHIN = Duration.ofSeconds(40);
  private static final Duration DRAINED_WITHIN = Duration.ofMinutes(3);
  private static final int SENDERS = 4;
  private static final int MANY = 16;

  private final Path folder;
  private final Random random;
  private final Sandbox sandbox;
  private final WatchedCerner cerner;
  private final History history;
  private final EngineProcess engine;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * @param folder for the journal, the history and the engine's log; kept, so that a failed run can
   *     be looked into
   * @param seed decides all that is left to chance
   */
  CrashRun(Path folder, long seed, Map<String, String> settings)
      throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.random = new Random(seed);
    this.sandbox = Sandbox.start(SandboxOptions.defaults().withClock(Clock.systemUTC()));
    this.cerner = new WatchedCerner(sandbox, seed);
    this.history = new History(historyFile());
    this.engine = new EngineProcess(folder.resolve("engine.log"), settings(settings));
    history.add("seed", seed);
    seedPatients();
  }

  private Map<String, String> settings(Map<String, String> given) {
    Map<String, String> all = new TreeMap<>();
    all.put("MILLRACE_DATA", folder.resolve("journal").toString());
    all.put("MILLRACE_TENANT_ID", sandbox.tenantId());
    all.put("MILLRACE_CLIENT_ID", sandbox.clientId());
    all.put("MILLRACE_CLIENT_SECRET", sandbox.clientSecret());
    all.put("MILLRACE_FHIR_BASE_URL", cerner.outside(sandbox.fhirBaseUrl()));
    all.put("MILLRACE_TOKEN_URL", cerner.outside(sandbox.tokenUrl()));
    all.put("MILLRACE_ZONE", "America/Chicago");
    all.put("MILLRACE_SETTLE_WITHIN", "3s");
    all.putAll(given);
    return all;
  }

  /** Kills the engine once at this point, starts it again, and waits until all is delivered. */
  void killAt(CrashPoint point) throws IOException, InterruptedException {
    if (!engine.running()) {
      engine.start();
      history.add("start");
    }
    cerner.losing(0);
    CountDownLatch met = new CountDownLatch(1);
    Runnable kill =
        () -> {
          history.add("kill", point);
          engine.kill();
          met.countDown();
        };
    AtomicBoolean wanted = new AtomicBoolean(true);
    List<Thread> senders = begin(point, kill, wanted);
    if (!met.await(MET_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the engine did not come to " + point + " in time");
    }
    cerner.losing(0);
    faults("[]");
    if (point == CrashPoint.STARTING) {
      engine.launch();
      TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(2_500));
      kill.run();
    }
    engine.start();
    history.add("start");
    for (Thread sender : senders) {
      sender.join();
    }
    awaitDrained();
  }

  private List<Thread> begin(CrashPoint point, Runnable kill, AtomicBoolean wanted)
      throws IOException, InterruptedException {
    switch (point) {
      case FRAME_HALF_SENT, FRAME_SENT -> {
        List<Thread> threads = senders(SENDERS, 2, wanted);
        SendingSystem unheard = new SendingSystem("LABX", engine.mllpPort(), history);
        SendingSystem.Patient patient = SendingSystem.Patient.of(0);
        String id = writeOnly(unheard, patient, point == CrashPoint.FRAME_SENT);
        kill.run();
        threads.add(started(unheard, sender -> sender.send(id, patient, wanted::get)));
        return threads;
      }
      case ACKNOWLEDGED -> {
        SendingSystem first = new SendingSystem("LAB0", engine.mllpPort(), history);
        first.send(1, wanted::get);
        first.close();
        kill.run();
        return senders(SENDERS, 2, wanted);
      }
      case AMID_MANY, STARTING -> {
        List<Thread> many = senders(MANY, 4, wanted);
        TimeUnit.MILLISECONDS.sleep(20 + random.nextInt(200));
        kill.run();
        return many;
      }
      case TOKEN_ASKED, TOKEN_HALF_ANSWERED -> {
        // Only an engine that has just started asks for one.
        engine.kill();
        history.add("kill", "before", point);
        watch(point, kill);
        engine.start();
        history.add("start");
        return senders(SENDERS, 2, wanted);
      }
      case RETRY_WAITING -> {
        faults("[{\"method\":\"POST\",\"path\":\"DocumentReference\",\"status\":503,\"times\":3}]");
        watch(point, () -> soon(kill));
        return senders(SENDERS, 2, wanted);
      }
      case CREATE_STORED_LATE -> {
        watch(
            point,
            () -> {
              kill.run();
              rest(Duration.ofMillis(2_500));
            });
        return senders(SENDERS, 2, wanted);
      }
      default -> {
        if (point.needsLostAnswer()) {
          cerner.losing(1);
        }
        watch(point, kill);
        return senders(SENDERS, 2, wanted);
      }
    }
  }

  private void watch(CrashPoint point, Runnable action) {
    cerner.at(point.watch().orElseThrow(), action);
  }

  private void soon(Runnable kill) {
    rest(Duration.ofMillis(100 + random.nextInt(1_000)));
    kill.run();
  }

  private static void rest(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Writes a message, or half of it, and does not wait for the answer.
   *
   * @return its control id
   */
  private String writeOnly(SendingSystem sender, SendingSystem.Patient patient, boolean whole)
      throws IOException, InterruptedException {
    String id = SendingSystem.nextId();
    byte[] message = sender.message(id, patient);
    history.add("sent", id, sender.name(), patient.number());
    try (Socket socket = new Socket("127.0.0.1", engine.mllpPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(0x0b);
      out.write(message, 0, whole ? message.length : message.length / 2);
      if (whole) {
        out.write(new byte[] {0x1c, 0x0d});
      }
      out.flush();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(8));
    }
    return id;
  }

  /** What a sender does. */
  @FunctionalInterface
  private interface Sending {
    void by(SendingSystem sender) throws InterruptedException;
  }

  private List<Thread> senders(int count, int messages, AtomicBoolean wanted) {
    return senders(count, sender -> sender.send(messages, wanted::get));
  }

  private List<Thread> senders(int count, Sending sending) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(started(new SendingSystem("LAB" + i, engine.mllpPort(), history), sending));
    }
    return threads;
  }

  private static Thread started(SendingSystem sender, Sending sending) {
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

  /**
   * Senders under way all the time; every 3 to 20 seconds the engine is killed, or stopped in its
   * tracks for a while.
   *
   * @param perSecond messages, of all senders together
   * @param lostAnswers share of the answers to creates that are lost
   */
  void killAtRandom(Duration time, int perSecond, double lostAnswers)
      throws IOException, InterruptedException {
    if (!engine.running()) {
      engine.start();
    }
    history.add("start");
    cerner.losing(lostAnswers);
    AtomicBoolean wanted = new AtomicBoolean(true);
    List<Thread> senders =
        senders(
            SENDERS,
            sender ->
                sender.sendAll(Duration.ofSeconds(SENDERS).dividedBy(perSecond), wanted::get));
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(3_000 + random.nextInt(longestWait(until)));
      if (random.nextInt(4) == 0) {
        history.add("pause");
        engine.pause(Duration.ofMillis(500 + random.nextInt(3_000)));
      } else {
        history.add("kill", "random");
        engine.kill();
        engine.start();
        history.add("start");
      }
    }
    wanted.set(false);
    cerner.losing(0);
    for (Thread sender : senders) {
      sender.join();
    }
    awaitDrained();
  }

  private static int longestWait(long until) {
    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    return (int) Math.max(1, Math.min(17_000, left - 3_000));
  }

  void awaitDrained() throws InterruptedException {
    long until = System.nanoTime() + DRAINED_WITHIN.toNanos();
    while (engine.waiting() != 0) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException(
            engine.waiting() + " messages still wait; see " + folder.resolve("engine.log"));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Stops the engine as an operator does, and judges. */
  Judge.Verdict verdict() throws IOException, InterruptedException {
    Duration took = engine.stop();
    history.add("stopped", took.toMillis());
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
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(folder.resolve("journal"), Clock.systemUTC())) {
      journal
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

  private void faults(String faults) throws IOException, InterruptedException {
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
    engine.close();
    cerner.close();
    sandbox.close();
    history.close();
  }
}
