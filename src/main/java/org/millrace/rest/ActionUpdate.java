package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FhirInteractions;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;
import org.millrace.cerner.Updated;
import org.millrace.delivery.DocumentUpdate;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.TargetFinding;
import org.millrace.rest.Refusal.Finding;

/**
 * An action that puts a document in the place of one that stands there: reads it, since what the
 * caller leaves out stays, and sends the whole of it with the version that was read. Where somebody
 * else changed it in between, it is read and changed anew, once. Immutable.
 *
 * @param id the document's
 * @param version what the caller has seen; another one at the server is a conflict. Empty: the
 *     newest one is changed
 * @param made what the fields became
 * @param target what the server refuses or ignores of an update
 */
record ActionUpdate(
    String id,
    Optional<String> version,
    Mapper.ActionRun made,
    WriteCheck target,
    FhirInteractions fhir) {

  Changed carryOut(Call call) {
    return Changed.anewOnce(version, () -> once(call));
  }

  private Changed once(Call call) {
    Reply<FhirResource> read = read(call);
    if (!(read instanceof Reply.Done<FhirResource> done)) {
      return new Changed.Failed(((Reply.Failed<FhirResource>) read).fault());
    }
    ObjectNode standing = done.value().json();
    String stands = Changed.version(done.value());
    if (version.isPresent() && !version.get().equals(stands)) {
      return Changed.Overtaken.seenAnother();
    }
    List<Finding> faults = faults(standing);
    if (!faults.isEmpty()) {
      return new Changed.Refused(faults);
    }
    DocumentUpdate update = DocumentUpdate.of(made.resource(), standing);
    ObjectNode body = update.body();
    List<TargetFinding> findings = target.check(body);
    if (findings.stream().anyMatch(TargetFinding::refused)) {
      return new Changed.Refused(refused(findings));
    }
    Reply<Updated> reply = fhir.update(type(), id, stands, body, call);
    if (reply instanceof Reply.Done<Updated> updated) {
      return new Changed.Done(updated.value().version(), findings);
    }
    Fault fault = ((Reply.Failed<Updated>) reply).fault();
    return fault.nothingStored() || fault.code() == FaultCode.CONFLICT
        ? new Changed.Failed(fault)
        : looked(update, stands, findings, fault, call);
  }

  /** By the fields that made them, or by their places where they stand there already. */
  private List<Finding> refused(List<TargetFinding> findings) {
    return findings.stream()
        .filter(TargetFinding::refused)
        .map(
            each -> {
              String field = made.field(each.place());
              return new Finding(
                  field.isEmpty() ? each.place() : field,
                  field.isEmpty() ? each.sentence() : each.place() + " " + each.sentence());
            })
        .toList();
  }

  /** After a lost answer the marker tells whose version stands there. */
  private Changed looked(
      DocumentUpdate update, String before, List<TargetFinding> notTaken, Fault lost, Call call) {
    if (!(read(call) instanceof Reply.Done<FhirResource> done)) {
      return new Changed.OutcomeUnknown(lost);
    }
    String stands = Changed.version(done.value());
    if (update.isIn(done.value().json())) {
      return new Changed.Done(stands, notTaken);
    }
    return stands.equals(before) ? new Changed.Failed(lost) : new Changed.OutcomeUnknown(lost);
  }

  /** What Cerner moves by no update; and what was entered in error would count again. */
  private List<Finding> faults(ObjectNode standing) {
    List<Finding> faults = new ArrayList<>();
    if (DocumentUpdate.isOfOneInError(standing)) {
      faults.add(new Finding("resourceId", "names a document that was entered in error"));
    }
    if (!isSame("/subject/reference", standing)) {
      faults.add(new Finding("patientResourceId", "is not the document's patient"));
    }
    if (!isSame("/context/encounter/0/reference", standing)) {
      faults.add(
          new Finding(
              "encounterResourceId", "is not the document's visit; leave it out, it stays"));
    }
    return faults;
  }

  private boolean isSame(String place, ObjectNode standing) {
    JsonNode named = made.resource().at(place);
    return named.isMissingNode()
        || ("/" + standing.at(place).asText()).endsWith("/" + named.asText());
  }

  private Reply<FhirResource> read(Call call) {
    return fhir.read(type(), id, call);
  }

  private String type() {
    return made.resource().path("resourceType").asText();
  }
}
