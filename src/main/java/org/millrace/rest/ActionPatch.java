package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FhirInteractions;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;
import org.millrace.cerner.Updated;
import org.millrace.mapping.ActionField;
import org.millrace.mapping.ActionShape;
import org.millrace.mapping.PatchStep;
import org.millrace.mapping.ResourceCalls;
import org.millrace.mapping.TargetFinding;
import org.millrace.rest.Refusal.Finding;

/**
 * An action that changes a resource: reads it, makes the patch that carries the change out on what
 * stands there, and sends it with the version it was made for. Where somebody else changed it in
 * between, it is read and changed anew, once. Immutable.
 *
 * @param fields as they are given
 * @param calls what the server lets be changed
 * @param target what the server refuses or ignores of a value
 */
record ActionPatch(
    ActionShape action,
    ObjectNode fields,
    ResourceCalls calls,
    WriteCheck target,
    FhirInteractions fhir) {

  /** The action's own steps, then those of the fields that are given, in their order. */
  List<PatchStep> steps() {
    List<PatchStep> steps = new ArrayList<>(action.call().steps());
    for (ActionField field : action.input()) {
      JsonNode value = fields.path(field.name());
      PatchStep step = action.call().stepsOfFields().get(field.name());
      if (step != null && value.isTextual()) {
        steps.add(step.with(value.asText()));
      }
    }
    return steps;
  }

  /**
   * Carries it out.
   *
   * @param version what the caller has seen; another one at the server is a conflict. Empty: the
   *     newest one is changed
   */
  Changed carryOut(String id, Optional<String> version, List<PatchStep> steps, Call call) {
    return Changed.anewOnce(version, () -> once(id, version, steps, call));
  }

  private Changed once(String id, Optional<String> version, List<PatchStep> steps, Call call) {
    Reply<FhirResource> read = fhir.read(action.resource(), id, call);
    if (!(read instanceof Reply.Done<FhirResource> done)) {
      return new Changed.Failed(((Reply.Failed<FhirResource>) read).fault());
    }
    ObjectNode standing = done.value().json();
    String stands = Changed.version(done.value());
    if (version.isPresent() && !version.get().equals(stands)) {
      return Changed.Overtaken.seenAnother();
    }
    Optional<String> overtaken = PatchPlan.overtaken(calls, standing, steps);
    if (overtaken.isPresent()) {
      return new Changed.Overtaken(overtaken.get());
    }
    PatchPlan.Made plan = PatchPlan.of(calls, standing, steps);
    if (plan.leavesNothing()) {
      return new Changed.Done(stands);
    }
    List<Finding> faults =
        plan.refused().isEmpty() ? PatchChecks.faults(calls, plan.patch()) : plan.refused();
    if (!faults.isEmpty()) {
      return new Changed.Refused(faults);
    }
    PatchValues values =
        PatchValues.check(
            action.resource(),
            plan.patch(),
            target,
            (index, path, below, found) ->
                new TargetFinding(
                    fieldOf(path), found.place() + " " + found.sentence(), found.refused()));
    if (!values.faults().isEmpty()) {
      return new Changed.Refused(values.faults());
    }
    Reply<Updated> reply =
        fhir.patch(action.resource(), id, version.orElse(stands), plan.patch(), call);
    if (reply instanceof Reply.Done<Updated> updated) {
      return new Changed.Done(updated.value().version(), values.notTaken());
    }
    Fault fault = ((Reply.Failed<Updated>) reply).fault();
    return fault.nothingStored() || fault.code() == FaultCode.CONFLICT
        ? new Changed.Failed(fault)
        : looked(id, stands, steps, new Lost(fault, values.notTaken()), call);
  }

  /**
   * After a lost answer the resource tells whether it was changed, but not by whom: of what is only
   * one caller's, nothing but the version that was there before proves anything.
   */
  private Changed looked(String id, String before, List<PatchStep> steps, Lost lost, Call call) {
    Reply<FhirResource> read = fhir.read(action.resource(), id, call);
    if (steps.stream().anyMatch(PatchStep::isOnlyOnes)) {
      boolean untouched =
          read instanceof Reply.Done<FhirResource> done
              && Changed.version(done.value()).equals(before);
      return untouched
          ? new Changed.Failed(lost.fault())
          : new Changed.OutcomeUnknown(lost.fault());
    }
    boolean changed =
        read instanceof Reply.Done<FhirResource> done
            && PatchPlan.of(calls, done.value().json(), steps).leavesNothing();
    return changed
        ? new Changed.Done(
            Changed.version(((Reply.Done<FhirResource>) read).value()), lost.notTaken())
        : new Changed.Failed(lost.fault());
  }

  /** A change whose answer was lost. */
  private record Lost(Fault fault, List<TargetFinding> notTaken) {}

  /**
   * The field that an operation was made for, or the fields; its path if it is the action's own.
   */
  private String fieldOf(String path) {
    String names =
        action.input().stream()
            .map(ActionField::name)
            .filter(name -> fields.path(name).isTextual())
            .filter(name -> isFor(action.call().stepsOfFields().get(name), path))
            .collect(Collectors.joining("/"));
    return names.isEmpty() ? path : names;
  }

  private static boolean isFor(@Nullable PatchStep step, String path) {
    return step != null && (step.path().equals(path) || step.otherwise().equals(path));
  }
}
