package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Takes elements out of one resource. Elements of lists keep their numbers until {@link #close}, so
 * that what is said of the others meanwhile is true of the resource as it was mapped. Not
 * thread-safe.
 */
final class TargetCuts {
  private final Map<JsonNode, Cut> lists = new IdentityHashMap<>();

  /** What goes out of one list. */
  private record Cut(TargetSpot owner, String name, BitSet gone) {}

  /** Takes an element out, and what is left empty above it. */
  void remove(TargetSpot spot) {
    Optional<TargetSpot> up = spot.up();
    if (up.isEmpty() || !(up.get().json() instanceof ObjectNode owner)) {
      return;
    }
    if (spot.index() >= 0 && owner.path(spot.name()) instanceof ArrayNode list) {
      Cut cut = lists.computeIfAbsent(list, name -> new Cut(up.get(), spot.name(), new BitSet()));
      cut.gone.set(spot.index());
      blank(list, spot.index());
      if (owner.path("_" + spot.name()) instanceof ArrayNode beside) {
        blank(beside, spot.index());
      }
      if (cut.gone.cardinality() < list.size()) {
        return;
      }
    }
    owner.remove(spot.name());
    owner.remove("_" + spot.name());
    if (owner.isEmpty()) {
      remove(up.get());
    }
  }

  private static void blank(ArrayNode list, int index) {
    if (index < list.size()) {
      list.setNull(index);
    }
  }

  /**
   * Closes the gaps in lists.
   *
   * @return by the path of a list as it was: what number each of its elements has now
   */
  Map<String, int[]> close() {
    Map<String, int[]> moved = new HashMap<>();
    lists.forEach(
        (list, cut) -> {
          if (cut.owner.json() instanceof ObjectNode owner && owner.path(cut.name) == list) {
            String path = cut.owner.path() + "." + cut.name;
            moved.put(path, closed((ArrayNode) list, cut.gone));
            if (owner.path("_" + cut.name) instanceof ArrayNode beside) {
              moved.put(cut.owner.path() + "._" + cut.name, closed(beside, cut.gone));
            }
          }
        });
    return moved;
  }

  private static int[] closed(ArrayNode list, BitSet gone) {
    int[] numbers = new int[list.size()];
    ArrayNode left = list.arrayNode();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = left.size();
      if (!gone.get(i)) {
        left.add(list.get(i));
      }
    }
    list.removeAll();
    list.addAll(left);
    return numbers;
  }
}
