package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Who pays, for a patient or for one visit. Source: Cerner Millennium R4, Coverage. */
final class CoverageRules extends ChartRules {
  private static final List<String> KEPT =
      List.of(
          "status",
          "subscriber",
          "subscriberId",
          "beneficiary",
          "dependent",
          "relationship",
          "period",
          "payor",
          "class",
          "extension");
  private static final Set<String> OF_A_PATIENT = Set.of("/period", "/dependent");
  private static final Set<String> OF_A_VISIT =
      Set.of(
          "/class/0/value",
          "/class/1/value",
          "/class/1/name",
          "/dependent",
          "/period",
          "/relationship",
          "/subscriberId",
          "/subscriber");

  private final CernerShape shape;

  CoverageRules(Records records, CernerShape shape) {
    super("Coverage", "rscp", records);
    this.shape = shape;
    anchor("patient", "beneficiary", "Patient");
    anchor("-encounter", "extension.0.valueReference", "Encounter");
  }

  @Override
  public ObjectNode create(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.requireOneOf(sent, "status", Set.of("active"));
    Rule.require(
        records().find("Patient", sent.path("beneficiary")).isPresent(),
        "beneficiary is no patient here");
    Rule.require(
        records().find("Patient", sent.path("subscriber")).isPresent(),
        "subscriber is no patient here");
    Rule.require(
        records().find("Organization", sent.path("payor").path(0)).isPresent(),
        "payor is no organization here");
    Rule.requireTimes(sent.path("period"));
    for (JsonNode one : sent.path("class")) {
      Rule.require(one.has("type") && one.has("value"), "a class has a type and a value");
    }
    String number = records().newId("Coverage");
    String patient = sent.at("/beneficiary/reference").asText().replaceFirst("^Patient/", "");
    boolean ofVisit = sent.at("/extension/0/valueReference/reference").isTextual();
    ObjectNode coverage =
        kept(sent, ofVisit ? "enc-" + number : "patient-" + number + "-" + patient, KEPT);
    shape.asRead(coverage);
    records().add(coverage, "0$0");
    return coverage;
  }

  @Override
  public void patch(ObjectNode stored, ArrayNode operations) {
    boolean ofVisit = stored.path("id").asText().startsWith("enc-");
    ObjectNode changed = stored.deepCopy();
    for (JsonPatch.Operation operation : JsonPatch.read(operations)) {
      boolean allowed =
          operation.op().equals("replace")
              && (ofVisit ? OF_A_VISIT : OF_A_PATIENT).contains(operation.path());
      Rule.require(
          allowed || operation.op().equals("test"), "the operation is not supported on this path");
      if (operation.path().equals("/period")) {
        Rule.requireTimes(operation.value());
      }
      JsonPatch.apply(changed, operation);
    }
    shape.asRead(changed);
    records().revise(changed);
  }
}
