package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.RawSocket;
import org.millrace.app.SandboxBench;
import org.millrace.app.Typed;

/**
 * Kills the engine's process as {@code kill -9} does, at moments that hurt, and starts it again on
 * the same journal: what was acknowledged is filed, and once.
 */
final class CrashTest {
  private static final Duration ENOUGH = Duration.ofSeconds(25);

  @TempDir Path data;

  private SandboxBench bench;
  private final List<String> acknowledged = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    bench = SandboxBench.start();
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void whatWasAcknowledgedIsFiledOnceWheneverTheProcessIsKilled() throws Exception {
    try (Child child = new Child()) {
      for (int i = 0; i < 12; i++) {
        send(child, "IN-A-ROW-" + (char) ('A' + i));
      }
    }
    try (Child child = new Child()) {
      child.awaitDelivered(12);
      bench.faults(
          "[{'method':'POST','path':'DocumentReference','drop':'after-commit','times':1}]");
      send(child, "ANSWER-DROPPED");
      awaitStored("ANSWER-DROPPED");
    }
    try (Child child = new Child()) {
      child.awaitDelivered(13);
      bench.faults("[{'method':'POST','path':'DocumentReference','latency':'20s','times':1}]");
      send(child, "ANSWER-UNDER-WAY");
      awaitStored("ANSWER-UNDER-WAY");
    }
    try (Child child = new Child()) {
      child.awaitDelivered(14);
      bench.faults("[{'method':'GET','path':'Patient','latency':'20s','times':1}]");
      int askedBefore = bench.asked().size();
      send(child, "NOT-YET-CREATED");
      await().atMost(ENOUGH).until(() -> bench.asked().size() > askedBefore);
      send(child, "RIGHT-AFTER-AA");
    }
    try (Child child = new Child()) {
      child.awaitDelivered(16);
    }
    assertThat(acknowledged).hasSize(16);
    for (String each : acknowledged) {
      assertThat(bench.documentsTitled(each)).as(each).hasSize(1);
    }
  }

  private void awaitStored(String fillerNumber) {
    await()
        .atMost(ENOUGH)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> !bench.documentsTitled(fillerNumber).isEmpty());
  }

  private void send(Child child, String fillerNumber) throws IOException {
    try (RawSocket socket = new RawSocket(child.mllpPort)) {
      String reply = socket.exchange(Typed.result("C-" + fillerNumber, fillerNumber));
      assertThat(Typed.field(reply, "MSA", 1)).isEqualTo("AA");
      acknowledged.add(fillerNumber);
    }
  }

  /** {@code millrace serve} in a process of its own; closing kills it. */
  private final class Child implements AutoCloseable {
    private static final Pattern MLLP = Pattern.compile("HL7 v2 over MLLP +127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern MANAGEMENT =
        Pattern.compile("Health, metrics +http://127\\.0\\.0\\.1:(\\d+)/.*");

    private final Process process;
    private final int mllpPort;
    private final int managementPort;

    Child() throws IOException {
      Map<String, String> settings = bench.settings(data);
      settings.put("MILLRACE_SETTLE_WITHIN", "1s");
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              Millrace.class.getName(),
              "serve");
      builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
      builder.environment().putAll(settings);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      process = builder.start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      mllpPort = port(out, MLLP);
      managementPort = port(out, MANAGEMENT);
    }

    private int port(BufferedReader out, Pattern pattern) throws IOException {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.matches()) {
          return Integer.parseInt(matcher.group(1));
        }
      }
      throw new AssertionError("the engine ended without printing " + pattern);
    }

    void awaitDelivered(int messages) {
      await()
          .atMost(ENOUGH)
          .untilAsserted(
              () ->
                  assertThat(SandboxBench.standing(managementPort, "DELIVERED"))
                      .isEqualTo(messages));
    }

    @Override
    public void close() throws InterruptedException {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
