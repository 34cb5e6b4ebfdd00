package org.millrace.cerner;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Cerner searches by. Anything else it ignores without a word and answers with more than was
 * asked for, so it is refused here. Source: Cerner Millennium R4, Patient and Encounter, Search.
 */
final class SearchParameters {
  static final Set<String> PATIENT =
      Set.of(
          "_id",
          "identifier",
          "name",
          "name:exact",
          "family",
          "family:exact",
          "given",
          "given:exact",
          "birthdate",
          "phone",
          "email",
          "address-postalcode",
          "gender",
          "_count");

  static final Set<String> ENCOUNTER =
      Set.of(
          "_id",
          "patient",
          "subject",
          "subject:Patient",
          "account",
          "identifier",
          "date",
          "status",
          "_lastUpdated",
          "_count");

  private static final Set<String> SINGLE_OUT = Set.of("_id", "identifier");

  private SearchParameters() {}

  /** Why these cannot be asked; empty if they can. */
  static Optional<Fault> fault(String type, Set<String> known, List<Parameter> parameters) {
    if (parameters.stream().allMatch(parameter -> parameter.name().equals("_count"))) {
      return refused("A search for " + type + " needs a parameter.");
    }
    for (Parameter parameter : parameters) {
      if (!known.contains(parameter.name())) {
        // The name comes from outside and may be anything, so it is not repeated.
        return refused("Cerner does not search " + type + " by one of the parameters given.");
      }
      if (parameter.value().isBlank() || !FhirAddresses.isText(parameter.value())) {
        return refused(
            "The search parameter " + parameter.name() + " of " + type + " has no text.");
      }
    }
    return Optional.empty();
  }

  /** Whether they name one patient or describe many. */
  static boolean describe(List<Parameter> parameters) {
    return parameters.stream().noneMatch(parameter -> SINGLE_OUT.contains(parameter.name()));
  }

  private static Optional<Fault> refused(String sentence) {
    return Optional.of(Faults.beforeAsking(FaultCode.REFUSED, sentence));
  }
}
