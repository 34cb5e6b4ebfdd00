package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a new element gets besides its value: what the condition of its place says, and what its
 * rule sets.
 *
 * @param rule the line that both are traced to
 * @param leaves of the tree that the element stands in
 */
record NewElement(String rule, List<Made.Leaf> leaves) {
  /** Gives it what the condition of its place says, so that the way back finds it. */
  void fill(ObjectNode element, String path, List<Filling> fillings) {
    for (Filling filling : fillings) {
      filling.into(element, path, rule, leaves);
    }
  }

  /** Adds what is not there yet, into the first element of lists. */
  static void merge(ObjectNode into, ObjectNode from) {
    from.fields()
        .forEachRemaining(
            field -> {
              JsonNode there = into.path(field.getKey());
              if (there.isMissingNode()) {
                into.set(field.getKey(), field.getValue());
              } else if (there instanceof ObjectNode object
                  && field.getValue() instanceof ObjectNode more) {
                merge(object, more);
              } else if (there.path(0) instanceof ObjectNode first
                  && field.getValue().path(0) instanceof ObjectNode more) {
                merge(first, more);
              }
            });
  }

  /** Sets what the conversion left empty in the element a rule has just put. */
  void setMissing(ObjectNode element, String path, FhirPlace place, String text) {
    Tree part = new Tree(rule, "");
    JsonNode json = CopyConversion.json(place.type(), text);
    part.put(place, Made.value(json, "fixed", rule, ""), false);
    JsonNode there = element;
    for (FhirPlace.Step step : place.steps()) {
      there = there.path(step.tellsType() ? "type" : step.name());
      there = there.isArray() ? there.path(0) : there;
    }
    if (there.isMissingNode()) {
      merge(element, part.root());
      part.leaves().forEach(leaf -> leaves.add(leaf.below(path)));
    }
  }
}
