package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * Orders are read only; what a patient tells of is created and stopped. Source: Cerner Millennium
 * R4, MedicationRequest.
 */
final class MedicationRequestRules extends ChartRules {
  private static final String RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";
  private static final List<String> KEPT =
      List.of(
          "status",
          "intent",
          "reportedBoolean",
          "medicationCodeableConcept",
          "subject",
          "encounter",
          "note",
          "dosageInstruction",
          "dispenseRequest",
          "substitution");

  private final CernerShape shape;

  MedicationRequestRules(Records records, CernerShape shape) {
    super("MedicationRequest", "rscp", records);
    this.shape = shape;
    byId();
    anchor("patient", "subject", "Patient");
    token("status", "status");
    token("intent", "intent");
    date("-timing-boundsPeriod", "dosageInstruction.0.timing.repeat.boundsPeriod");
    lastUpdated();
    pages(25, 100);
  }

  @Override
  public ObjectNode create(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.requireOneOf(sent, "status", Set.of("active"));
    Rule.requireOneOf(sent, "intent", Set.of("order", "plan"));
    Rule.require(isReported(sent), "only what a patient reports can be written");
    Rule.require(!sent.path("doNotPerform").asBoolean(), "doNotPerform is not supported");
    Rule.require(isMedication(sent.path("medicationCodeableConcept")), "medication is missing");
    Rule.require(
        records().find("Patient", sent.path("subject")).isPresent(), "subject is no patient here");
    Rule.require(sent.path("dosageInstruction").size() <= 1, "there is one dosage");
    JsonNode dose = sent.at("/dosageInstruction/0/doseAndRate/0/doseQuantity");
    Rule.require(dose.has("system") == dose.has("code"), "a unit is a system and a code");
    Rule.require(!sent.at("/dispenseRequest/quantity").has("unit"), "unit is not supported");
    String id = records().newId("MedicationRequest");
    ObjectNode request = kept(sent, id, KEPT);
    request.put("authoredOn", records().second());
    shape.asRead(request);
    records().add(request, "3" + id);
    return request;
  }

  @Override
  public void patch(ObjectNode stored, ArrayNode operations) {
    Rule.require(isReported(stored), "orders cannot be changed");
    for (JsonPatch.Operation operation : JsonPatch.read(operations)) {
      boolean stops =
          operation.op().equals("replace")
              && operation.path().equals("/status")
              && Set.of("stopped", "cancelled").contains(operation.value().asText());
      Rule.require(stops || operation.op().equals("test"), "only status is replaced");
      JsonPatch.apply(stored, operation);
    }
    records().revise(stored);
  }

  private static boolean isReported(ObjectNode request) {
    return request.path("reportedBoolean").asBoolean();
  }

  private static boolean isMedication(JsonNode concept) {
    List<JsonNode> codings = Json.list(concept, "coding");
    return codings.isEmpty()
        ? Json.text(concept, "text").isPresent()
        : codings.size() == 1
            && (codings.get(0).path("system").asText().equals(RXNORM)
                || codings.get(0).path("system").asText().endsWith("/synonym"));
  }
}
