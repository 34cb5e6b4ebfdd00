package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.app.SandboxBench;

/** {@code millrace serve} in a process of its own; closing kills it. */
final class ServingProcess implements AutoCloseable {
  private static final Pattern MLLP = Pattern.compile("HL7 v2 over MLLP +127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern MANAGEMENT =
      Pattern.compile("Health, metrics +http://127\\.0\\.0\\.1:(\\d+)/.*");

  private final Process process;
  private final int mllpPort;
  private final int managementPort;

  /** Ready when this returns. */
  ServingProcess(Map<String, String> settings) throws IOException {
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

  private static int port(BufferedReader out, Pattern pattern) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.matches()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
    throw new AssertionError("the engine ended without printing " + pattern);
  }

  int mllpPort() {
    return mllpPort;
  }

  /** How many messages of its journal are delivered. */
  int delivered() {
    return SandboxBench.standing(managementPort, "DELIVERED");
  }

  /** How many slots of lanes it delivers. */
  int slots() {
    return SandboxBench.get("http://127.0.0.1:" + managementPort + "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("millrace_lane_slots "))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  /** All of its threads stand still until {@link #goOn}. */
  void pause() throws IOException, InterruptedException {
    signal("-STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }
}
