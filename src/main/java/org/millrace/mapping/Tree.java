package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** A resource, or one element of it, while rules fill it. Not thread-safe. */
final class Tree {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private final ObjectNode root = JSON.objectNode();
  private final List<Made.Leaf> leaves = new ArrayList<>();
  private final String rule;
  private Made whole = Made.nothing();
  private boolean real;

  /**
   * @param rule the line that equalities of filters are traced to
   */
  Tree(String rule) {
    this.rule = rule;
  }

  ObjectNode root() {
    return root;
  }

  List<Made.Leaf> leaves() {
    return leaves;
  }

  /** What was made; nothing if all there is was fixed by the rules. */
  Made made() {
    if (!whole.isNothing()) {
      return whole;
    }
    return real && !root.isEmpty() ? Made.of(root, List.copyOf(leaves)) : Made.nothing();
  }

  /**
   * Puts a value in its place, making the elements on the way.
   *
   * @param fixed it does not count as content of its own
   * @return false if the place is taken
   */
  boolean put(FhirPlace place, Made made, boolean fixed) {
    if (place.isWhole()) {
      return putWhole(made, fixed);
    }
    Walk walk = new Walk();
    for (int i = 0; i < place.steps().size() - 1; i++) {
      walk.into(place.steps().get(i));
    }
    boolean placed = walk.put(place.steps().get(place.steps().size() - 1), made);
    real |= placed && !fixed;
    return placed;
  }

  /** A value that is all there is, or elements that are filled further by other rules. */
  private boolean putWhole(Made made, boolean fixed) {
    if (!whole.isNothing()) {
      return false;
    }
    if (made.json() instanceof ObjectNode object) {
      boolean free = true;
      for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
        free &= !root.has(names.next());
      }
      if (free) {
        root.setAll(object);
        leaves.addAll(made.leaves());
        real |= !fixed;
      }
      return free;
    }
    whole = made;
    return true;
  }

  /** The path of the element that {@link #put} filled last, up to its repeating step. */
  private final class Walk {
    private ObjectNode at = root;
    private String path = "";

    void into(FhirPlace.Step step) {
      path += "." + step.name();
      if (!step.list()) {
        at = at.get(step.name()) instanceof ObjectNode known ? known : at.putObject(step.name());
        fill(step);
        return;
      }
      ArrayNode list = list(step.name());
      int index = step.spreads() ? list.size() : find(list, step);
      boolean fresh = index >= list.size();
      if (fresh) {
        list.addObject();
        index = list.size() - 1;
      }
      path += "[" + index + "]";
      at = (ObjectNode) list.get(index);
      if (fresh) {
        fill(step);
      }
    }

    private ArrayNode list(String name) {
      return at.get(name) instanceof ArrayNode known ? known : at.putArray(name);
    }

    private int find(ArrayNode list, FhirPlace.Step step) {
      if (step.span().from() != FhirPlace.ANY) {
        return step.span().from();
      }
      for (int i = 0; i < list.size(); i++) {
        if (step.url().isEmpty() || list.get(i).path("url").asText().equals(step.url())) {
          return i;
        }
      }
      return list.size();
    }

    /** Gives a new element what its rule will find it by on the way back. */
    private void fill(FhirPlace.Step step) {
      if (!step.url().isEmpty()) {
        at.put("url", step.url());
        leaves.add(new Made.Leaf(path + ".url", "fixed", rule, ""));
      }
      step.filter().ifPresent(filter -> equalities(at, path, filter));
    }

    boolean put(FhirPlace.Step step, Made made) {
      if (!step.list()) {
        if (at.has(step.name()) || at.has("_" + step.name())) {
          return false;
        }
        set(step.name(), made);
        return true;
      }
      ArrayNode list = list(step.name());
      int index = step.span().from();
      boolean single = index != FhirPlace.ANY && !step.span().rest();
      if (single && index < list.size()) {
        return false;
      }
      if (made.json().isMissingNode()) {
        return false;
      }
      list.add(made.json());
      String element = path + "." + step.name() + "[" + (list.size() - 1) + "]";
      for (Made.Leaf leaf : made.leaves()) {
        if (!leaf.path().startsWith("~")) {
          leaves.add(leaf.below(element));
        }
      }
      if (made.json() instanceof ObjectNode object) {
        step.filter().ifPresent(filter -> equalities(object, element, filter));
      }
      return true;
    }

    /**
     * The original of a code that FHIR has no value for. Bound elements may not stand without a
     * value, so it goes to the element that holds them.
     */
    private void setBesideNothing(Made made) {
      ArrayNode extensions = list("extension");
      String element = path + ".extension[" + extensions.size() + "]";
      made.beside().path("extension").forEach(extensions::add);
      for (Made.Leaf leaf : made.leaves()) {
        String below = leaf.path().replace("~.extension[0]", "");
        leaves.add(new Made.Leaf(element + below, leaf.source(), leaf.rule(), leaf.through()));
      }
    }

    private void set(String name, Made made) {
      if (made.json().isMissingNode()) {
        setBesideNothing(made);
        return;
      }
      at.set(name, made.json());
      if (!made.beside().isEmpty()) {
        at.set("_" + name, made.beside());
      }
      for (Made.Leaf leaf : made.leaves()) {
        boolean beside = leaf.path().startsWith("~");
        String prefix = path + (beside ? "._" : ".") + name;
        leaves.add(
            new Made.Leaf(
                prefix + (beside ? leaf.path().substring(1) : leaf.path()),
                leaf.source(),
                leaf.rule(),
                leaf.through()));
      }
    }
  }

  private void equalities(ObjectNode element, String path, Condition filter) {
    for (Condition.Test test : filter.equalities()) {
      Optional<FhirPlace> place = test.term().fhir();
      if (place.isPresent()) {
        String text = test.literals().get(0).text();
        Tree part = new Tree(rule);
        part.put(place.get(), literal(test, place.get(), text), false);
        merge(element, part.root);
        part.leaves.forEach(leaf -> leaves.add(leaf.below(path)));
      }
    }
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
    Tree part = new Tree(rule);
    JsonNode json = CopyConversion.json(place.type(), text);
    part.put(place, Made.value(json, "fixed", rule, ""), false);
    String name = place.steps().get(0).name();
    if (!element.has(name)) {
      merge(element, part.root);
      part.leaves.forEach(leaf -> leaves.add(leaf.below(path)));
    }
  }
}
