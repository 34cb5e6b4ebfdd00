package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A data type file as a conversion: its rules bind components to elements. A reference may also be
 * made into the resource that it names, by a file of that resource.
 */
final class DatatypeMap implements Conversion {
  private final Head head;
  private List<Rule> rules = List.of();
  private List<Rule> forward = List.of();
  private List<Rule> backward = List.of();
  private Needs needs = new Needs(List.of(), List.of(), Optional.empty());
  private List<List<FhirPlace>> sameBy = List.of();
  private Optional<Making> makes = Optional.empty();

  /** What the file says of itself. */
  record Head(String name, String v2Type, String fhirType, String where) {}

  /**
   * Without what nothing is made.
   *
   * @param when on the way to FHIR, only values for which this holds
   */
  record Needs(List<V2Place> v2, List<FhirPlace> fhir, Optional<Condition> when) {}

  /**
   * The resource that a reference names.
   *
   * @param by the file that makes it
   * @param place of the reference's text
   * @param beside the rules for a reference whose resource was made: what that keeps is not lost
   */
  private record Making(DatatypeMap by, FhirPlace place, String where, List<Rule> beside) {}

  DatatypeMap(Head head) {
    this.head = head;
  }

  Head head() {
    return head;
  }

  List<Rule> rules() {
    return rules;
  }

  /**
   * Ends the reading: data types may name each other, so their rules come last.
   *
   * @param same in a file of a resource, the places by which two values are of the same one: the
   *     first list whose first place holds anything decides
   */
  void complete(List<Rule> compiled, Needs what, List<List<FhirPlace>> same) {
    rules = List.copyOf(compiled);
    forward = compiled.stream().filter(rule -> rule.way().forward()).toList();
    backward = compiled.stream().filter(rule -> rule.way().backward()).toList();
    needs = what;
    sameBy = List.copyOf(same);
  }

  /**
   * Values become resources too.
   *
   * @param place of the reference's text
   * @param where the line that says so
   */
  void make(DatatypeMap by, FhirPlace place, String where) {
    List<Rule> beside =
        rules.stream()
            .filter(rule -> rule.ends().fhir().isPresent() || rule.extras().loss().isEmpty())
            .toList();
    makes = Optional.of(new Making(by, place, where, beside));
  }

  private static V2Node below(V2Node from, V2Place place) {
    V2Node node = from;
    if (place.component() > 0) {
      node = node.child(place.component());
    }
    return place.subcomponent() > 0 ? node.child(place.subcomponent()) : node;
  }

  @Override
  public Made toFhir(V2Node from, Trip trip) {
    for (V2Place need : needs.v2()) {
      if (below(from, need).isEmpty()) {
        return Made.nothing();
      }
    }
    Tree tree = new Tree(head.where(), head.fhirType());
    ToFhir.Source parts =
        place -> {
          V2Node node = below(from, place);
          return node.isEmpty() ? List.of() : List.of(node);
        };
    if (needs.when().isPresent() && !needs.when().get().holds(new V2Facts(parts, trip.run()))) {
      return Made.nothing();
    }
    boolean withResource = makes.isPresent() && trip.run().shared().isPresent();
    Optional<Made> unnamed =
        withResource
            ? resourceToFhir(makes.get(), from, new Beside(parts, tree), trip.run())
            : Optional.of(Made.nothing());
    if (unnamed.isPresent()) {
      new ToFhir(parts, tree, trip.run()).apply(forward);
      tellLost(from.path(), unnamed.get(), tree.made(), trip.run());
    }
    return tree.made();
  }

  /** What went into a resource that is not made, and did not come into the reference either. */
  private static void tellLost(String value, Made unnamed, Made reference, Run run) {
    Set<String> kept =
        reference.leaves().stream().map(Made.Leaf::source).collect(Collectors.toSet());
    unnamed.leaves().stream()
        .map(Made.Leaf::source)
        .filter(source -> source.startsWith(value) && !kept.contains(source))
        .distinct()
        .forEach(
            source ->
                run.note(
                    CoverageNote.Kind.LOSSY,
                    source,
                    "Nothing beside it tells who or what this is; it is left out."));
  }

  /** A reference while it is made. */
  private record Beside(ToFhir.Source parts, Tree tree) {}

  /**
   * Makes the resource, and the reference to it.
   *
   * @return empty if it did; else what the resource would hold, which nothing tells from others
   */
  private static Optional<Made> resourceToFhir(Making making, V2Node from, Beside beside, Run run) {
    Made resource = making.by.toFhir(from, new Trip(run, making.by.head.where()));
    Optional<SharedResources.Shared> made = making.by.shared(resource, from, run);
    if (made.isEmpty()) {
      return Optional.of(resource);
    }
    beside.tree().put(making.place, made.get().reference(making.where), false);
    ToFhir rest = new ToFhir(beside.parts(), beside.tree(), run);
    run.silently(() -> rest.apply(making.beside));
    return Optional.empty();
  }

  /** The value as a resource that others may name too; empty if it does not say which. */
  private Optional<SharedResources.Shared> shared(Made made, V2Node from, Run run) {
    if (!(made.json() instanceof ObjectNode)) {
      return Optional.empty();
    }
    FhirNode root = FhirNode.root(made.json(), head.fhirType());
    for (List<FhirPlace> places : sameBy) {
      List<String> texts = new ArrayList<>();
      places.forEach(place -> texts.add(text(root, place, run)));
      if (!texts.get(0).isEmpty()) {
        Optional<SharedResources.Told> told =
            writes() ? Optional.of(new SharedResources.Told(run, single())) : Optional.empty();
        SharedResources all = run.shared().orElseThrow();
        return Optional.of(all.share(head.fhirType(), texts, made, from.path(), told));
      }
    }
    return Optional.empty();
  }

  private static String text(FhirNode root, FhirPlace place, Run run) {
    return root.select(place, run).stream().map(FhirNode::text).collect(Collectors.joining("\n"));
  }

  /** What the resource is told by. */
  private Set<String> single() {
    return sameBy.stream()
        .flatMap(List::stream)
        .map(place -> "." + place.steps().get(0).name())
        .collect(Collectors.toSet());
  }

  /** Whether v2 is written by this file. */
  private boolean writes() {
    return rules.stream()
        .anyMatch(
            rule ->
                rule.way().backward()
                    && rule.ends().fhir().isPresent()
                    && !rule.ends().v2().isEmpty());
  }

  @Override
  public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
    if (makes.isPresent() && resourceToV2(makes.get(), from, to, trip.run())) {
      return true;
    }
    for (FhirPlace need : needs.fhir()) {
      if (from.select(need, trip.run()).stream().allMatch(FhirNode::isAbsent)) {
        return false;
      }
    }
    int before = to.draft().size();
    boolean real = new ToV2(new Parts(to), trip.run()).apply(backward, from);
    if (!real) {
      to.draft().cutTo(before);
    }
    return real;
  }

  /** Writes the resource that a reference names, if it is at hand; the reference says no more. */
  private static boolean resourceToV2(Making making, FhirNode from, V2Slot to, Run run) {
    Optional<FhirNode> named = run.named(from, making.by.head.fhirType());
    if (named.isEmpty() || !making.by.toV2(named.get(), to, new Trip(run, making.where))) {
      return false;
    }
    run.written(named.get());
    for (Map.Entry<String, JsonNode> element : from.json().properties()) {
      FhirNode same = FhirNode.root(element.getValue(), from.path() + "." + element.getKey());
      same.markRead(run);
      run.used(same.path(), Run.USED_FOR + "the resource that it names", making.where);
    }
    return true;
  }

  /** The components of one repetition as a place to write. */
  private record Parts(V2Slot to) implements ToV2.Sink {
    @Override
    public V2Slot slot(V2Place place, int repetition, boolean repeats) {
      return slot(place);
    }

    private V2Slot slot(V2Place place) {
      V2Slot slot = to;
      if (place.component() > 0) {
        slot = slot.child(place.component());
      }
      return place.subcomponent() > 0 ? slot.child(place.subcomponent()) : slot;
    }

    @Override
    public int filled(V2Place place) {
      return slot(place).isTaken() ? 1 : 0;
    }

    @Override
    public int occurrence() {
      return 1;
    }
  }
}
