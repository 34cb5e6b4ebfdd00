package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Path;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/** What was read of a message in one run, and so what was not. Not thread-safe. */
final class V2Marks {
  private static final Set<String> SINGLE = Set.of("MSH", "EVN", "PID", "PD1", "PV1", "PV2");
  private final V2Message message;
  private final Set<Place> read = new HashSet<>();

  /** A 0 stands for all that is below. */
  private record Place(int segment, int field, int repetition, int component, int subcomponent) {}

  V2Marks(V2Message message) {
    this.message = message;
  }

  /** The message that is marked. */
  V2Message message() {
    return message;
  }

  Separators separators() {
    return message.separators();
  }

  void read(V2Segment segment, int field, int repetition, int component, int subcomponent) {
    read.add(new Place(segment.position(), field, repetition, component, subcomponent));
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

  private boolean isRead(int segment, int field, int repetition, int component, int sub) {
    return read.contains(new Place(segment, field, repetition, component, sub))
        || read.contains(new Place(segment, field, repetition, component, 0))
        || read.contains(new Place(segment, field, repetition, 0, 0))
        || read.contains(new Place(segment, field, 0, 0, 0))
        || read.contains(new Place(segment, 0, 0, 0, 0));
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
        List<String> missed = new ArrayList<>();
        if (!unreadParts(segment, field, missed)) {
          missed = missed.isEmpty() ? missed : List.of(path(segment, field, 0, 0, 0));
        }
        for (String path : missed) {
          notes.add(
              new CoverageNote(
                  CoverageNote.Kind.UNREAD, path, "No rule reads this; it is left out."));
        }
      }
    }
    return notes;
  }

  /** Lists the unread parts of a field and tells whether any other part was read. */
  private boolean unreadParts(V2Segment segment, int field, List<String> missed) {
    boolean anyRead = false;
    int repetition = 0;
    for (V2Value value : segment.field(field).repetitions()) {
      repetition++;
      int component = 0;
      for (V2Value part : value.components()) {
        component++;
        if (part.isEmpty()) {
          continue;
        }
        int subcomponents = subcomponents(part);
        for (int sub = 1; sub <= subcomponents; sub++) {
          if (subcomponents > 1 && part.subcomponent(sub).isEmpty()) {
            continue;
          }
          if (isRead(segment.position(), field, repetition, component, sub)) {
            anyRead = true;
          } else {
            int named = subcomponents > 1 ? sub : 0;
            missed.add(path(segment, field, repetition, component, named));
          }
        }
      }
    }
    return anyRead;
  }

  private int subcomponents(V2Value part) {
    int count = 1;
    String raw = part.raw();
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == separators().subcomponent()) {
        count++;
      }
    }
    return count;
  }
}
