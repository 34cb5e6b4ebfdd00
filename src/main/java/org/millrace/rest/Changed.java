package org.millrace.rest;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FhirResource;
import org.millrace.mapping.TargetFinding;
import org.millrace.rest.Refusal.Finding;

/** What came of an action that changes a resource. */
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

  /** The version of a resource that was read; empty if it tells none. */
  static String version(FhirResource resource) {
    return resource.json().at("/meta/versionId").asText();
  }
}
