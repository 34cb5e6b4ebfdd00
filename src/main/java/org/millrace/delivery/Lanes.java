package org.millrace.delivery;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What waits, in lanes: of each lane one message at a time, in order of arrival; a head that waits
 * for its retry holds up its own lane only. Lanes are served in the order their heads fell due, so
 * that a busy one cannot starve the others. Not thread-safe.
 */
final class Lanes {

  private record Head(Instant due, long id, String lane) {}

  private static final class Lane {
    private final TreeMap<Long, Instant> waiting = new TreeMap<>();
    private boolean busy;
  }

  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<Long, String> laneOf = new HashMap<>();
  private final TreeSet<Head> heads =
      new TreeSet<>(Comparator.comparing(Head::due).thenComparing(Head::id));

  /** Puts a message in its place; one that is there already gets the new due time. */
  void add(long id, String lane, Instant due) {
    String own = laneOf.getOrDefault(id, lane);
    Lane into = lanes.computeIfAbsent(own, name -> new Lane());
    hideHead(own, into);
    laneOf.put(id, own);
    into.waiting.put(id, due);
    showHead(own, into);
  }

  /**
   * The next head that is due, its lane busy from now on until {@link #leave} or {@link #again}.
   */
  Optional<Long> take(Instant now) {
    if (heads.isEmpty() || heads.first().due().isAfter(now)) {
      return Optional.empty();
    }
    Head head = heads.first();
    Lane lane = laneNamed(head.lane());
    hideHead(head.lane(), lane);
    lane.busy = true;
    return Optional.of(head.id());
  }

  /** A taken message is done with. */
  void leave(long id) {
    String name = laneOf.remove(id);
    if (name == null) {
      return;
    }
    Lane lane = laneNamed(name);
    lane.waiting.remove(id);
    lane.busy = false;
    if (lane.waiting.isEmpty()) {
      lanes.remove(name);
    } else {
      showHead(name, lane);
    }
  }

  /** A taken message stays, to be tried again. */
  void again(long id, Instant due) {
    String name = laneOf.get(id);
    if (name == null) {
      throw new IllegalStateException("message " + id + " was not taken");
    }
    Lane lane = laneNamed(name);
    lane.waiting.put(id, due);
    lane.busy = false;
    showHead(name, lane);
  }

  /** When the next head falls due; empty if nothing waits that is not being worked on. */
  Optional<Instant> nextDue() {
    return heads.isEmpty() ? Optional.empty() : Optional.of(heads.first().due());
  }

  boolean holds(long id) {
    return laneOf.containsKey(id);
  }

  int size() {
    return laneOf.size();
  }

  private Lane laneNamed(String name) {
    Lane lane = lanes.get(name);
    if (lane == null) {
      throw new IllegalStateException("a lane is gone while a message stands in it");
    }
    return lane;
  }

  private void hideHead(String name, Lane lane) {
    if (!lane.busy && !lane.waiting.isEmpty()) {
      var first = lane.waiting.firstEntry();
      heads.remove(new Head(first.getValue(), first.getKey(), name));
    }
  }

  private void showHead(String name, Lane lane) {
    if (!lane.busy && !lane.waiting.isEmpty()) {
      var first = lane.waiting.firstEntry();
      heads.add(new Head(first.getValue(), first.getKey(), name));
    }
  }
}
