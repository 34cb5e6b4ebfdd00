package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files the hospital is made of.
 *
 * @param codes this site's code sets and the standard codes they are mapped to
 * @param hospital the resources, written short; see {@link Hospital}
 * @param healtheIntent what HealtheIntent knows of the same patients
 * @param more resources as they are read
 */
record Seed(JsonNode codes, JsonNode hospital, JsonNode healtheIntent, List<ObjectNode> more) {

  /**
   * @param more a JSON array of resources or a Bundle
   * @throws IllegalArgumentException if it is neither
   */
  static Seed load(Optional<String> more) throws IOException {
    return new Seed(
        read("codes.yaml"),
        read("hospital.yaml"),
        read("healtheintent.yaml"),
        more.map(
                json ->
                    Json.read(Buffer.buffer(json))
                        .orElseThrow(() -> new IllegalArgumentException("the seed is no JSON")))
            .map(Seed::resources)
            .orElse(List.of()));
  }

  /**
   * The resources of an array or a Bundle.
   *
   * @throws IllegalArgumentException if it is neither, or one has no type or id
   */
  static List<ObjectNode> resources(JsonNode sent) {
    List<ObjectNode> resources = new ArrayList<>();
    if (sent.path("resourceType").asText().equals("Bundle")) {
      sent.path("entry").forEach(entry -> resources.add(resource(entry.path("resource"))));
    } else if (sent.isArray()) {
      sent.forEach(element -> resources.add(resource(element)));
    } else {
      throw new IllegalArgumentException("a JSON array of resources or a Bundle is needed");
    }
    return List.copyOf(resources);
  }

  private static ObjectNode resource(JsonNode node) {
    if (Json.text(node, "resourceType").isEmpty() || Json.text(node, "id").isEmpty()) {
      throw new IllegalArgumentException("each resource needs a resourceType and an id");
    }
    return (ObjectNode) node;
  }

  private static JsonNode read(String file) throws IOException {
    try (InputStream in = Seed.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new FileNotFoundException("The sandbox's file " + file + " is missing.");
      }
      return new YAMLMapper().readTree(in);
    }
  }
}
