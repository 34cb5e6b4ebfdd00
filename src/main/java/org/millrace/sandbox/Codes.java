package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * This site's own codes and the standard codes they are mapped to.
 *
 * <p>On read a concept carries the own coding ({@code userSelected} true) and the standard ones
 * (false); on write it may carry only one of the two families.
 *
 * <p>Source: Cerner Millennium R4, general information, proprietary codes.
 */
final class Codes {
  private static final String CERNER = "https://fhir.cerner.com/";

  private record Entry(ObjectNode own, List<ObjectNode> standard) {}

  private final List<Entry> entries = new ArrayList<>();

  Codes(String tenant, JsonNode table) {
    for (JsonNode row : table) {
      ObjectNode own = Json.object();
      own.put("system", CERNER + tenant + "/codeSet/" + row.path("set").asText());
      own.put("code", row.path("code").asText()).put("display", row.path("display").asText());
      own.put("userSelected", true);
      List<ObjectNode> standard = new ArrayList<>();
      for (JsonNode mapped : row.path("standard")) {
        ObjectNode coding = Json.object();
        coding.put("system", mapped.path(0).asText()).put("code", mapped.path(1).asText());
        coding.put("display", mapped.path(2).asText()).put("userSelected", false);
        standard.add(coding);
      }
      entries.add(new Entry(own, standard));
    }
  }

  static boolean isOwn(JsonNode coding) {
    return coding.path("system").asText("").startsWith(CERNER);
  }

  /** Refuses a concept that mixes own and standard codings, anywhere in a resource. */
  static void requireOneFamily(JsonNode node) {
    JsonNode codings = node.path("coding");
    if (codings.isArray()) {
      long own = Json.list(codings).stream().filter(Codes::isOwn).count();
      if (own > 0 && own < codings.size()) {
        throw Refusal.unprocessable("a CodeableConcept mixes proprietary and standard codings");
      }
    }
    node.forEach(Codes::requireOneFamily);
  }

  /** Whether one of the concept's codings is of the system. */
  static boolean hasSystem(JsonNode concept, String system) {
    return Json.list(concept, "coding").stream()
        .anyMatch(coding -> coding.path("system").asText("").equals(system));
  }

  /** Whether one of the concept's codings is of the systems, or of this site's nomenclature. */
  static boolean hasOneOf(JsonNode concept, Set<String> systems) {
    return Json.list(concept, "coding").stream()
        .map(coding -> coding.path("system").asText(""))
        .anyMatch(
            system ->
                systems.contains(system)
                    || (system.startsWith(CERNER) && system.endsWith("/nomenclature")));
  }

  /** Completes every concept in a resource: both families, displays, text. */
  void complete(JsonNode node) {
    if (node.isObject() && node.path("coding").isArray()) {
      completeConcept((ObjectNode) node);
    }
    node.forEach(this::complete);
  }

  private void completeConcept(ObjectNode concept) {
    ArrayNode codings = (ArrayNode) concept.path("coding");
    Optional<Entry> entry = entries.stream().filter(e -> concerns(e, codings)).findFirst();
    if (entry.isPresent()) {
      ArrayNode both = Json.array();
      both.add(entry.get().own().deepCopy());
      entry.get().standard().forEach(standard -> both.add(standard.deepCopy()));
      for (JsonNode sent : codings) {
        if (Json.list(both).stream().noneMatch(known -> same(known, sent))) {
          both.add(sent);
        }
      }
      concept.set("coding", both);
    }
    for (JsonNode coding : concept.path("coding")) {
      if (!coding.has("userSelected")) {
        ((ObjectNode) coding).put("userSelected", isOwn(coding));
      }
    }
    if (!concept.has("text")) {
      Json.text(concept.path("coding").path(0), "display")
          .ifPresent(text -> concept.put("text", text));
    }
  }

  /** An own code names its entry; standard codes name the first entry mapped to one of them. */
  private static boolean concerns(Entry entry, ArrayNode codings) {
    List<JsonNode> sent = Json.list(codings);
    return sent.stream().anyMatch(Codes::isOwn)
        ? sent.stream().anyMatch(coding -> same(entry.own(), coding))
        : sent.stream()
            .anyMatch(coding -> entry.standard().stream().anyMatch(known -> same(known, coding)));
  }

  static boolean same(JsonNode one, JsonNode other) {
    return one.path("system").asText("").equals(other.path("system").asText(""))
        && one.path("code").asText("").equals(other.path("code").asText(""));
  }
}
