package org.millrace.mapping;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One compiled file of a JSON action.
 *
 * @param resource the type it is about
 * @param fields the input, in file order, each with its rules
 * @param answer names to places of the resource it answers from
 */
record ActionMap(
    String name,
    String resource,
    String description,
    ActionCall call,
    Map<ActionField, List<Rule>> fields,
    List<Rule> rules,
    Map<ActionField, Answer> answer) {

  /**
   * Where an answer is drawn from.
   *
   * @param to the resource type of a reference of which the id alone is answered; else empty
   */
  record Answer(FhirPlace place, String to) {}

  static final ActionMap NONE =
      new ActionMap(
          "",
          "",
          "",
          new ActionCall(ActionCall.Kind.READ, Map.of(), "", List.of(), Map.of()),
          Map.of(),
          List.of(),
          Map.of());

  /** The same, in which fields that need not be there are not required. */
  ActionMap needing(Predicate<ActionField> needed) {
    Map<ActionField, List<Rule>> some = new LinkedHashMap<>();
    fields.forEach((field, rules) -> some.put(needed.test(field) ? field : field.leftOut(), rules));
    return new ActionMap(name, resource, description, call, some, this.rules, answer);
  }

  ActionShape shape() {
    return new ActionShape(
        name, description, resource, call, input(), List.copyOf(answer.keySet()));
  }

  List<ActionField> input() {
    return List.copyOf(fields.keySet());
  }
}
