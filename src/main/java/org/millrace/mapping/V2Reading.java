package org.millrace.mapping;

import java.util.ArrayList;
import java.util.List;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/**
 * A value of a message as a rule reads it: it knows its path and tells what was read of it.
 *
 * @param marks of the segment it stands in
 * @param component 0 for a whole repetition
 * @param subcomponent 0 for a whole component
 */
record V2Reading(
    V2Value value, SegmentMarks marks, int field, int repetition, int component, int subcomponent)
    implements V2Node {

  /** What stands at a place of a segment: each repetition that holds anything there. */
  static List<V2Node> read(V2Segment segment, V2Place place, V2Marks marks) {
    if (!segment.has(place.field())) {
      return List.of();
    }
    List<V2Value> repetitions = segment.field(place.field()).repetitions();
    SegmentMarks ofSegment = marks.of(segment);
    if (repetitions.size() == 1 && place.repetition() <= 1) {
      V2Node node = part(repetitions.get(0), 1, place, ofSegment);
      return node.isEmpty() ? List.of() : List.of(node);
    }
    List<V2Node> found = new ArrayList<>();
    for (int i = 0; i < repetitions.size(); i++) {
      if (place.repetition() == 0 || place.repetition() == i + 1) {
        V2Node node = part(repetitions.get(i), i + 1, place, ofSegment);
        if (!node.isEmpty()) {
          found.add(node);
        }
      }
    }
    return found;
  }

  private static V2Node part(V2Value value, int repetition, V2Place place, SegmentMarks marks) {
    V2Node node = new V2Reading(value, marks, place.field(), repetition, 0, 0);
    if (place.component() > 0) {
      node = node.child(place.component());
    }
    return place.subcomponent() > 0 ? node.child(place.subcomponent()) : node;
  }

  @Override
  public String text() {
    marks.read(field, repetition, Math.max(1, component), Math.max(1, subcomponent));
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
    if (component == 0) {
      return new V2Reading(value.component(number), marks, field, repetition, number, 0);
    }
    if (subcomponent == 0) {
      V2Value part = value.subcomponent(number);
      return new V2Reading(part, marks, field, repetition, component, number);
    }
    return number == 1 ? this : new GivenText("", path());
  }

  /** True where no part holds anything: {@code ^^&&} is as empty as nothing, and so are blanks. */
  @Override
  public boolean isEmpty() {
    return !holdsAnything(value, marks.separators());
  }

  static boolean holdsAnything(V2Value value, Separators separators) {
    if (value.isEmpty()) {
      return false;
    }
    CharSequence raw = value.rawView();
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      boolean delimiter =
          c == separators.component()
              || c == separators.subcomponent()
              || c == separators.repetition();
      if (!delimiter && !Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean isNull() {
    return value.isNull();
  }

  @Override
  public String path() {
    return marks.path(field, repetition, component, subcomponent);
  }

  @Override
  public void markWhole() {
    marks.read(field, repetition, component, subcomponent);
  }

  /** The path only: the content may be a patient's. */
  @Override
  public String toString() {
    return path();
  }
}
