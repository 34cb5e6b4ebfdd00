package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

/** Cuts a message into the groups of its message file, in linear time and whatever their order. */
final class Grouping {
  private Grouping() {}

  /** Segments that belong together, and the message they are of. For one run, not thread-safe. */
  static final class Cut {
    private final V2Message message;
    private final List<V2Segment> segments;
    private final Map<String, V2Segment> firsts = new HashMap<>();

    /**
     * @param segments at least one, in message order
     */
    Cut(V2Message message, List<V2Segment> segments) {
      this.message = message;
      this.segments = segments;
      for (V2Segment segment : segments) {
        firsts.putIfAbsent(segment.name(), segment);
      }
    }

    List<V2Segment> segments() {
      return segments;
    }

    V2Segment head() {
      return segments.get(0);
    }

    /** The first of that name in the group, else the nearest one before it. */
    Optional<V2Segment> find(String name) {
      V2Segment own = firsts.get(name);
      return own != null ? Optional.of(own) : before(name);
    }

    private Optional<V2Segment> before(String name) {
      List<V2Segment> all = message.all(name);
      if (all.isEmpty()) {
        return Optional.empty();
      }
      int low = 0;
      int high = all.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (all.get(middle).position() < head().position()) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low == 0 ? Optional.empty() : Optional.of(all.get(low - 1));
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
          cuts.add(new Cut(message, all.subList(start, end >= 0 ? end : i)));
        }
        start = i;
        end = -1;
      } else if (end < 0 && (name.equals(bounds.ledBy()) || name.equals(bounds.belongsTo()))) {
        end = i;
      }
    }
    if (start >= 0) {
      cuts.add(new Cut(message, all.subList(start, end >= 0 ? end : all.size())));
    }
    return cuts;
  }

  /**
   * A part of a group that makes resources of its own.
   *
   * @param forEach the segment it starts at; empty for what stands outside every such part
   */
  record Slice(String forEach, Cut cut) {}

  /**
   * Cuts a group where its entries say {@code for-each}: a slice goes from its first segment over
   * those that its entries name, up to the next slice or a segment of the group itself. What stands
   * outside comes first, segments that an entry's condition keeps from starting one among it.
   *
   * @param starts whether a segment of a for-each starts a slice
   */
  static List<Slice> slices(
      V2Message message, Cut cut, MessageMap.Group group, Predicate<V2Segment> starts) {
    Map<String, Set<String>> inside = group.sliced();
    List<V2Segment> outside = new ArrayList<>();
    List<List<V2Segment>> found = new ArrayList<>();
    String current = "";
    for (V2Segment segment : cut.segments()) {
      String name = segment.name();
      if (inside.containsKey(name) && !starts.test(segment)) {
        outside.add(segment);
        current = "";
      } else if (inside.containsKey(name)) {
        current = name;
        found.add(new ArrayList<>(List.of(segment)));
      } else if (!current.isEmpty() && inside.getOrDefault(current, Set.of()).contains(name)) {
        found.get(found.size() - 1).add(segment);
      } else {
        outside.add(segment);
        current = group.unsliced().contains(name) ? "" : current;
      }
    }
    List<Slice> slices = new ArrayList<>();
    if (!outside.isEmpty()) {
      slices.add(new Slice("", new Cut(message, outside)));
    }
    for (List<V2Segment> segments : found) {
      slices.add(new Slice(segments.get(0).name(), new Cut(message, segments)));
    }
    return slices;
  }
}
