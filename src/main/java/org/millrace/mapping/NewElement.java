package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;

/**
 * What a new element gets besides its value: what the condition of its place says, and what its
 * rule sets.
 *
 * @param rule the line that both are traced to
 * @param leaves of the tree that the element stands in
 */
record NewElement(String rule, List<Made.Leaf> leaves) {
  /** Gives it what the condition of its place says, so that the way back finds it. */
  void equalities(ObjectNode element, String path, Condition filter) {
    for (Condition.Test test : filter.equalities()) {
      Optional<FhirPlace> place = test.term().fhir();
      if (place.isPresent()) {
        String text = test.literals().get(0).text();
        Tree part = new Tree(rule, "");
        part.put(place.get(), literal(test, place.get(), text), false);
        List<Made.Leaf> fresh =
            part.leaves().stream().filter(leaf -> isMissing(element, leaf)).toList();
        merge(element, part.root());
        fresh.forEach(leaf -> leaves.add(leaf.below(path)));
      }
    }
  }

  /** The value is not there yet, so that a fixed one counts. */
  private static boolean isMissing(ObjectNode element, Made.Leaf leaf) {
    return element.at(leaf.path().replaceAll("[.\\[]", "/").replace("]", "")).isMissingNode();
  }

  private Made literal(Condition.Test test, FhirPlace place, String text) {
    if (test.term().table().isPresent()) {
      CodeTable table = test.term().table().get();
      TableConversion conversion =
          new TableConversion(table, place.type(), false, TableConversion.Unknown.DROP);
      return conversion.toFhir(new GivenText(text, "fixed"), Functions.silent(rule));
    }
    JsonNode json = CopyConversion.json(place.type(), text);
    return Made.value(json.isMissingNode() ? TextNode.valueOf(text) : json, "fixed", rule, "");
  }

  /** Adds what is not there yet, into the first element of lists. */
  private static void merge(ObjectNode into, ObjectNode from) {
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
