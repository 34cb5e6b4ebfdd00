package org.millrace.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2Field;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Path;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/** What was read of a message in one run, and so what was not. Not thread-safe. */
final class V2Marks {
  /** Fields that a segment gets room for at once; a hostile one has a million. */
  private static final int MOST_AT_ONCE = 64;

  private static final Set<String> SINGLE = Set.of("MSH", "EVN", "PID", "PD1", "PV1", "PV2");
  private final V2Message message;

  /** By the segment's position, then by field number. */
  private final @Nullable FieldMarks[][] read;

  V2Marks(V2Message message) {
    this.message = message;
    this.read = new FieldMarks[message.segments().size()][];
  }

  /** The message that is marked. */
  V2Message message() {
    return message;
  }

  Separators separators() {
    return message.separators();
  }

  /** Marks a place; a 0 stands for all that is below. */
  void read(V2Segment segment, int field, int repetition, int component, int subcomponent) {
    @Nullable FieldMarks[] fields = read[segment.position()];
    if (fields == null || fields.length <= field) {
      int room = Math.max(field, Math.min(segment.fieldCount(), MOST_AT_ONCE)) + 1;
      fields = fields == null ? new FieldMarks[room] : Arrays.copyOf(fields, room);
      read[segment.position()] = fields;
    }
    FieldMarks marks = fields[field];
    if (marks == null) {
      marks = new FieldMarks();
      fields[field] = marks;
    }
    marks.read(repetition, component, subcomponent);
  }

  private FieldMarks marks(V2Segment segment, int field) {
    @Nullable FieldMarks[] fields = read[segment.position()];
    FieldMarks marks = fields == null || fields.length <= field ? null : fields[field];
    return marks == null ? FieldMarks.NONE : marks;
  }

  /** Marks what a path names, {@code OBX[3]-5} or {@code OBX[3]-5[2].5}, with all below it. */
  void readPath(String path) {
    V2Path parsed;
    try {
      parsed = V2Path.parse(path);
    } catch (IllegalArgumentException e) {
      return;
    }
    List<V2Segment> segments = message.all(parsed.segment());
    int occurrence = Math.max(1, parsed.occurrence());
    if (occurrence <= segments.size()) {
      read(
          segments.get(occurrence - 1),
          parsed.field(),
          parsed.repetition(),
          parsed.component(),
          parsed.subcomponent());
    }
  }

  /** The path of a place; the occurrence is said where segments of that name repeat. */
  String path(V2Segment segment, int field, int repetition, int component, int subcomponent) {
    StringBuilder path = new StringBuilder(segment.name());
    if (!SINGLE.contains(segment.name()) || segment.sequence() > 1) {
      path.append('[').append(segment.sequence()).append(']');
    }
    path.append('-').append(field);
    if (repetition > 1 || (repetition == 1 && segment.field(field).repetitions().size() > 1)) {
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

  /** One note for each valued field, or part of one, that no rule read. */
  List<CoverageNote> unread() {
    List<CoverageNote> notes = new ArrayList<>();
    for (V2Segment segment : message.segments()) {
      int first = segment.name().equals("MSH") ? 3 : 1;
      for (int field = first; field <= segment.fieldCount(); field++) {
        if (segment.has(field)) {
          unread(segment, field, notes);
        }
      }
    }
    return notes;
  }

  private void unread(V2Segment segment, int field, List<CoverageNote> notes) {
    FieldMarks marks = marks(segment, field);
    if (marks.isWhole()) {
      return;
    }
    List<Part> missed = new ArrayList<>();
    if (unreadParts(segment.field(field), marks, missed)) {
      for (Part part : missed) {
        notes.add(
            unread(path(segment, field, part.repetition(), part.component(), part.subcomponent())));
      }
    } else if (!missed.isEmpty()) {
      notes.add(unread(path(segment, field, 0, 0, 0)));
    }
  }

  private static CoverageNote unread(String path) {
    return new CoverageNote(CoverageNote.Kind.UNREAD, path, "No rule reads this; it is left out.");
  }

  /** A valued part of a field; subcomponent 0 where the component has one only. */
  private record Part(int repetition, int component, int subcomponent) {}

  /** Lists the unread parts of a field and tells whether any other part was read. */
  private static boolean unreadParts(V2Field field, FieldMarks marks, List<Part> missed) {
    boolean anyRead = false;
    List<V2Value> repetitions = field.repetitions();
    for (int repetition = 1; repetition <= repetitions.size(); repetition++) {
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
