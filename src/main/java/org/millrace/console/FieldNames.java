package org.millrace.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millrace.mapping.Conformance;
import org.millrace.mapping.V2Names;

/** What HL7 calls segments' fields and their components. Thread-safe. */
final class FieldNames {
  private final V2Names names = new V2Names();
  private final Map<String, List<Conformance.Field>> segments = new HashMap<>();
  private final Map<String, List<Conformance.Field>> types = new HashMap<>();

  /** {@code Patient Name}; empty for what HL7 does not know, as fields of Z segments. */
  synchronized String field(String segment, int number) {
    return name(fields(segment), number);
  }

  /** {@code XPN}; empty if it is not known or may be any. */
  synchronized String type(String segment, int number) {
    List<Conformance.Field> fields = fields(segment);
    return number <= fields.size() ? fields.get(number - 1).type() : "";
  }

  /** {@code Family Name} of a data type. */
  synchronized String component(String type, int number) {
    return type.isEmpty() ? "" : name(types.computeIfAbsent(type, names::components), number);
  }

  private List<Conformance.Field> fields(String segment) {
    // A sender's own segments would fill the memory with what HL7 does not know anyway.
    return segment.matches("[A-Z][A-Z0-9]{2}") && !segment.startsWith("Z")
        ? segments.computeIfAbsent(segment, names::fields)
        : List.of();
  }

  private static String name(List<Conformance.Field> fields, int number) {
    return number <= fields.size() ? fields.get(number - 1).name() : "";
  }
}
