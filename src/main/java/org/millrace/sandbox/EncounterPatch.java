package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * The little that can be changed of an encounter. Source: Cerner Millennium R4, Encounter, Patch.
 */
final class EncounterPatch {
  private static final String DEFINITIONS = "https://fhir-ehr.cerner.com/r4/StructureDefinition/";
  private static final Set<String> EXTENSIONS =
      Set.of(
          DEFINITIONS + "payment-collection-status",
          DEFINITIONS + "estimated-financial-responsibility-amount",
          EncounterCreate.CUSTOM_ATTRIBUTE);

  private final Site site;
  private final Records records;
  private final CernerShape shape;

  EncounterPatch(Site site, Records records, CernerShape shape) {
    this.site = site;
    this.records = records;
    this.shape = shape;
  }

  void apply(ObjectNode stored, ArrayNode sent) {
    Codes.requireOneFamily(sent);
    ObjectNode encounter = stored.deepCopy();
    for (JsonPatch.Operation operation : JsonPatch.read(sent)) {
      if (operation.op().equals("test")) {
        JsonPatch.apply(encounter, operation);
      } else {
        change(encounter, operation);
      }
    }
    Rule.requireTimes(encounter.path("period"));
    if (encounter.path("period").isEmpty()) {
      encounter.remove("period");
    }
    shape.asRead(encounter);
    records.revise(encounter);
  }

  private void change(ObjectNode encounter, JsonPatch.Operation operation) {
    switch (operation.op() + " " + operation.path()) {
      case "replace /period/start" -> period(encounter, "start", operation.value());
      case "replace /period/end" -> period(encounter, "end", operation.value());
      case "replace /type" -> {
        JsonNode first = operation.value().path(0);
        Rule.require(!first.path("coding").isEmpty(), "type is a list of concepts");
        encounter.putArray("type").add(first.deepCopy());
        site.codes().complete(encounter.path("type"));
        EncounterCreate.encounterClass(encounter);
      }
      case "replace /extension" -> {
        operation.value().forEach(EncounterPatch::requireExtension);
        JsonPatch.apply(encounter, operation);
      }
      case "add /extension/-" -> {
        Rule.require(
            operation.value().path("url").asText().equals(EncounterCreate.CUSTOM_ATTRIBUTE),
            "only a custom attribute can be added");
        requireExtension(operation.value());
        encounter.withArray("/extension");
        JsonPatch.apply(encounter, operation);
      }
      default -> throw Refusal.unprocessable("the operation is not supported on this path");
    }
  }

  private static void requireExtension(JsonNode extension) {
    Rule.require(
        EXTENSIONS.contains(extension.path("url").asText()), "the extension is not supported");
    EncounterCreate.checkAttribute(extension);
  }

  private static void period(ObjectNode encounter, String edge, JsonNode value) {
    ObjectNode period = encounter.withObject("/period");
    if (value.asText("").isEmpty()) {
      period.remove(edge);
    } else {
      period.put(edge, value.asText());
    }
  }
}
