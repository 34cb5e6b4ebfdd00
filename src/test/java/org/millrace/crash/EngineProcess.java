package org.millrace.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.millrace.Ports;

/** The engine as its users start it, in a process of its own: to be killed and started again. */
public final class EngineProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  /** As the launcher starts it; how much memory is for whoever starts it to say. */
  public static final List<String> AS_LAUNCHED =
      List.of("-XX:FreqInlineSize=120", "-XX:InlineSmallCode=1000", "-Xss1m", "-XX:+UseSerialGC");

  /** For runs that are over soon: what the better compiler does would not pay off. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss1m", "-Xmx512m");

  private final Path log;
  private final List<String> jvmOptions;
  private final Map<String, String> settings;
  private final int mllpPort;
  private final int httpPort;
  private final int managementPort;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private @Nullable Process process;

  /**
   * @param log standard output and error of all its starts
   * @param given settings beside the ports, which are chosen here and stay the same
   */
  public EngineProcess(Path log, Map<String, String> given) throws IOException {
    this(log, SHORT_LIVED, given);
  }

  /**
   * The same with options of its JVM.
   *
   * @param jvmOptions in the place of those of short runs
   */
  public EngineProcess(Path log, List<String> jvmOptions, Map<String, String> given)
      throws IOException {
    this.log = log;
    this.jvmOptions = List.copyOf(jvmOptions);
    this.mllpPort = Ports.free();
    this.httpPort = Ports.free();
    this.managementPort = Ports.free();
    this.settings = new TreeMap<>(given);
    settings.put("MILLRACE_MLLP_PORT", String.valueOf(mllpPort));
    settings.put("MILLRACE_HTTP_PORT", String.valueOf(httpPort));
    settings.put("MILLRACE_MANAGEMENT_PORT", String.valueOf(managementPort));
    settings.putIfAbsent("MILLRACE_CONSOLE_PORT", "none");
  }

  public int mllpPort() {
    return mllpPort;
  }

  public int httpPort() {
    return httpPort;
  }

  /** Starts it and does not wait. */
  synchronized void launch() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dmillrace.home=" + Path.of("").toAbsolutePath());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("org.millrace.cli.Millrace", "serve"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
    builder.environment().putAll(settings);
    process = builder.start();
  }

  /** Starts it and waits until it is ready. */
  public void start() throws IOException, InterruptedException {
    launch();
    awaitReady();
  }

  void awaitReady() throws InterruptedException {
    long until = System.nanoTime() + READY_WITHIN.toNanos();
    while (System.nanoTime() < until) {
      if (get("/ready").contains("\"ready\":true")) {
        return;
      }
      if (!running()) {
        throw new IllegalStateException("the engine ended while it started; see " + log);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IllegalStateException("the engine was not ready in time; see " + log);
  }

  synchronized boolean running() {
    return process != null && process.isAlive();
  }

  /** {@code kill -9}, and waits until it is dead. */
  public synchronized void kill() {
    Process now = process;
    if (now == null) {
      return;
    }
    try {
      now.destroyForcibly().waitFor();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGTERM; how long it took to end. */
  public Duration stop() throws InterruptedException {
    Process now = process;
    if (now == null) {
      return Duration.ZERO;
    }
    long begun = System.nanoTime();
    now.destroy();
    if (!now.waitFor(30, TimeUnit.SECONDS)) {
      now.destroyForcibly().waitFor();
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Stops it in its tracks for so long, as a hypervisor or a swapping host does. */
  void pause(Duration time) throws IOException, InterruptedException {
    signal("STOP");
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } finally {
      signal("CONT");
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process now = process;
    if (now != null) {
      new ProcessBuilder("kill", "-" + name, String.valueOf(now.pid())).start().waitFor();
    }
  }

  /** How many messages wait or are being sent; -1 if it cannot be asked. */
  public long waiting() throws InterruptedException {
    String told = get("/ready");
    int at = told.indexOf("\"waiting\":");
    return at < 0 ? -1 : Long.parseLong(told.substring(at + 10).split("[^0-9]", 2)[0]);
  }

  /** Its number among the processes of this machine; it must have been started. */
  public long pid() {
    Process now = process;
    if (now == null) {
      throw new IllegalStateException("the engine was not started");
    }
    return now.pid();
  }

  /** What its management port answers; empty if it does not. */
  public String get(String path) throws InterruptedException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException notUp) {
      return "";
    }
  }

  @Override
  public void close() {
    kill();
  }
}
