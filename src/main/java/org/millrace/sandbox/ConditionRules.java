package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Problems and the diagnoses of visits. Source: Cerner Millennium R4, Condition. */
final class ConditionRules extends ChartRules {
  private static final Set<String> DISORDERS =
      Set.of(
          "http://snomed.info/sct",
          "http://hl7.org/fhir/sid/icd-9-cm",
          "http://hl7.org/fhir/sid/icd-10-cm");
  private static final List<String> KEPT =
      List.of(
          "clinicalStatus",
          "verificationStatus",
          "category",
          "severity",
          "code",
          "subject",
          "encounter",
          "onsetDateTime",
          "abatementDateTime",
          "note");

  private final CernerShape shape;

  ConditionRules(Records records, CernerShape shape) {
    super("Condition", "rscu", records);
    this.shape = shape;
    byId();
    anchor("patient", "subject", "Patient");
    anchor("subject", "subject", "Patient");
    reference("encounter", "encounter", "Encounter");
    token("category", "category");
    token("clinical-status", "clinicalStatus");
    lastUpdated();
  }

  @Override
  public ObjectNode create(ObjectNode sent) {
    boolean problem = isProblem(sent);
    String number = records().newId("Condition");
    ObjectNode condition = kept(sent, problem ? "p" + number : number, KEPT);
    dateOnly(condition, "onsetDateTime");
    shape.asRead(condition);
    records().add(condition, "3" + number);
    return condition;
  }

  @Override
  public void update(ObjectNode stored, ObjectNode sent) {
    boolean problem = isProblem(sent);
    Rule.require(
        isCode(stored.path("category").path(0), problem ? PROBLEM : DIAGNOSIS),
        "category cannot change");
    Rule.require(
        stored.path("subject").path("reference").equals(sent.path("subject").path("reference")),
        "the patient cannot change");
    ObjectNode condition = kept(sent, stored.path("id").asText(), KEPT);
    condition.set("meta", stored.path("meta").deepCopy());
    dateOnly(condition, "onsetDateTime");
    shape.asRead(condition);
    records().revise(condition);
  }

  private static final String PROBLEM = "problem-list-item";
  private static final String DIAGNOSIS = "encounter-diagnosis";

  /** Checks what a create and an update have in common; tells which kind it is. */
  private boolean isProblem(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.require(!sent.at("/clinicalStatus/coding").isEmpty(), "clinicalStatus is missing");
    Rule.require(sent.path("category").size() == 1, "exactly one category is needed");
    JsonNode category = sent.path("category").path(0);
    boolean problem = isCode(category, PROBLEM);
    Rule.require(problem || isCode(category, DIAGNOSIS), "category is not allowed");
    Rule.require(
        Codes.hasOneOf(sent.path("code"), DISORDERS), "code is missing or of another system");
    Rule.require(
        records().find("Patient", sent.path("subject")).isPresent(), "subject is no patient here");
    Rule.require(
        !isCode(sent, "verificationStatus", "entered-in-error")
            && !isCode(sent, "verificationStatus", "refuted"),
        "a condition that is none is not written");
    if (!problem) {
      Rule.require(
          records().find("Encounter", sent.path("encounter")).isPresent(),
          "encounter is no encounter here");
      Rule.require(isCode(sent, "clinicalStatus", "active"), "a visit's diagnosis is active");
      Rule.require(!sent.has("abatementDateTime"), "a visit's diagnosis has no end");
    }
    return problem;
  }
}
