package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A resource, or one element of it, while rules fill it. Not thread-safe. */
final class Tree {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private final ObjectNode root = JSON.objectNode();
  private final List<Made.Leaf> leaves = new ArrayList<>();
  private final String rule;
  private final String name;
  private final NewElement newElement;

  /** Of a list with a condition: before this element each has content at the next step. */
  private final Map<String, Integer> filledUpTo = new HashMap<>();

  private Made whole = Made.nothing();
  private boolean real;

  /**
   * @param rule the line that equalities of filters are traced to
   * @param name what it is, as notes begin their paths: {@code Encounter}, {@code Patient.contact}
   */
  Tree(String rule, String name) {
    this.rule = rule;
    this.name = name;
    this.newElement = new NewElement(rule, leaves);
  }

  /** A place in it, as notes name it. */
  String path(FhirPlace place) {
    return place.isWhole() ? name : name + "." + place.text();
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
    return real && !root.isEmpty() ? Made.of(root, leaves) : Made.nothing();
  }

  /**
   * As {@link #put(FhirPlace, Made, Map, boolean)}, and nothing else is set.
   *
   * @param fixed it does not count as content of its own
   * @return false if the place is taken
   */
  boolean put(FhirPlace place, Made made, boolean fixed) {
    return put(place, made, Map.of(), fixed);
  }

  /**
   * Puts a value in its place, making the elements on the way.
   *
   * @param set what a new element of the list gets if it has none, by places below it
   * @param fixed it does not count as content of its own
   * @return false if the place is taken
   */
  boolean put(FhirPlace place, Made made, Map<FhirPlace, String> set, boolean fixed) {
    if (place.isWhole()) {
      return putWhole(made, fixed);
    }
    Walk walk = new Walk();
    for (int i = 0; i < place.steps().size() - 1; i++) {
      walk.into(place.steps().get(i), place.steps().get(i + 1));
    }
    FhirPlace.Step last = place.steps().get(place.steps().size() - 1);
    boolean placed = walk.put(last, made, place.type().endsWith("Quantity"));
    real |= placed && !fixed;
    if (placed && !set.isEmpty()) {
      walk.complete(set);
    }
    return placed;
  }

  /**
   * Whether a value stands at a place. A code that FHIR has no value for leaves none: only its
   * original stands beside.
   */
  boolean isValued(FhirPlace place) {
    JsonNode holder = root;
    for (FhirPlace.Step step : place.steps()) {
      if (step.list()) {
        return true;
      }
      holder = holder.path(step.name());
    }
    return place.isWhole() || !holder.isMissingNode();
  }

  /**
   * Adds a further text to one that stands at a place.
   *
   * @return false if no text stands there
   */
  boolean append(FhirPlace place, String join, Made made) {
    JsonNode holder = root;
    for (FhirPlace.Step step : place.steps().subList(0, place.steps().size() - 1)) {
      holder = holder.path(step.name());
    }
    String name = place.steps().get(place.steps().size() - 1).name();
    JsonNode there = holder.path(name);
    if (!(holder instanceof ObjectNode object) || !there.isTextual() || place.repeats()) {
      return false;
    }
    object.put(name, there.asText() + join + made.json().asText());
    made.leaves().forEach(leaf -> leaves.add(leaf.below("." + place.text())));
    return true;
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
    private Optional<Element> newest = Optional.empty();
    private boolean fresh;

    /** An element of the list that spreads. */
    private record Element(ObjectNode json, String path) {}

    void complete(Map<FhirPlace, String> set) {
      for (Map.Entry<FhirPlace, String> each : set.entrySet()) {
        newest.ifPresent(
            element ->
                newElement.setMissing(
                    element.json(), element.path(), each.getKey(), each.getValue()));
      }
    }

    void into(FhirPlace.Step step, FhirPlace.Step next) {
      path += "." + step.name();
      if (!step.list()) {
        at = at.get(step.name()) instanceof ObjectNode known ? known : at.putObject(step.name());
        fill(step);
        return;
      }
      ArrayNode list = list(step.name());
      int index = step.spreads() ? free(list, step, next) : find(list, step);
      fresh = index >= list.size();
      if (fresh) {
        list.addObject();
        index = list.size() - 1;
      }
      path += "[" + index + "]";
      at = (ObjectNode) list.get(index);
      if (fresh) {
        fill(step);
      }
      if (step.spreads()) {
        newest = Optional.of(new Element(at, path));
      }
    }

    /** The first element that fits the filter and has no content at the next step yet. */
    private int free(ArrayNode list, FhirPlace.Step step, FhirPlace.Step next) {
      if (step.filter().isEmpty()) {
        return list.size();
      }
      String filled = path + "." + next.name();
      int from = filledUpTo.getOrDefault(filled, 0);
      while (from < list.size() && isFilled(list.get(from), next)) {
        from++;
      }
      filledUpTo.put(filled, from);
      for (int i = from; i < list.size(); i++) {
        JsonNode element = list.get(i);
        if (!isFilled(element, next) && step.filter().get().holds(facts(element))) {
          return i;
        }
      }
      return list.size();
    }

    private static boolean isFilled(JsonNode element, FhirPlace.Step next) {
      return element.has(next.name()) || element.has("_" + next.name());
    }

    private FhirFacts facts(JsonNode element) {
      return new FhirFacts(FhirNode.root(element, path), Functions.silent(rule).run());
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
      newElement.fill(at, path, step.fillings());
    }

    /**
     * @param adds to what stands there already: number and unit of a quantity are two fields; so
     *     does what a new element was given by its condition
     */
    boolean put(FhirPlace.Step step, Made made, boolean adds) {
      if (step.tellsType()) {
        return put(
            new FhirPlace.Step("type", false, FhirPlace.Span.ALL, false, "", Optional.empty()),
            made,
            adds);
      }
      if (!step.list()) {
        if ((adds || fresh) && at.path(step.name()) instanceof ObjectNode there) {
          return add(there, step.name(), made);
        }
        boolean beside = at.has("_" + step.name()) && !made.beside().isEmpty();
        if (at.has(step.name()) || beside) {
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
        if (list.isEmpty()) {
          at.remove(step.name());
        }
        setBesideNothing(made);
        return !made.beside().isEmpty();
      }
      int last = list.size();
      String element = path + "." + step.name() + "[" + last + "]";
      boolean plain = step.url().isEmpty() || !made.json().isObject();
      list.add(plain ? made.json() : extension(step.url(), made.json(), element));
      beside(step.name(), last, made);
      for (Made.Leaf leaf : made.leaves()) {
        if (!leaf.path().startsWith("~")) {
          leaves.add(leaf.below(element));
        }
      }
      if (made.json() instanceof ObjectNode object) {
        newElement.fill(object, element, step.fillings());
        newest = Optional.of(new Element(object, element));
      }
      return true;
    }

    private JsonNode extension(String url, JsonNode content, String element) {
      leaves.add(new Made.Leaf(element + ".url", "fixed", rule, ""));
      return JSON.objectNode().put("url", url).setAll((ObjectNode) content);
    }

    private boolean add(ObjectNode there, String name, Made made) {
      if (!(made.json() instanceof ObjectNode more)) {
        return false;
      }
      for (Iterator<String> names = more.fieldNames(); names.hasNext(); ) {
        if (there.has(names.next())) {
          return false;
        }
      }
      there.setAll(more);
      made.leaves().forEach(leaf -> leaves.add(leaf.below(path + "." + name)));
      return true;
    }

    /** What stands beside a value of a list of simple values, in the list beside it. */
    private void beside(String name, int index, Made made) {
      if (made.beside().isEmpty()) {
        return;
      }
      ArrayNode list = at.withArray("/_" + name);
      while (list.size() < index) {
        list.addNull();
      }
      list.add(made.beside());
      String element = path + "._" + name + "[" + index + "]";
      for (Made.Leaf leaf : made.leaves()) {
        if (leaf.path().startsWith("~")) {
          leaves.add(leaf.beside(element));
        }
      }
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
      String value = path + "." + name;
      for (Made.Leaf leaf : made.leaves()) {
        leaves.add(
            leaf.path().startsWith("~") ? leaf.beside(path + "._" + name) : leaf.below(value));
      }
    }
  }
}
