package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Optional;

/**
 * The invented hospital that a sandbox starts with and a reset restores.
 *
 * <p>The seed is written short: {@code codeSet/71} stands for this tenant's code system, {@code
 * Binary/1} for an address below the service root, one coding for what is read back as two, and ids
 * of elements are left out. It goes through the same {@link CernerShape} as what callers create.
 */
final class Hospital {
  private static final String SEEDED = "2026-11-01T08:00:00.000Z";

  private final Site site;
  private final Seed seed;

  Hospital(Site site, Seed seed) {
    this.site = site;
    this.seed = seed;
  }

  /** Empties the records and stores the seed. */
  void fill(Records records) {
    records.clear();
    CernerShape shape = new CernerShape(site, records);
    for (Map.Entry<String, JsonNode> section : seed.hospital().properties()) {
      for (JsonNode written : section.getValue()) {
        ObjectNode resource = Json.object().put("resourceType", section.getKey());
        resource.set("id", written.path("id"));
        resource.putObject("meta").put("versionId", "1").put("lastUpdated", SEEDED);
        resource.setAll((ObjectNode) expanded(written));
        Optional<String> hidden = Json.text(resource, "unshownSsn");
        resource.remove("unshownSsn");
        hidden.ifPresent(ssn -> records.keepUnshown(resource.path("id").asText(), ssn));
        records.put(shape.asRead(resource));
      }
    }
    seed.more().forEach(resource -> putMore(resource, records));
  }

  /** As it is, with a version where it has none; of what it takes the place of, nothing is left. */
  private static void putMore(ObjectNode resource, Records records) {
    ObjectNode more = resource.deepCopy();
    ObjectNode meta = more.withObjectProperty("meta");
    if (!meta.has("versionId")) {
      meta.put("versionId", "1");
    }
    if (!meta.has("lastUpdated")) {
      meta.put("lastUpdated", SEEDED);
    }
    if (more.path("resourceType").asText().equals("Patient")) {
      records.forgetUnshown(more.path("id").asText());
    }
    records.put(more);
  }

  /** A copy in which short code systems are written out. */
  private JsonNode expanded(JsonNode node) {
    if (node.isObject()) {
      ObjectNode copy = Json.object();
      node.properties().forEach(field -> copy.set(field.getKey(), expanded(field.getValue())));
      return copy;
    }
    if (node.isArray()) {
      ArrayNode copy = Json.array();
      node.forEach(element -> copy.add(expanded(element)));
      return copy;
    }
    String text = node.isTextual() ? node.textValue() : "";
    if (text.startsWith("codeSet/")) {
      return TextNode.valueOf("https://fhir.cerner.com/" + site.tenant() + "/" + text);
    }
    return text.startsWith("Binary/") ? TextNode.valueOf(site.fhirBaseUrl() + "/" + text) : node;
  }
}
