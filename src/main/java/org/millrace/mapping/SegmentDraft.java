package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millrace.hl7.V2Writer;

/** One segment while rules fill it; written when it is known whether it holds anything. */
final class SegmentDraft {
  private final String name;
  private final int occurrence;
  private final boolean named;
  private final List<Piece> pieces = new ArrayList<>();

  /** The pieces again, by field and repetition: few in each, however many there are. */
  private final Map<Integer, TreeMap<Integer, List<Piece>>> places = new HashMap<>();

  private record Piece(
      int field, int repetition, int component, int subcomponent, String text, Lineage way) {}

  /**
   * @param occurrence which segment of this name in the group, 1-based
   * @param named whether paths say the occurrence
   */
  SegmentDraft(String name, int occurrence, boolean named) {
    this.name = name;
    this.occurrence = occurrence;
    this.named = named;
  }

  String name() {
    return name;
  }

  int occurrence() {
    return occurrence;
  }

  void put(int field, int repetition, int component, int subcomponent, String text, Lineage way) {
    Piece piece = new Piece(field, repetition, component, subcomponent, text, way);
    pieces.add(piece);
    places
        .computeIfAbsent(field, number -> new TreeMap<>())
        .computeIfAbsent(repetition, number -> new ArrayList<>())
        .add(piece);
  }

  boolean holds(int field, int repetition, int component, int subcomponent) {
    TreeMap<Integer, List<Piece>> repetitions = places.get(field);
    if (repetitions == null) {
      return false;
    }
    for (Piece piece : repetitions.getOrDefault(repetition, List.of())) {
      if ((component == 0 || piece.component == component)
          && (subcomponent == 0 || piece.subcomponent == subcomponent)) {
        return true;
      }
    }
    return false;
  }

  /** The repetitions of a field so far. */
  int repetitions(int field) {
    TreeMap<Integer, List<Piece>> repetitions = places.get(field);
    return repetitions == null ? 0 : repetitions.lastKey();
  }

  int size() {
    return pieces.size();
  }

  /** Takes back what was put since the draft had this size. */
  void cutTo(int size) {
    while (pieces.size() > size) {
      Piece last = pieces.remove(pieces.size() - 1);
      TreeMap<Integer, List<Piece>> repetitions = places.get(last.field);
      List<Piece> same = repetitions == null ? null : repetitions.get(last.repetition);
      if (repetitions != null && same != null) {
        same.remove(same.size() - 1);
        if (same.isEmpty()) {
          repetitions.remove(last.repetition);
        }
        if (repetitions.isEmpty()) {
          places.remove(last.field);
        }
      }
    }
  }

  String path(int field, int repetition, int component, int subcomponent) {
    StringBuilder path = new StringBuilder(name);
    if (named) {
      path.append('[').append(occurrence).append(']');
    }
    path.append('-').append(field);
    if (repetition > 0) {
      path.append('[').append(repetition).append(']');
    }
    if (component > 0) {
      path.append('.').append(component);
    }
    if (subcomponent > 0) {
      path.append('.').append(subcomponent);
    }
    return path.toString();
  }

  /** Adds the segment to a message; MSH is there already, since every message begins with it. */
  void write(V2Writer writer, Run run) {
    if (!name.equals("MSH")) {
      writer.segment(name);
    }
    for (Piece piece : pieces) {
      writer.set(piece.field, piece.repetition, piece.component, piece.subcomponent, piece.text);
      run.trace(piece.way);
    }
  }
}
