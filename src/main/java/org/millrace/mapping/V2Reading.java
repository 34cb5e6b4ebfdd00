package org.millrace.mapping;

import java.util.ArrayList;
import java.util.List;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/** A value of a message as a rule reads it: it knows its path and tells what was read of it. */
final class V2Reading implements V2Node {
  private final V2Value value;
  private final Spot spot;
  private final V2Marks marks;

  /**
   * Where a value stands.
   *
   * @param component 0 for a whole repetition
   * @param subcomponent 0 for a whole component
   */
  record Spot(V2Segment segment, int field, int repetition, int component, int subcomponent) {}

  private V2Reading(V2Value value, Spot spot, V2Marks marks) {
    this.value = value;
    this.spot = spot;
    this.marks = marks;
  }

  /** What stands at a place of a segment: each repetition that holds anything there. */
  static List<V2Node> read(V2Segment segment, V2Place place, V2Marks marks) {
    if (!segment.has(place.field())) {
      return List.of();
    }
    List<V2Value> repetitions = segment.field(place.field()).repetitions();
    if (repetitions.size() == 1 && place.repetition() <= 1) {
      V2Node node =
          part(repetitions.get(0), new Spot(segment, place.field(), 1, 0, 0), place, marks);
      return node.isEmpty() ? List.of() : List.of(node);
    }
    List<V2Node> found = new ArrayList<>();
    for (int i = 0; i < repetitions.size(); i++) {
      if (place.repetition() == 0 || place.repetition() == i + 1) {
        Spot spot = new Spot(segment, place.field(), i + 1, 0, 0);
        V2Node node = part(repetitions.get(i), spot, place, marks);
        if (!node.isEmpty()) {
          found.add(node);
        }
      }
    }
    return found;
  }

  private static V2Node part(V2Value repetition, Spot spot, V2Place place, V2Marks marks) {
    V2Node node = new V2Reading(repetition, spot, marks);
    if (place.component() > 0) {
      node = node.child(place.component());
    }
    return place.subcomponent() > 0 ? node.child(place.subcomponent()) : node;
  }

  @Override
  public String text() {
    marks.read(
        spot.segment(),
        spot.field(),
        spot.repetition(),
        Math.max(1, spot.component()),
        Math.max(1, spot.subcomponent()));
    return value.text();
  }

  @Override
  public String whole() {
    markWhole();
    return value.whole();
  }

  @Override
  public boolean losesEscapes() {
    return !value.unreadEscapes().isEmpty();
  }

  @Override
  public String peek() {
    return value.text();
  }

  @Override
  public V2Node child(int number) {
    if (spot.component() == 0) {
      return new V2Reading(
          value.component(number),
          new Spot(spot.segment(), spot.field(), spot.repetition(), number, 0),
          marks);
    }
    if (spot.subcomponent() == 0) {
      return new V2Reading(
          value.subcomponent(number),
          new Spot(spot.segment(), spot.field(), spot.repetition(), spot.component(), number),
          marks);
    }
    return number == 1 ? this : new GivenText("", path());
  }

  /** True where no part holds anything: {@code ^^&&} is as empty as nothing. */
  @Override
  public boolean isEmpty() {
    CharSequence raw = value.rawView();
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != marks.separators().component()
          && c != marks.separators().subcomponent()
          && c != marks.separators().repetition()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isNull() {
    return value.isNull();
  }

  @Override
  public String path() {
    return marks.path(
        spot.segment(), spot.field(), spot.repetition(), spot.component(), spot.subcomponent());
  }

  @Override
  public void markWhole() {
    marks.read(
        spot.segment(), spot.field(), spot.repetition(), spot.component(), spot.subcomponent());
  }
}
