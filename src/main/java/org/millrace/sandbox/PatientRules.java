package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Source: Cerner Millennium R4, Patient. */
final class PatientRules implements ResourceRules {
  private final PatientSearch search;
  private final PatientCreate create;
  private final PatientPatch patch;

  PatientRules(Site site, Records records, CernerShape shape) {
    this.search = new PatientSearch(records);
    this.create = new PatientCreate(site, records, shape);
    this.patch = new PatientPatch(records, shape);
  }

  @Override
  public String type() {
    return "Patient";
  }

  @Override
  public String interactions() {
    return "rscp";
  }

  @Override
  public Found search(SearchParameters query) {
    return search.find(query);
  }

  @Override
  public ObjectNode create(ObjectNode sent) {
    return create.store(sent);
  }

  @Override
  public void patch(ObjectNode stored, ArrayNode operations) {
    patch.apply(stored, operations);
  }

  /** A patient merged into another: read by id only, never found, never written to. */
  static boolean isCombined(JsonNode patient) {
    return !patient.path("active").asBoolean(true)
        && Json.list(patient, "link").stream()
            .anyMatch(link -> link.path("type").asText().equals("replaced-by"));
  }

  /** Refuses a subject that is no charted patient. */
  static ObjectNode requireSubject(Records records, JsonNode reference) {
    ObjectNode patient =
        records
            .find("Patient", reference)
            .orElseThrow(() -> Refusal.unprocessable("subject is no patient charted here"));
    Rule.require(!isCombined(patient), "subject was combined into another patient");
    return patient;
  }

  static final Set<String> GENDERS = Set.of("male", "female", "other", "unknown");

  static final List<String> WRITABLE_EXTENSIONS =
      List.of(
          "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
          "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity",
          "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
          "https://fhir-ehr.cerner.com/r4/StructureDefinition/communication-preference");
}
