package org.millrace.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

/** Cuts a message into the groups of its message file, in linear time and whatever their order. */
final class Grouping {
  private Grouping() {}

  /**
   * One group.
   *
   * @param segments from its start to the next group, in message order
   * @param before the segments before it, in message order
   */
  record Cut(List<V2Segment> segments, List<V2Segment> before) {
    V2Segment head() {
      return segments.get(0);
    }

    /** The first of that name in the group, else the nearest one before it. */
    Optional<V2Segment> find(String name) {
      for (V2Segment segment : segments) {
        if (segment.name().equals(name)) {
          return Optional.of(segment);
        }
      }
      for (int i = before.size() - 1; i >= 0; i--) {
        if (before.get(i).name().equals(name)) {
          return Optional.of(before.get(i));
        }
      }
      return Optional.empty();
    }
  }

  static List<Cut> cut(V2Message message, MessageMap.Bounds bounds) {
    List<V2Segment> all = message.segments();
    List<Cut> cuts = new ArrayList<>();
    int start = -1;
    int end = -1;
    for (int i = 0; i < all.size(); i++) {
      String name = all.get(i).name();
      if (name.equals(bounds.startsAt())) {
        if (start >= 0) {
          cuts.add(new Cut(all.subList(start, end >= 0 ? end : i), all.subList(0, start)));
        }
        start = i;
        end = -1;
      } else if (end < 0 && (name.equals(bounds.ledBy()) || name.equals(bounds.belongsTo()))) {
        end = i;
      }
    }
    if (start >= 0) {
      cuts.add(new Cut(all.subList(start, end >= 0 ? end : all.size()), all.subList(0, start)));
    }
    return cuts;
  }
}
