package org.millrace.mapping;

import java.util.List;
import java.util.Map;

/**
 * One compiled file of a JSON action.
 *
 * @param resource the resource it sends; empty if it sends none
 * @param fields the input, in file order, each with its rules
 * @param answer names to places of the resource it answers from
 */
record ActionMap(
    String name,
    String resource,
    String description,
    Map<ActionField, List<Rule>> fields,
    List<Rule> rules,
    Map<ActionField, FhirPlace> answer) {

  static final ActionMap NONE = new ActionMap("", "", "", Map.of(), List.of(), Map.of());

  List<ActionField> input() {
    return List.copyOf(fields.keySet());
  }
}
