package org.millrace.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets the sandbox up for a case and asks it what it was asked. Thread-safe. */
final class SandboxControl {
  /**
   * Calls that only prove who we are or what the server is; when they happen depends on what ran
   * before.
   */
  private static final Set<String> NOT_COMPARED =
      Set.of("token", "metadata", ".well-known/smart-configuration");

  private final URI control;
  private final HttpClient http;

  SandboxControl(URI control, HttpClient http) {
    this.control = control;
    this.http = http;
  }

  void prepare(SampleCase sample) throws IOException {
    ObjectNode clock = SampleCase.JSON.createObjectNode();
    send("POST", "reset", clock.put("clock", sample.clock().toString()));
    if (!sample.seed().isEmpty()) {
      send("POST", "seed", sample.seed());
    }
    if (!sample.faults().isEmpty()) {
      ObjectNode faults = SampleCase.JSON.createObjectNode();
      faults.set("faults", sample.faults());
      send("PUT", "faults", faults);
    }
  }

  /**
   * Method, path, query and body of each call for data, in order; reads that follow one another are
   * put in order of their address, since the engine may ask for several things at once.
   */
  ArrayNode requests() throws IOException {
    List<ObjectNode> requests = new ArrayList<>();
    List<ObjectNode> reads = new ArrayList<>();
    for (JsonNode each : send("GET", "requests", null).path("requests")) {
      if (NOT_COMPARED.contains(each.path("path").asText())) {
        continue;
      }
      if (each.path("method").asText().equals("GET")) {
        reads.add(kept(each));
      } else {
        requests.addAll(ordered(reads));
        requests.add(kept(each));
      }
    }
    requests.addAll(ordered(reads));
    return SampleCase.JSON.createArrayNode().addAll(requests);
  }

  private static List<ObjectNode> ordered(List<ObjectNode> reads) {
    List<String> types = reads.stream().map(each -> each.path("path").asText()).toList();
    List<ObjectNode> ordered =
        reads.stream()
            .sorted(
                Comparator.comparing((ObjectNode each) -> types.indexOf(each.path("path").asText()))
                    .thenComparing(each -> each.path("query").toString()))
            .toList();
    reads.clear();
    return ordered;
  }

  private static ObjectNode kept(JsonNode request) {
    ObjectNode kept = SampleCase.JSON.createObjectNode();
    kept.set("method", request.path("method"));
    kept.set("path", request.path("path"));
    if (!request.path("query").isEmpty()) {
      kept.set("query", request.path("query"));
    }
    if (request.path("body").isContainerNode()) {
      kept.set("body", request.path("body"));
    }
    kept.set("status", request.path("status"));
    return kept;
  }

  private JsonNode send(String method, String path, @Nullable JsonNode body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(control + "/" + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(
                        SampleCase.JSON.writeValueAsBytes(body)))
            .build();
    HttpResponse<byte[]> response = Http.send(http, request);
    if (response.statusCode() >= 300) {
      throw new IOException("the sandbox answered " + response.statusCode() + " to " + path);
    }
    return response.body().length == 0
        ? SampleCase.JSON.createObjectNode()
        : SampleCase.JSON.readTree(response.body());
  }
}
