package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** Writes OperationOutcomes. Stateless. Source: FHIR R4, OperationOutcome. */
final class Outcomes {
  /** The system of our own codes in {@code issue.details.coding}. */
  static final String CODES = "urn:millrace:refusal";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Outcomes() {}

  /** A refusal as an answer: one issue for each finding, or one for the whole. */
  static RestAnswer answer(Refusal refusal) {
    Map<String, String> headers = new HashMap<>(refusal.headers());
    headers.put("Content-Type", MediaTypes.FHIR_JSON);
    return new RestAnswer(refusal.status(), headers, JsonText.bytes(outcome(refusal)));
  }

  /** The same as a resource. */
  static ObjectNode outcome(Refusal refusal) {
    ObjectNode outcome = JSON.objectNode().put("resourceType", "OperationOutcome");
    ArrayNode issues = outcome.putArray("issue");
    if (refusal.findings().isEmpty()) {
      addIssue(issues, "error", refusal.reason(), refusal.sentence(), refusal.cernerSays());
    }
    for (Refusal.Finding finding : refusal.findings()) {
      ObjectNode issue =
          addIssue(
              issues,
              "error",
              refusal.reason(),
              finding.place() + ": " + finding.message(),
              refusal.cernerSays());
      if (isPath(finding.place())) {
        issue.putArray("expression").add(finding.place());
      }
    }
    return outcome;
  }

  /** A FHIRPath, as against the name of a parameter or header. */
  private static boolean isPath(String place) {
    return !place.isEmpty() && Character.isUpperCase(place.charAt(0)) && !place.contains("-");
  }

  /** An OperationOutcome with one issue that is no error. */
  static ObjectNode remark(String severity, String type, String text) {
    ObjectNode outcome = JSON.objectNode().put("resourceType", "OperationOutcome");
    ObjectNode issue = outcome.putArray("issue").addObject();
    issue.put("severity", severity).put("code", type);
    issue.putObject("details").put("text", text);
    return outcome;
  }

  /** Adds an issue that is no error, about one place. */
  static void addRemark(ObjectNode outcome, String severity, String place, String text) {
    ObjectNode issue = outcome.withArray("issue").addObject();
    issue.put("severity", severity).put("code", "business-rule");
    issue.putObject("details").put("text", place + ": " + text);
    issue.putArray("expression").add(place);
  }

  private static ObjectNode addIssue(
      ArrayNode issues, String severity, RefusalReason reason, String text, String diagnostics) {
    ObjectNode issue = issues.addObject();
    issue.put("severity", severity).put("code", reason.issueType());
    ObjectNode details = issue.putObject("details");
    details.putArray("coding").addObject().put("system", CODES).put("code", reason.code());
    details.put("text", text);
    if (!diagnostics.isEmpty()) {
      issue.put("diagnostics", diagnostics);
    }
    return issue;
  }
}
