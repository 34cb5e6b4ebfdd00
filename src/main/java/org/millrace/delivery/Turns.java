package org.millrace.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.millrace.journal.MessageState;
import org.millrace.journal.Standing;
import org.millrace.journal.TurnStore;

/**
 * The messages that wait behind others, and which. Those that wait until a person acts stand here
 * and nowhere else, so that their lanes go on; the others keep their place in their lane. Not
 * thread-safe.
 */
final class Turns {
  /** More workers than that do not look for their turn at one time. */
  private static final int ENDINGS = 1_000;

  /**
   * A message that waits.
   *
   * @param behind whose end lets it look again
   * @param person whether that takes a person
   * @param aside whether it has left its lane
   */
  record Waiter(long id, String sender, String lane, long behind, boolean person, boolean aside) {

    /** Whether it is to look again, now that what it waits for stands there. */
    boolean looksAgain(Standing other) {
      if (person && !aside) {
        // Its lane waits behind a stopped message, and this one is taken up again.
        return !other.state().stopped();
      }
      boolean stuck =
          other.state() == MessageState.HELD || other.reason().code().equals(TurnStore.BEHIND_HELD);
      return other.state().finished() || (stuck && !person);
    }
  }

  private final Map<Long, Waiter> waiters = new HashMap<>();
  private final Map<Long, List<Long>> behind = new LinkedHashMap<>();
  private final Map<String, Integer> asideOf = new HashMap<>();

  private final Map<Long, Long> endings =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > ENDINGS;
        }
      };

  private long ended;

  /** Before a worker looks for its turn: what ends after that, it may have seen or not. */
  long now() {
    return ended;
  }

  /**
   * A message waits.
   *
   * @param looked when it looked for its turn
   * @return false if what it waits for has ended since: it must look again
   */
  boolean await(Waiter waiter, long looked) {
    Long at = endings.get(waiter.behind());
    if (at != null && at > looked) {
      return false;
    }
    forget(waiter.id());
    waiters.put(waiter.id(), waiter);
    behind.computeIfAbsent(waiter.behind(), any -> new ArrayList<>()).add(waiter.id());
    if (waiter.aside()) {
      asideOf.merge(waiter.sender(), 1, Integer::sum);
    }
    return true;
  }

  /** This message has come to an end, or waits differently: who waited for it looks again. */
  List<Waiter> ended(long id) {
    ended++;
    endings.remove(id);
    endings.put(id, ended);
    List<Long> freed = behind.getOrDefault(id, List.of());
    return List.copyOf(freed).stream().map(this::forget).flatMap(Optional::stream).toList();
  }

  /** It does not wait here any more. */
  Optional<Waiter> forget(long id) {
    Waiter waiter = waiters.remove(id);
    if (waiter == null) {
      return Optional.empty();
    }
    List<Long> others = behind.getOrDefault(waiter.behind(), List.of());
    others.remove(id);
    if (others.isEmpty()) {
      behind.remove(waiter.behind());
    }
    if (waiter.aside()) {
      asideOf.compute(waiter.sender(), (sender, count) -> less(count));
    }
    return Optional.of(waiter);
  }

  private static @Nullable Integer less(@Nullable Integer count) {
    return count == null || count <= 1 ? null : Integer.valueOf(count - 1);
  }

  /** Forgets those of these lanes. */
  void drop(Predicate<String> lane) {
    List.copyOf(waiters.values()).stream()
        .filter(waiter -> lane.test(waiter.lane()))
        .forEach(waiter -> forget(waiter.id()));
  }

  /**
   * Some of the messages that others wait for; with each call the next ones, in a circle. Other
   * engines may end them.
   */
  List<Long> waitedFor(int limit) {
    List<Long> some = behind.keySet().stream().limit(limit).toList();
    if (some.size() == limit) {
      for (Long each : some) {
        List<Long> moved = behind.remove(each);
        if (moved != null) {
          behind.put(each, moved);
        }
      }
    }
    return some;
  }

  /**
   * Another engine may have moved this message: who need not wait for it any more looks again.
   *
   * @param standing empty if it is gone
   */
  List<Waiter> moved(long id, Optional<Standing> standing) {
    return List.copyOf(behind.getOrDefault(id, List.of())).stream()
        .map(waiters::get)
        .filter(waiter -> waiter != null)
        .filter(waiter -> standing.filter(other -> !waiter.looksAgain(other)).isEmpty())
        .map(waiter -> forget(waiter.id()))
        .flatMap(Optional::stream)
        .toList();
  }

  /** How many of a sender have left their lanes. */
  int aside(String sender) {
    return asideOf.getOrDefault(sender, 0);
  }

  boolean holds(long id) {
    return waiters.containsKey(id);
  }
}
