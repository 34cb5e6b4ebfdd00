package org.millrace.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/** What was read of one segment in one run, and how its places are called. Not thread-safe. */
final class SegmentMarks {
  /** Fields that a segment gets room for at once; a hostile one has a million. */
  private static final int MOST_AT_ONCE = 64;

  private static final Set<String> SINGLE = Set.of("MSH", "EVN", "PID", "PD1", "PV1", "PV2");
  private static final @Nullable FieldMarks[] NONE = {};

  private final V2Segment segment;
  private final Separators separators;

  /** {@code PID-}, {@code OBX[3]-}: what the path of each of its places begins with. */
  private final String name;

  /** By field number. */
  private @Nullable FieldMarks[] fields = NONE;

  SegmentMarks(V2Segment segment, Separators separators) {
    this.segment = segment;
    this.separators = separators;
    boolean alone = SINGLE.contains(segment.name()) && segment.sequence() == 1;
    this.name = segment.name() + (alone ? "-" : "[" + segment.sequence() + "]-");
  }

  Separators separators() {
    return separators;
  }

  /** Marks a place; a 0 stands for all that is below. */
  void read(int field, int repetition, int component, int subcomponent) {
    if (fields.length <= field) {
      int room = Math.max(field, Math.min(segment.fieldCount(), MOST_AT_ONCE)) + 1;
      fields = Arrays.copyOf(fields, room);
    }
    FieldMarks marks = fields[field];
    if (marks == null) {
      marks = new FieldMarks();
      fields[field] = marks;
    }
    boolean whole = repetition == 1 && component == 0 && !repeats(field);
    marks.read(whole ? 0 : repetition, component, subcomponent);
  }

  private boolean repeats(int field) {
    return segment.field(field).repetitions().size() > 1;
  }

  /** The path of a place; the occurrence is said where segments of that name repeat. */
  String path(int field, int repetition, int component, int subcomponent) {
    boolean plain = component == 0 && (repetition == 0 || (repetition == 1 && !repeats(field)));
    if (plain) {
      return name + field;
    }
    StringBuilder path = new StringBuilder(name.length() + 12).append(name).append(field);
    if (repetition > 1 || (repetition == 1 && repeats(field))) {
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

  /** Adds a note for each valued field, or part of one, that no rule read. */
  void unread(List<CoverageNote> notes) {
    int first = segment.name().equals("MSH") ? 3 : 1;
    for (int field = first; field <= segment.fieldCount(); field++) {
      if (segment.has(field)) {
        unread(field, notes);
      }
    }
  }

  private void unread(int field, List<CoverageNote> notes) {
    FieldMarks marks = field < fields.length ? fields[field] : null;
    List<V2Value> repetitions = segment.field(field).repetitions();
    if (marks == null) {
      if (holdsAnything(repetitions)) {
        notes.add(unread(path(field, 0, 0, 0)));
      }
      return;
    }
    if (marks.isWhole()) {
      return;
    }
    List<Part> missed = new ArrayList<>();
    if (unreadParts(repetitions, marks, missed)) {
      for (Part part : missed) {
        notes.add(unread(path(field, part.repetition(), part.component(), part.subcomponent())));
      }
    } else if (!missed.isEmpty()) {
      notes.add(unread(path(field, 0, 0, 0)));
    }
  }

  private boolean holdsAnything(List<V2Value> repetitions) {
    for (V2Value repetition : repetitions) {
      if (V2Reading.holdsAnything(repetition, separators)) {
        return true;
      }
    }
    return false;
  }

  private static CoverageNote unread(String path) {
    return new CoverageNote(CoverageNote.Kind.UNREAD, path, "No rule reads this; it is left out.");
  }

  /** A valued part of a field; subcomponent 0 where the component has one only. */
  private record Part(int repetition, int component, int subcomponent) {}

  /** Lists the unread parts of a field and tells whether any other part was read. */
  private boolean unreadParts(List<V2Value> repetitions, FieldMarks marks, List<Part> missed) {
    boolean anyRead = false;
    for (int repetition = 1; repetition <= repetitions.size(); repetition++) {
      if (marks.isRead(repetition, 0, 0)) {
        anyRead |= V2Reading.holdsAnything(repetitions.get(repetition - 1), separators);
        continue;
      }
      List<V2Value> components = repetitions.get(repetition - 1).components();
      for (int component = 1; component <= components.size(); component++) {
        V2Value part = components.get(component - 1);
        if (part.isEmpty()) {
          continue;
        }
        List<V2Value> subcomponents = part.subcomponents();
        for (int sub = 1; sub <= subcomponents.size(); sub++) {
          if (subcomponents.size() > 1 && subcomponents.get(sub - 1).isEmpty()) {
            continue;
          }
          if (marks.isRead(repetition, component, sub)) {
            anyRead = true;
          } else {
            missed.add(new Part(repetition, component, subcomponents.size() > 1 ? sub : 0));
          }
        }
      }
    }
    return anyRead;
  }
}
