package org.millrace.rest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.millrace.cerner.Parameter;
import org.millrace.rest.Refusal.Finding;

/**
 * Holds a search against the table before Cerner is asked: Cerner ignores what it does not know,
 * and a parameter ignored is a wrong answer that looks right. Stateless.
 */
final class SearchChecks {
  private static final Pattern DATE =
      Pattern.compile("(eq|ge|gt|le|lt)?\\d{4}(-\\d{2}(-\\d{2})?)?");
  private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,3}");
  private static final Set<String> GENDERS = Set.of("male", "female", "other", "unknown");

  private SearchChecks() {}

  /** Every fault of a search; empty if Cerner can be asked. */
  static List<Finding> faults(ServedType type, List<Parameter> parameters) {
    List<Finding> faults = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Parameter parameter : parameters) {
      String name = plainName(parameter);
      seen.merge(name, 1, Integer::sum);
      checkOne(type, parameter, name, faults);
    }
    for (ServedType.SearchParameter known : type.search()) {
      if (seen.getOrDefault(known.name(), 0) > known.atMost()) {
        faults.add(
            new Finding(known.name(), "stands more than " + times(known.atMost()) + " here"));
      }
    }
    if (faults.isEmpty()) {
      checkTogether(type, seen.keySet(), faults);
    }
    return faults;
  }

  private static String times(int count) {
    return count == 1 ? "once" : "twice";
  }

  /** The name of a parameter without its modifier. */
  private static String plainName(Parameter parameter) {
    int colon = parameter.name().indexOf(':');
    return colon < 0 ? parameter.name() : parameter.name().substring(0, colon);
  }

  private static void checkOne(
      ServedType type, Parameter parameter, String name, List<Finding> faults) {
    ServedType.SearchParameter known = type.parameter(name).orElse(null);
    if (known == null) {
      faults.add(
          new Finding(
              parameter.name(),
              "is not a search parameter of "
                  + type.name()
                  + " here; known are "
                  + String.join(
                      ", ",
                      type.search().stream().map(ServedType.SearchParameter::name).toList())));
      return;
    }
    if (!parameter.name().equals(name)
        && !known.modifiers().contains(parameter.name().substring(name.length() + 1))) {
      faults.add(new Finding(parameter.name(), "has a modifier that is not served"));
    }
    if (parameter.value().isBlank()) {
      faults.add(new Finding(parameter.name(), "is empty"));
    } else {
      checkValue(name, parameter.value(), faults);
    }
  }

  private static void checkValue(String name, String value, List<Finding> faults) {
    switch (name) {
      case "_count" -> {
        if (!COUNT.matcher(value).matches()) {
          faults.add(new Finding(name, "is a whole number from 1 to 9999"));
        }
      }
      case "birthdate" -> {
        if (!DATE.matcher(value).matches()) {
          faults.add(
              new Finding(name, "is YYYY-MM-DD without a time, with eq, ge, gt, le, lt or none"));
        }
      }
      case "gender" -> {
        if (!GENDERS.contains(value)) {
          faults.add(new Finding(name, "is one of male, female, other, unknown"));
        }
      }
      case "_id" -> {
        if (!FhirId.isId(value)) {
          faults.add(new Finding(name, "is no FHIR id"));
        }
      }
      case "patient" -> {
        if (!FhirId.isId(FhirId.ofReference("Patient", value))) {
          faults.add(new Finding(name, "is a patient's id, alone or as Patient/id"));
        }
      }
      default -> {
        // Names and identifiers may be anything; the client encodes them.
      }
    }
  }

  private static void checkTogether(ServedType type, Set<String> names, List<Finding> faults) {
    List<String> anchors =
        type.search().stream()
            .map(ServedType.SearchParameter::name)
            .filter(name -> !name.equals("gender") && !name.equals("_count"))
            .toList();
    long anchored = anchors.stream().filter(names::contains).count();
    boolean oneOnly = type.name().equals("Encounter");
    if (anchored == 0 || (oneOnly && anchored > 1)) {
      faults.add(new Finding(type.name(), "a search needs " + type.required()));
    }
    boolean byId = names.contains("_id");
    if (byId && !oneOnly && (anchored > 1 || names.contains("gender"))) {
      faults.add(new Finding("_id", "goes alone: Cerner takes no other parameter with it"));
    }
    if (byId && oneOnly && names.contains("_count")) {
      faults.add(new Finding("_count", "goes with patient only"));
    }
  }
}
