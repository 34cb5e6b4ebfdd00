package org.millrace.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.millrace.journal.Standing;

/**
 * What an engine has before it: the messages in their lanes, and those that wait behind others. Not
 * thread-safe.
 */
final class WaitingLine {
  private final Lanes lanes = new Lanes();
  private final Turns turns = new Turns();

  /** What becomes of a message that was taken. */
  sealed interface After {
    /** Nothing is left to do by ourselves. */
    record Done() implements After {}

    /** It stays where it is, and holds up its lane. */
    record Again(Instant due) implements After {}

    /**
     * It is not its turn.
     *
     * @param message whose end it waits for
     * @param person whether that takes a person
     * @param aside whether its lane goes on meanwhile
     * @param due when it looks again in any case
     */
    record Behind(long message, boolean person, boolean aside, Instant due) implements After {}
  }

  /** Takes a message in, unless it is there. */
  void meet(long id, String sender, String lane, Instant due) {
    if (!lanes.holds(id) && !turns.holds(id)) {
      lanes.add(id, sender, lane, due);
    }
  }

  /** Puts a message in its place, whatever it waited for. */
  void put(long id, String sender, String lane, Instant due) {
    turns.forget(id);
    lanes.add(id, sender, lane, due);
    wake(id, due);
  }

  /** The next one that is due; until it is {@link #settle settled}, its lane is busy. */
  Optional<Long> take(Instant now) {
    Optional<Long> next = lanes.take(now);
    next.ifPresent(turns::forget);
    return next;
  }

  /** A taken message goes back to its place: it is not worked on now. */
  void putBack(long id, Instant due) {
    lanes.again(id, due);
  }

  /** A taken message is not ours any more. */
  void giveUp(long id) {
    lanes.leave(id);
  }

  /** When a worker begins: see {@link #settle}. */
  long now() {
    return turns.now();
  }

  /**
   * A worker is done with a message.
   *
   * @param began what {@link #now} said before
   */
  void settle(long id, After after, long began, Instant now) {
    if (after instanceof After.Behind behind) {
      await(id, behind, began, now);
    } else if (after instanceof After.Again again) {
      lanes.again(id, again.due());
    } else {
      lanes.leave(id);
      wake(id, now);
    }
  }

  private void await(long id, After.Behind behind, long began, Instant now) {
    String sender = lanes.senderOf(id);
    String lane = lanes.laneOf(id);
    Turns.Waiter waiter =
        new Turns.Waiter(id, sender, lane, behind.message(), behind.person(), behind.aside());
    if (!turns.await(waiter, began)) {
      lanes.again(id, now);
    } else if (behind.aside()) {
      lanes.leave(id);
      // Who keeps its place behind this one need not any more.
      wake(id, now);
    } else {
      lanes.again(id, behind.due());
    }
  }

  /** See {@link Lanes#isTaken}. */
  boolean isTaken(long id) {
    return lanes.isTaken(id);
  }

  /** Takes a message out that is not being worked on: an operator ended it. */
  void remove(long id, Instant now) {
    turns.forget(id);
    lanes.remove(id);
    wake(id, now);
  }

  private void wake(long id, Instant now) {
    takeIn(turns.ended(id), now);
  }

  private void takeIn(List<Turns.Waiter> waiters, Instant now) {
    waiters.forEach(each -> lanes.add(each.id(), each.sender(), each.lane(), now));
  }

  /** See {@link Turns#waitedFor}. */
  List<Long> waitedFor(int limit) {
    return turns.waitedFor(limit);
  }

  /** See {@link Turns#moved}. */
  void moved(long id, Optional<Standing> standing, Instant now) {
    takeIn(turns.moved(id, standing), now);
  }

  /** See {@link Lanes#earlier}. */
  void earlier(Duration by) {
    lanes.earlier(by);
  }

  /** See {@link Lanes#nextDue}. */
  Optional<Instant> nextDue() {
    return lanes.nextDue();
  }

  /** Forgets what waits in these lanes. */
  void drop(Predicate<String> lane) {
    lanes.drop(lane);
    turns.drop(lane);
  }

  /** See {@link Lanes#busy}. */
  Stream<String> busy() {
    return lanes.busy();
  }

  /** See {@link Lanes#laneOf}. */
  String laneOf(long id) {
    return lanes.laneOf(id);
  }

  /** How many messages of a sender there are, in lanes and aside. */
  int size(String sender) {
    return lanes.size(sender) + turns.aside(sender);
  }
}
