package org.millrace.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What one equality of a filter gives a new element, so that the filter finds it again on the way
 * back. Made once at load.
 *
 * @param json never changed
 */
record Filling(ObjectNode json, List<Value> values) {

  /**
   * One value of it.
   *
   * @param leaf without its rule
   * @param at where it stands
   */
  record Value(Made.Leaf leaf, JsonPointer at) {}

  /** For each equality that must hold for a filter to hold. */
  static List<Filling> of(Condition filter) {
    List<Filling> fillings = new ArrayList<>();
    for (Condition.Test test : filter.equalities()) {
      test.term().fhir().ifPresent(place -> fillings.add(of(test, place)));
    }
    return List.copyOf(fillings);
  }

  private static Filling of(Condition.Test test, FhirPlace place) {
    Tree part = new Tree("", "");
    part.put(place, literal(test, place), false);
    List<Value> values = new ArrayList<>();
    for (Made.Leaf leaf : part.leaves()) {
      String pointer = leaf.path().replaceAll("[.\\[]", "/").replace("]", "");
      values.add(new Value(leaf, JsonPointer.compile(pointer)));
    }
    return new Filling(part.root(), List.copyOf(values));
  }

  private static Made literal(Condition.Test test, FhirPlace place) {
    String text = test.literals().get(0).text();
    if (test.term().table().isPresent()) {
      CodeTable table = test.term().table().get();
      TableConversion conversion =
          new TableConversion(table, place.type(), false, TableConversion.Unknown.DROP);
      return conversion.toFhir(new GivenText(text, "fixed"), Functions.silent(""));
    }
    JsonNode json = CopyConversion.json(place.type(), text);
    return Made.value(json.isMissingNode() ? TextNode.valueOf(text) : json, "fixed", "", "");
  }

  /**
   * Adds to an element what is not there yet.
   *
   * @param path of the element
   * @param rule the line its values are traced to
   */
  void into(ObjectNode element, String path, String rule, List<Made.Leaf> leaves) {
    for (Value value : values) {
      if (element.at(value.at()).isMissingNode()) {
        Made.Leaf leaf = value.leaf();
        leaves.add(new Made.Leaf(path + leaf.path(), leaf.source(), rule, leaf.through()));
      }
    }
    NewElement.merge(element, json.deepCopy());
  }
}
