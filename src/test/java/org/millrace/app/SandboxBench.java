package org.millrace.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;

/** A sandbox with its levers, and engines in front of it, all on ports that were free. */
public final class SandboxBench implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final Sandbox sandbox;

  private SandboxBench(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  public static SandboxBench start() throws IOException {
    return new SandboxBench(
        Sandbox.start(SandboxOptions.defaults().withPort(0).withClock(Clock.systemUTC())));
  }

  /** What an engine needs to be told to reach the sandbox; all its own ports are free ones. */
  public Map<String, String> settings(Path data) {
    Map<String, String> values = new TreeMap<>();
    values.put("MILLRACE_TENANT_ID", sandbox.tenantId());
    values.put("MILLRACE_FHIR_BASE_URL", sandbox.fhirBaseUrl());
    values.put("MILLRACE_CLIENT_ID", sandbox.clientId());
    values.put("MILLRACE_CLIENT_SECRET", sandbox.clientSecret());
    values.put("MILLRACE_MLLP_PORT", "0");
    values.put("MILLRACE_HTTP_PORT", "0");
    values.put("MILLRACE_MANAGEMENT_PORT", "0");
    values.put("MILLRACE_CONSOLE_PORT", "0");
    values.put("MILLRACE_ZONE", "America/Chicago");
    values.put("MILLRACE_DATA", data.toString());
    return values;
  }

  /** The same in a file, for commands that are typed beside the engine, with one setting more. */
  public Path settingsFile(Path folder, String name, String value) throws IOException {
    Map<String, String> values = settings(folder.resolve("data"));
    values.put(name, value);
    List<String> lines = new ArrayList<>();
    values.forEach((each, text) -> lines.add(each + "=" + text));
    return Files.write(folder.resolve(name + "-" + value + ".properties"), lines);
  }

  /** Beside those: what an engine needs to be told to look up at HealtheIntent. */
  Map<String, String> healtheIntent() {
    return Map.of(
        "MILLRACE_HEALTHEINTENT_URL", sandbox.healtheIntent().url(),
        "MILLRACE_HEALTHEINTENT_POPULATION", sandbox.healtheIntent().population(),
        "MILLRACE_HEALTHEINTENT_DATA_PARTITION", sandbox.healtheIntent().dataPartition(),
        "MILLRACE_HEALTHEINTENT_TOKEN", sandbox.healtheIntent().bearerToken());
  }

  /** An engine in front of the sandbox, with the routes and mappings of the repository. */
  public Engine engine(Path data, Map<String, String> more) throws Exception {
    Map<String, String> values = settings(data);
    values.putAll(more);
    return engine(values);
  }

  /** An engine in front of the sandbox, with the routes and mappings of this folder. */
  public Engine engineIn(Path home, Path data) throws Exception {
    return engineIn(home, data, Map.of());
  }

  /** The same, with settings besides. */
  public Engine engineIn(Path home, Path data, Map<String, String> more) throws Exception {
    Map<String, String> values = settings(data);
    values.putAll(more);
    return started(home, values);
  }

  static Engine engine(Map<String, String> values) throws Exception {
    return started(Path.of("").toAbsolutePath(), values);
  }

  private static Engine started(Path home, Map<String, String> values) throws Exception {
    return Engine.start(Settings.read(SettingsSource.of(values), home), Clock.systemUTC());
  }

  /** Back to the seed, without faults and requests. */
  public void reset() {
    control("POST", "reset", "");
  }

  /**
   * @param faults a JSON array in single quotes
   */
  public void faults(String faults) {
    control("PUT", "faults", "{\"faults\":" + faults.replace('\'', '"') + "}");
  }

  /**
   * @param resources a JSON array in single quotes
   */
  public void seed(String resources) {
    control("POST", "seed", resources.replace('\'', '"'));
  }

  /** The documents in the hospital's charts whose title holds this. */
  public List<JsonNode> documentsTitled(String part) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode each : control("GET", "resources/DocumentReference", "")) {
      if (each.at("/content/0/attachment/title").asText().contains(part)) {
        found.add(each);
      }
    }
    return found;
  }

  /** What Cerner was asked about resources, in order: method, path and query. */
  public List<JsonNode> asked() {
    List<JsonNode> asked = new ArrayList<>();
    for (JsonNode each : control("GET", "requests", "").path("requests")) {
      if (Character.isUpperCase(each.path("path").asText(" ").charAt(0))) {
        asked.add(each);
      }
    }
    return asked;
  }

  /** All that was asked of the FHIR address, its own pages included. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    for (JsonNode each : control("GET", "requests", "").path("requests")) {
      paths.add(each.path("path").asText());
    }
    return paths;
  }

  private JsonNode control(String method, String path, String body) {
    HttpResponse<String> answer =
        http(
            HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + "/" + path))
                .method(method, BodyPublishers.ofString(body)));
    if (answer.statusCode() >= 300) {
      throw new AssertionError(path + ": " + answer.body());
    }
    return json(answer.body());
  }

  public static HttpResponse<String> get(String url) {
    return http(HttpRequest.newBuilder(URI.create(url)));
  }

  public static HttpResponse<String> post(String url, String type, String body) {
    return http(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  public static HttpResponse<String> http(HttpRequest.Builder request) {
    try {
      return HTTP.send(
          request.timeout(Duration.ofSeconds(20)).build(),
          BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw new AssertionError("no answer", failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError("stopped", stopped);
    }
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException notJson) {
      throw new AssertionError(text, notJson);
    }
  }

  /** How many messages of an engine stand in a state, as its management port tells. */
  public static int standing(int managementPort, String state) {
    HttpResponse<String> answer = get("http://127.0.0.1:" + managementPort + "/messages");
    return json(answer.body()).path("messages").path(state).asInt();
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
