package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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
 * @param calls what the server lets be changed
 * @param target what the server refuses or ignores of a value
 */
record ActionPatch(
    ActionShape action, ResourceCalls calls, CreateCheck target, FhirInteractions fhir) {

  /** What came of it. */
  sealed interface Changed {
    /**
     * It is as it was asked to be.
     *
     * @param version empty if the server told none
     * @param notTaken what the server ignores, so that it was not sent
     */
    record Done(String version, List<TargetFinding> notTaken) implements Changed {
      Done(String version) {
        this(version, List.of());
      }
    }

    record Failed(Fault fault) implements Changed {}

    /**
     * Somebody else was there first; nothing was sent.
     *
     * @param sentence what stands there, without patient data
     */
    record Overtaken(String sentence) implements Changed {
      /** The caller has seen another version than the one that stands there. */
      static Overtaken seenAnother() {
        return new Overtaken(
            "the version that was seen is not the newest one; read it again; nothing was changed");
      }
    }

    /** The answer was lost, and what stands there may be this caller's change or another's. */
    record OutcomeUnknown(Fault lost) implements Changed {}

    /** The resource as it stands cannot be changed so. */
    record Refused(List<Finding> faults) implements Changed {}

    /**
     * Tries it, and once more where somebody else changed it in between and the caller named no
     * version that it must be.
     */
    static Changed anewOnce(Optional<String> version, Supplier<Changed> change) {
      Changed first = change.get();
      boolean again =
          version.isEmpty()
              && first instanceof Failed failed
              && failed.fault().code() == FaultCode.CONFLICT;
      return again ? change.get() : first;
    }
  }

  /** The action's own steps, then those of the fields that are given, in their order. */
  List<PatchStep> steps(ObjectNode fields) {
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
    String stands = version(done.value());
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
    PatchValues values = PatchValues.check(action.resource(), plan.patch(), target);
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
        : looked(id, stands, steps, fault, call);
  }

  /**
   * After a lost answer the resource tells whether it was changed, but not by whom: of what is only
   * one caller's, nothing but the version that was there before proves anything.
   */
  private Changed looked(String id, String before, List<PatchStep> steps, Fault lost, Call call) {
    Reply<FhirResource> read = fhir.read(action.resource(), id, call);
    if (steps.stream().anyMatch(PatchStep::isOnlyOnes)) {
      boolean untouched =
          read instanceof Reply.Done<FhirResource> done && version(done.value()).equals(before);
      return untouched ? new Changed.Failed(lost) : new Changed.OutcomeUnknown(lost);
    }
    boolean changed =
        read instanceof Reply.Done<FhirResource> done
            && PatchPlan.of(calls, done.value().json(), steps).leavesNothing();
    return changed
        ? new Changed.Done(version(((Reply.Done<FhirResource>) read).value()))
        : new Changed.Failed(lost);
  }

  static String version(FhirResource resource) {
    return resource.json().at("/meta/versionId").asText();
  }
}
