package org.millrace.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What waits, in lanes: of each lane one message at a time, in order of arrival; a head that waits
 * for its retry holds up its own lane only. The sender of whom least is being worked on comes next,
 * and of several such each in its turn, whatever the number of their lanes: whose calls take long
 * keeps no more workers than the others leave. Of one sender, lanes come in the order their heads
 * fell due. Not thread-safe.
 */
final class Lanes {

  private record Head(Instant due, long id, String lane) {}

  private static final class Sender {
    private final TreeSet<Head> heads =
        new TreeSet<>(Comparator.comparing(Head::due).thenComparing(Head::id));
    private int messages;
    private int busy;

    boolean hasDue(Instant now) {
      return !heads.isEmpty() && !heads.first().due().isAfter(now);
    }
  }

  private static final class Lane {
    private final String sender;
    private final TreeMap<Long, Instant> waiting = new TreeMap<>();
    private boolean busy;
    private long taken;
    private boolean wantedAgain;

    Lane(String sender) {
      this.sender = sender;
    }
  }

  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<Long, String> laneOf = new HashMap<>();

  /** Whose turn comes first stands first. */
  private final Map<String, Sender> senders = new LinkedHashMap<>();

  /**
   * Puts a message in its place; one that is there already gets the new due time. One that is taken
   * comes once more when it is done with: an operator may put it back before its worker has left.
   */
  void add(long id, String sender, String lane, Instant due) {
    String own = laneOf.getOrDefault(id, lane);
    Lane into = lanes.computeIfAbsent(own, name -> new Lane(sender));
    hideHead(own, into);
    if (laneOf.put(id, own) == null) {
      senders.computeIfAbsent(into.sender, name -> new Sender()).messages++;
    }
    into.waiting.put(id, due);
    into.wantedAgain |= into.busy && into.taken == id;
    showHead(own, into);
  }

  /**
   * The next head that is due, its lane busy from now on until {@link #leave} or {@link #again}.
   */
  Optional<Long> take(Instant now) {
    return senders.entrySet().stream()
        .filter(each -> each.getValue().hasDue(now))
        .min(Comparator.comparingInt(each -> each.getValue().busy))
        .map(
            each -> {
              Sender next = each.getValue();
              // Behind all the others from now on.
              senders.remove(each.getKey());
              senders.put(each.getKey(), next);
              return take(next.heads.first());
            });
  }

  private long take(Head head) {
    Lane lane = laneNamed(head.lane());
    hideHead(head.lane(), lane);
    lane.busy = true;
    senderNamed(lane.sender).busy++;
    lane.taken = head.id();
    lane.wantedAgain = false;
    return head.id();
  }

  /** Whether it is being worked on. */
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
    String name = laneOf.get(id);
    if (name == null) {
      return;
    }
    Lane lane = laneNamed(name);
    hideHead(name, lane);
    lane.waiting.remove(id);
    forget(id, lane.sender);
    if (lane.waiting.isEmpty()) {
      lanes.remove(name);
    } else {
      showHead(name, lane);
    }
  }

  /** A taken message is done with. */
  void leave(long id) {
    String name = laneOf.get(id);
    if (name == null) {
      return;
    }
    Lane lane = laneNamed(name);
    noLongerBusy(lane);
    if (lane.wantedAgain) {
      showHead(name, lane);
      return;
    }
    lane.waiting.remove(id);
    forget(id, lane.sender);
    if (lane.waiting.isEmpty()) {
      lanes.remove(name);
    } else {
      showHead(name, lane);
    }
  }

  private void forget(long id, String sender) {
    laneOf.remove(id);
    Sender of = senderNamed(sender);
    of.messages--;
    if (of.messages == 0) {
      senders.remove(sender);
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
    noLongerBusy(lane);
    showHead(name, lane);
  }

  private void noLongerBusy(Lane lane) {
    if (lane.busy) {
      senderNamed(lane.sender).busy--;
    }
    lane.busy = false;
  }

  /** All that waits falls due so much earlier. */
  void earlier(Duration by) {
    senders.values().forEach(sender -> sender.heads.clear());
    lanes.forEach(
        (name, lane) -> {
          lane.waiting.replaceAll((id, due) -> due.minus(by));
          showHead(name, lane);
        });
  }

  /** When the next head falls due; empty if nothing waits that is not being worked on. */
  Optional<Instant> nextDue() {
    return senders.values().stream()
        .filter(sender -> !sender.heads.isEmpty())
        .map(sender -> sender.heads.first().due())
        .min(Comparator.naturalOrder());
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
    gone.forEach(id -> forget(id, lane.sender));
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

  /** The sender of a message that is held. */
  String senderOf(long id) {
    return laneNamed(laneOf(id)).sender;
  }

  boolean holds(long id) {
    return laneOf.containsKey(id);
  }

  int size() {
    return laneOf.size();
  }

  /** How many of one sender there are. */
  int size(String sender) {
    Sender known = senders.get(sender);
    return known == null ? 0 : known.messages;
  }

  private Lane laneNamed(String name) {
    Lane lane = lanes.get(name);
    if (lane == null) {
      throw new IllegalStateException("a lane is gone while a message stands in it");
    }
    return lane;
  }

  private Sender senderNamed(String name) {
    Sender sender = senders.get(name);
    if (sender == null) {
      throw new IllegalStateException("a sender is gone while a message of it waits");
    }
    return sender;
  }

  private void hideHead(String name, Lane lane) {
    if (!lane.busy && !lane.waiting.isEmpty()) {
      var first = lane.waiting.firstEntry();
      senderNamed(lane.sender).heads.remove(new Head(first.getValue(), first.getKey(), name));
    }
  }

  private void showHead(String name, Lane lane) {
    if (!lane.busy && !lane.waiting.isEmpty()) {
      var first = lane.waiting.firstEntry();
      senderNamed(lane.sender).heads.add(new Head(first.getValue(), first.getKey(), name));
    }
  }
}
