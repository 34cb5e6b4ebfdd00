package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Opening an encounter. Source: Cerner Millennium R4, Encounter, Create. */
final class EncounterCreate {
  private static final String V2_PATIENT_CLASS = "http://terminology.hl7.org/CodeSystem/v2-0004";
  private static final String SNOMED = "http://snomed.info/sct";
  private static final String PARTICIPATION =
      "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
  private static final String IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203";
  static final String CUSTOM_ATTRIBUTE =
      "https://fhir-ehr.cerner.com/r4/StructureDefinition/custom-attribute";
  private static final List<String> STORED =
      List.of(
          "extension",
          "identifier",
          "status",
          "subject",
          "participant",
          "period",
          "priority",
          "reasonCode",
          "serviceProvider",
          "location");
  private static final Set<String> STATUSES =
      Set.of("planned", "arrived", "triaged", "in-progress", "onleave", "finished");

  /** The class follows from the type; what the caller says of it is ignored. */
  private static final Map<String, List<String>> CLASSES =
      Map.of(
          "I", List.of("IMP", "inpatient encounter"),
          "O", List.of("AMB", "ambulatory"),
          "E", List.of("EMER", "emergency"));

  private final Site site;
  private final Records records;
  private final CernerShape shape;

  EncounterCreate(Site site, Records records, CernerShape shape) {
    this.site = site;
    this.records = records;
    this.shape = shape;
  }

  ObjectNode store(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.requireOneOf(sent, "status", STATUSES);
    checkType(sent.path("type").path(0));
    PatientRules.requireSubject(records, sent.path("subject"));
    checkPlace(sent);
    Json.list(sent, "identifier").forEach(this::checkIdentifier);
    Json.list(sent, "participant").forEach(this::checkParticipant);
    Rule.requireTimes(sent.path("period"));
    Json.list(sent, "extension").forEach(EncounterCreate::checkAttribute);
    return stored(sent);
  }

  private void checkType(JsonNode type) {
    Rule.require(
        Codes.hasSystem(type, site.codeSet(71))
            || Codes.hasSystem(type, V2_PATIENT_CLASS)
            || Codes.hasSystem(type, SNOMED),
        "type must be coded in codeSet/71, v2-0004 or SNOMED CT");
  }

  private void checkPlace(ObjectNode sent) {
    boolean provider = sent.has("serviceProvider");
    boolean location = !sent.path("location").isEmpty();
    Rule.require(provider != location, "exactly one of serviceProvider and location must be given");
    if (provider) {
      Rule.require(
          records.find("Organization", sent.path("serviceProvider")).isPresent(),
          "serviceProvider is no organization known here");
    } else {
      Rule.require(sent.path("location").size() == 1, "only one location is supported");
      Rule.require(
          records.find("Location", sent.path("location").path(0).path("location")).isPresent(),
          "location is not known here");
    }
  }

  private void checkIdentifier(JsonNode identifier) {
    Rule.require(
        Codes.hasSystem(identifier.path("type"), site.codeSet(319))
            || Codes.hasSystem(identifier.path("type"), IDENTIFIER_TYPE),
        "identifier.type must be coded in codeSet/319 or v2-0203");
    Rule.requireText(identifier, "system", "identifier.system is missing");
    Rule.requireText(identifier, "value", "identifier.value is missing");
  }

  private void checkParticipant(JsonNode participant) {
    JsonNode type = participant.path("type").path(0);
    Rule.require(
        Codes.hasSystem(type, site.codeSet(333)) || Codes.hasSystem(type, PARTICIPATION),
        "participant.type must be coded in codeSet/333 or v3-ParticipationType");
    JsonNode individual = participant.path("individual");
    Rule.require(
        records.find("Practitioner", individual).isPresent()
            || individual.path("reference").asText("").startsWith("RelatedPerson/"),
        "participant.individual is no practitioner known here");
    Rule.requireTimes(participant.path("period"));
  }

  static void checkAttribute(JsonNode extension) {
    if (extension.path("url").asText().equals(CUSTOM_ATTRIBUTE)) {
      JsonNode name = extension.path("extension").path(0);
      Rule.require(
          name.path("id").asText("").startsWith("ENCNTR:"),
          "a custom attribute's name needs an id beginning with ENCNTR:");
    }
  }

  private ObjectNode stored(ObjectNode sent) {
    ObjectNode encounter = Json.object().put("resourceType", "Encounter");
    encounter.put("id", records.newId("Encounter"));
    ObjectNode meta = encounter.putObject("meta");
    boolean external =
        Json.list(sent.path("meta"), "security").stream()
            .anyMatch(label -> label.path("code").asText().equals("UNCERTREL"));
    if (external) {
      meta.set("security", sent.path("meta").path("security").deepCopy());
    }
    for (String field : STORED) {
      if (sent.has(field)) {
        encounter.set(field, sent.path(field).deepCopy());
      }
    }
    encounter.putArray("type").add(sent.path("type").path(0).deepCopy());
    hospitalization(sent.path("hospitalization"), encounter);
    if (encounter.has("location")) {
      ((ObjectNode) encounter.path("location").path(0)).put("status", "active");
      records
          .find("Location", encounter.path("location").path(0).path("location"))
          .filter(location -> location.has("managingOrganization"))
          .ifPresent(
              location ->
                  encounter.set(
                      "serviceProvider", location.path("managingOrganization").deepCopy()));
    }
    shape.asRead(encounter);
    encounterClass(encounter);
    records.add(encounter, "0");
    return encounter;
  }

  private static void hospitalization(JsonNode sent, ObjectNode encounter) {
    for (String field : List.of("admitSource", "dischargeDisposition")) {
      if (sent.has(field)) {
        encounter.withObject("/hospitalization").set(field, sent.path(field).deepCopy());
      }
    }
  }

  static void encounterClass(ObjectNode encounter) {
    String letter = "O";
    ArrayNode codings = encounter.path("type").path(0).withArray("/coding");
    for (JsonNode coding : codings) {
      if (coding.path("system").asText().equals(V2_PATIENT_CLASS)) {
        letter = coding.path("code").asText("O");
      }
    }
    List<String> derived = CLASSES.getOrDefault(letter, List.of("AMB", "ambulatory"));
    encounter
        .putObject("class")
        .put("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode")
        .put("code", derived.get(0))
        .put("display", derived.get(1))
        .put("userSelected", false);
  }
}
