package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What the imitation of HealtheIntent knows, read-only.
 *
 * <p>Its ids of patients are as good as the matching they come from: {@link #rematch} gives
 * everybody another one, as a new matching of records does.
 */
final class HealtheIntentRecords {
  private final JsonNode seed;
  private int matching;

  HealtheIntentRecords(JsonNode seed) {
    this.seed = seed;
  }

  String population() {
    return seed.path("population").asText();
  }

  String dataPartition() {
    return seed.path("dataPartition").asText();
  }

  void rematch() {
    matching++;
  }

  /** As at the start. */
  void reset() {
    matching = 0;
  }

  /** The patients that have a number of a source system, as HealtheIntent's ids. */
  List<String> withPersonId(String personId) {
    return ids(patient -> Json.list(patient, "personIds").stream().anyMatch(is(personId)));
  }

  /** The patients that have a record number. */
  List<String> withAlias(String system, String value) {
    return ids(
        patient ->
            Json.list(patient, "aliases").stream()
                .anyMatch(
                    alias ->
                        alias.path("system").asText().equals(system)
                            && alias.path("value").asText().equals(value)));
  }

  /** The patient with this id of the present matching. */
  Optional<JsonNode> patient(String id) {
    return Json.list(seed, "patients").stream()
        .filter(patient -> idOf(patient).equals(id))
        .findFirst();
  }

  /** The entries of one list of a patient, each with where it is from. */
  List<ObjectNode> entries(JsonNode patient, String list) {
    List<ObjectNode> entries = new ArrayList<>();
    for (JsonNode written : Json.list(patient, list)) {
      int times = written.path("times").asInt(1);
      for (int i = 1; i <= times; i++) {
        ObjectNode entry = written.deepCopy();
        entry.remove("times");
        if (times > 1) {
          entry.put("id", written.path("id").asText() + "-" + i);
        }
        ObjectNode source = entry.withObjectProperty("sourceIdentifier");
        if (!source.has("dataPartitionId")) {
          source.put("dataPartitionId", dataPartition());
        }
        if (!source.has("id")) {
          source.put("id", patient.path("personIds").path(0).asText());
        }
        entries.add(entry);
      }
    }
    return entries;
  }

  List<ObjectNode> personnel(String aliasType, String aliasValue) {
    List<ObjectNode> found = new ArrayList<>();
    for (JsonNode person : Json.list(seed, "personnel")) {
      boolean has =
          Json.list(person, "aliases").stream()
              .anyMatch(
                  alias ->
                      alias.path("type").asText().equals(aliasType)
                          && alias.path("value").asText().equals(aliasValue));
      if (has) {
        found.add(person.deepCopy());
      }
    }
    return found;
  }

  private List<String> ids(Predicate<JsonNode> wanted) {
    return Json.list(seed, "patients").stream().filter(wanted).map(this::idOf).toList();
  }

  private static Predicate<JsonNode> is(String text) {
    return node -> node.asText().equals(text);
  }

  private String idOf(JsonNode patient) {
    String of = patient.path("personIds").path(0).asText() + " of matching " + matching;
    return UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
