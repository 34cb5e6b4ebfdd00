package org.millrace.cerner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Cerner enrols a new patient at an organization, which it reads from the assigner of the first
 * identifier. Source: Cerner Millennium R4, Patient, Create.
 */
final class NewPatient {
  private NewPatient() {}

  /** The patient as it can be sent; the one given is left as it is. */
  static Reply<ObjectNode> enrolled(ObjectNode patient, Optional<String> organizationId) {
    for (JsonNode identifier : patient.path("identifier")) {
      if (!identifier.path("assigner").path("reference").asText().isBlank()) {
        return Reply.done(patient);
      }
    }
    if (organizationId.filter(FhirAddresses::isId).isEmpty()) {
      return Reply.failed(
          Faults.beforeAsking(
              FaultCode.REFUSED,
              "A new Patient needs an assigning organization: name one in the request or set"
                  + " MILLRACE_ORGANIZATION_ID."));
    }
    ObjectNode enrolled = patient.deepCopy();
    ArrayNode identifiers = enrolled.arrayNode();
    identifiers
        .addObject()
        .putObject("assigner")
        .put("reference", "Organization/" + organizationId.get());
    patient.path("identifier").forEach(identifier -> identifiers.add(identifier.deepCopy()));
    enrolled.set("identifier", identifiers);
    return Reply.done(enrolled);
  }
}
