package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.millrace.guard.Need;
import org.millrace.guard.Needs;
import org.millrace.mapping.ActionShape;

/**
 * Who may ask what is described: the ways to say who one is, and for each operation the scopes that
 * it takes, in {@code x-scopes}, since OpenAPI 3.0 has no place for those of keys. Stateless.
 */
final class OpenApiNeeds {
  private OpenApiNeeds() {}

  /**
   * Adds it to a description of which all paths are there.
   *
   * @param actions those that are described
   */
  static void add(ObjectNode document, List<ActionShape> actions) {
    addSchemes(document.withObjectProperty("components").putObject("securitySchemes"));
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        String method = operation.getKey().toUpperCase(Locale.ROOT);
        add((ObjectNode) operation.getValue(), needs(method, path.getKey(), actions));
      }
    }
  }

  private static void addSchemes(ObjectNode schemes) {
    schemes
        .putObject("key")
        .put("type", "apiKey")
        .put("in", "header")
        .put("name", "X-API-Key")
        .put("description", "A key of 'millrace callers new'.");
    schemes
        .putObject("bearer")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("description", "The same key, or a token of an issuer that this engine trusts.");
  }

  private static void add(ObjectNode operation, Needs needs) {
    ArrayNode security = operation.putArray("security");
    if (needs.open()) {
      return;
    }
    security.addObject().putArray("key");
    security.addObject().putArray("bearer");
    ArrayNode scopes = operation.putArray("x-scopes");
    needs.all().stream().map(Need::scope).forEach(scopes::add);
  }

  private static Needs needs(String method, String path, List<ActionShape> actions) {
    if (path.equals(OpenApi.MOUNT)) {
      return Needs.OPEN;
    }
    if (path.equals(Hl7OverHttp.MOUNT)) {
      return Hl7OverHttp.NEEDS;
    }
    String action = path.substring(path.lastIndexOf('/') + 1);
    return path.startsWith(FhirFacade.MOUNT)
        ? FhirNeeds.of(asked(method, path.substring(FhirFacade.MOUNT.length() + 1)))
        : actions.stream()
            .filter(each -> each.name().equals(action))
            .map(HttpNeeds::ofCaller)
            .findFirst()
            .orElseThrow();
  }

  private static RestRequest asked(String method, String path) {
    return new RestRequest(
        method, "", Arrays.asList(path.split("/")), List.of(), Map.of(), new byte[0]);
  }
}
