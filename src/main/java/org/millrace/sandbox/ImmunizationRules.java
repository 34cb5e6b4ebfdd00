package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * Vaccines that were given at a visit, or elsewhere before. Source: Cerner Millennium R4,
 * Immunization.
 */
final class ImmunizationRules extends ChartRules {
  private static final Set<String> VACCINES =
      Set.of("http://hl7.org/fhir/sid/cvx", "http://hl7.org/fhir/sid/ndc");
  private static final List<String> KEPT =
      List.of(
          "status",
          "statusReason",
          "vaccineCode",
          "patient",
          "encounter",
          "occurrenceDateTime",
          "primarySource",
          "reportOrigin",
          "manufacturer",
          "lotNumber",
          "expirationDate",
          "site",
          "route",
          "doseQuantity",
          "performer",
          "note");

  private final CernerShape shape;

  ImmunizationRules(Records records, CernerShape shape) {
    super("Immunization", "rscu", records);
    this.shape = shape;
    byId();
    anchor("patient", "patient", "Patient");
    date("date", "occurrenceDateTime");
    token("target-disease", "protocolApplied.0.targetDisease");
    lastUpdated();
  }

  /** One that is of no visit waits until somebody has reconciled it; it has an id of its own. */
  @Override
  public ObjectNode create(ObjectNode sent) {
    check(sent);
    String number = records().newId("Immunization");
    ObjectNode immunization = kept(sent, (sent.has("encounter") ? "M" : "HM") + number, KEPT);
    shape.asRead(immunization);
    records().add(immunization, "3" + number);
    return immunization;
  }

  @Override
  public void update(ObjectNode stored, ObjectNode sent) {
    check(sent);
    Rule.require(
        stored.path("patient").path("reference").equals(sent.path("patient").path("reference")),
        "the patient cannot change");
    ObjectNode immunization = kept(sent, stored.path("id").asText(), KEPT);
    immunization.set("meta", stored.path("meta").deepCopy());
    shape.asRead(immunization);
    records().revise(immunization);
  }

  private void check(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.requireOneOf(sent, "status", Set.of("completed", "not-done", "entered-in-error"));
    Rule.require(
        Codes.hasOneOf(sent.path("vaccineCode"), VACCINES)
            || sent.at("/vaccineCode/coding/0/system").asText().endsWith("/codeSet/72"),
        "vaccineCode is missing or of another system");
    Rule.require(
        records().find("Patient", sent.path("patient")).isPresent(), "patient is no patient here");
    Rule.require(
        !sent.has("encounter") || records().find("Encounter", sent.path("encounter")).isPresent(),
        "encounter is no encounter here");
    Rule.require(
        FhirTime.parse(sent.path("occurrenceDateTime").asText("")).isPresent(),
        "occurrenceDateTime is missing");
    Rule.require(
        !sent.has("reportOrigin") || !sent.path("primarySource").asBoolean(true),
        "reportOrigin stands beside a primary source");
    for (JsonNode performer : sent.path("performer")) {
      Rule.require(
          records().find("Practitioner", performer.path("actor")).isPresent(),
          "performer is no practitioner here");
    }
  }
}
