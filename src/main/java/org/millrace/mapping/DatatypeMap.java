package org.millrace.mapping;

import java.util.List;

/** A data type file as a conversion: its rules bind components to elements. */
final class DatatypeMap implements Conversion {
  private final Head head;
  private List<Rule> rules = List.of();
  private List<Rule> forward = List.of();
  private List<Rule> backward = List.of();
  private List<V2Place> needsV2 = List.of();
  private List<FhirPlace> needsFhir = List.of();

  /** What the file says of itself. */
  record Head(String name, String v2Type, String fhirType, String where) {}

  DatatypeMap(Head head) {
    this.head = head;
  }

  Head head() {
    return head;
  }

  List<Rule> rules() {
    return rules;
  }

  /** Ends the reading: data types may name each other, so their rules come last. */
  void complete(List<Rule> compiled, List<V2Place> v2, List<FhirPlace> fhir) {
    rules = List.copyOf(compiled);
    forward = compiled.stream().filter(rule -> rule.way().forward()).toList();
    backward = compiled.stream().filter(rule -> rule.way().backward()).toList();
    needsV2 = List.copyOf(v2);
    needsFhir = List.copyOf(fhir);
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
    for (V2Place need : needsV2) {
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
    new ToFhir(parts, tree, trip.run()).apply(forward);
    return tree.made();
  }

  @Override
  public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
    for (FhirPlace need : needsFhir) {
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
