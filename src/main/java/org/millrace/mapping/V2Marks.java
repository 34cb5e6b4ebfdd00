package org.millrace.mapping;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Path;
import org.millrace.hl7.V2Segment;

/** What was read of a message in one run, and so what was not. Not thread-safe. */
final class V2Marks {
  private final V2Message message;
  private final Separators separators;

  /** By the segment's position. */
  private final @Nullable SegmentMarks[] segments;

  V2Marks(V2Message message) {
    this.message = message;
    this.separators = message.separators();
    this.segments = new SegmentMarks[message.segments().size()];
  }

  /** The message that is marked. */
  V2Message message() {
    return message;
  }

  /** The marks of a segment of this message. */
  SegmentMarks of(V2Segment segment) {
    SegmentMarks marks = segments[segment.position()];
    if (marks == null) {
      marks = new SegmentMarks(segment, separators);
      segments[segment.position()] = marks;
    }
    return marks;
  }

  /** Marks what a path names, {@code OBX[3]-5} or {@code OBX[3]-5[2].5}, with all below it. */
  void readPath(String path) {
    V2Path parsed;
    try {
      parsed = V2Path.parse(path);
    } catch (IllegalArgumentException e) {
      return;
    }
    List<V2Segment> all = message.all(parsed.segment());
    int occurrence = Math.max(1, parsed.occurrence());
    if (occurrence <= all.size()) {
      of(all.get(occurrence - 1))
          .read(parsed.field(), parsed.repetition(), parsed.component(), parsed.subcomponent());
    }
  }

  /** The path of a whole field. */
  String path(V2Segment segment, int field) {
    return of(segment).path(field, 0, 0, 0);
  }

  /** One note for each valued field, or part of one, that no rule read. */
  List<CoverageNote> unread() {
    List<CoverageNote> notes = new ArrayList<>();
    for (V2Segment segment : message.segments()) {
      of(segment).unread(notes);
    }
    return notes;
  }
}
