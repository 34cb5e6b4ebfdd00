package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.rest.Refusal.Finding;

/** Holds the fields of an action against its row of the table. Stateless. */
final class ActionInput {
  private ActionInput() {}

  /**
   * Every fault of every field. A field that is null counts as left out, and is taken out of the
   * tree.
   */
  static List<Finding> faults(Action action, ObjectNode fields) {
    List<Finding> faults = new ArrayList<>();
    List<String> known = action.fields().stream().map(Action.Field::name).toList();
    fields.properties().removeIf(member -> member.getValue().isNull());
    for (Map.Entry<String, JsonNode> member : fields.properties()) {
      if (!known.contains(member.getKey())) {
        faults.add(
            new Finding(
                member.getKey(),
                "is no field of " + action.name() + "; fields are " + String.join(", ", known)));
      }
    }
    for (Action.Field field : action.fields()) {
      fault(field, fields.path(field.name()))
          .ifPresent(message -> faults.add(new Finding(field.name(), message)));
    }
    return faults;
  }

  private static Optional<String> fault(Action.Field field, JsonNode value) {
    if (value.isMissingNode()) {
      return field.required() ? Optional.of("is required") : Optional.empty();
    }
    if (!value.isTextual()) {
      return Optional.of("must be a JSON string");
    }
    String text = value.asText();
    if (text.isBlank()) {
      return Optional.of(field.required() ? "is required" : "is empty; leave it out instead");
    }
    if (!field.form().matcher(text).matches()) {
      return Optional.of("is not of the form: " + field.description());
    }
    if (field.name().endsWith("ResourceId") || field.name().equals("resourceId")) {
      return FhirId.isId(text) ? Optional.empty() : Optional.of("is no FHIR id");
    }
    return field.name().equals("birthDate") && !isDate(text)
        ? Optional.of("is no date of the calendar")
        : Optional.empty();
  }

  private static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeParseException notInCalendar) {
      return false;
    }
  }
}
