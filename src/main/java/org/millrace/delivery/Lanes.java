package org.millrace.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
    private long taken;
    private boolean wantedAgain;
  }

  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<Long, String> laneOf = new HashMap<>();
  private final TreeSet<Head> heads =
      new TreeSet<>(Comparator.comparing(Head::due).thenComparing(Head::id));

  /**
   * Puts a message in its place; one that is there already gets the new due time. One that is taken
   * comes once more when it is done with: an operator may put it back before its worker has left.
   */
  void add(long id, String lane, Instant due) {
    String own = laneOf.getOrDefault(id, lane);
    Lane into = lanes.computeIfAbsent(own, name -> new Lane());
    hideHead(own, into);
    laneOf.put(id, own);
    into.waiting.put(id, due);
    into.wantedAgain |= into.busy && into.taken == id;
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
    lane.taken = head.id();
    lane.wantedAgain = false;
    return Optional.of(head.id());
  }

  /** Whether this message is being worked on. */
  boolean isTaken(long id) {
    String name = laneOf.get(id);
    if (name == null) {
      return false;
    }
    Lane lane = laneNamed(name);
    return lane.busy && lane.taken == id;
  }

  /** Takes a message out that is not being worked on, if it is there. */
  void remove(long id) {
    String name = laneOf.remove(id);
    if (name == null) {
      return;
    }
    Lane lane = laneNamed(name);
    hideHead(name, lane);
    lane.waiting.remove(id);
    if (lane.waiting.isEmpty()) {
      lanes.remove(name);
    } else {
      showHead(name, lane);
    }
  }

  /** A taken message is done with. */
  void leave(long id) {
    String name = laneOf.remove(id);
    if (name == null) {
      return;
    }
    Lane lane = laneNamed(name);
    lane.busy = false;
    if (lane.wantedAgain) {
      laneOf.put(id, name);
      showHead(name, lane);
      return;
    }
    lane.waiting.remove(id);
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
    lane.waiting.merge(
        id, due, (asked, later) -> lane.wantedAgain && asked.isBefore(later) ? asked : later);
    lane.busy = false;
    showHead(name, lane);
  }

  /** All that waits falls due so much earlier. */
  void earlier(Duration by) {
    heads.clear();
    lanes.forEach(
        (name, lane) -> {
          lane.waiting.replaceAll((id, due) -> due.minus(by));
          showHead(name, lane);
        });
  }

  /** When the next head falls due; empty if nothing waits that is not being worked on. */
  Optional<Instant> nextDue() {
    return heads.isEmpty() ? Optional.empty() : Optional.of(heads.first().due());
  }

  /**
   * Forgets what waits in these lanes; a message that is being worked on stays until it is done
   * with.
   */
  void drop(Predicate<String> lane) {
    for (String name : List.copyOf(lanes.keySet())) {
      if (lane.test(name)) {
        drop(name, laneNamed(name));
      }
    }
  }

  private void drop(String name, Lane lane) {
    hideHead(name, lane);
    List<Long> gone =
        lane.waiting.keySet().stream().filter(id -> !lane.busy || id != lane.taken).toList();
    lane.waiting.keySet().removeAll(gone);
    laneOf.keySet().removeAll(gone);
    lane.wantedAgain = false;
    if (lane.waiting.isEmpty()) {
      lanes.remove(name);
    }
  }

  /** The lanes in which a message is being worked on. */
  Stream<String> busy() {
    return lanes.entrySet().stream().filter(each -> each.getValue().busy).map(Map.Entry::getKey);
  }

  /** The lane of a message that is held. */
  String laneOf(long id) {
    String name = laneOf.get(id);
    if (name == null) {
      throw new IllegalStateException("message " + id + " is in no lane");
    }
    return name;
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
