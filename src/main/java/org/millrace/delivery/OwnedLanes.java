package org.millrace.delivery;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.millrace.journal.LaneLeases;
import org.millrace.journal.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes that this engine delivers, as they were loaded into the line. Only for the thread that
 * hands messages out.
 */
final class OwnedLanes {
  private static final Logger LOG = LoggerFactory.getLogger(OwnedLanes.class);

  private final LaneLeases leases;
  private final ReentrantLock gate;
  private final WaitingLine line;

  /** What the lanes were loaded under. */
  private Map<Integer, Lease> owned = Map.of();

  /**
   * @param gate guards the line
   */
  OwnedLanes(LaneLeases leases, ReentrantLock gate, WaitingLine line) {
    this.leases = leases;
    this.gate = gate;
    this.line = line;
  }

  boolean isEmpty() {
    return owned.isEmpty();
  }

  /** Under which a message of this lane is worked on; empty if another engine has the lane. */
  Optional<Lease> lease(String lane) {
    return lease(owned, lane);
  }

  private static Optional<Lease> lease(Map<Integer, Lease> of, String lane) {
    return Optional.ofNullable(of.get(LaneLeases.slotOf(lane)));
  }

  /**
   * Drops the lanes that went to another engine.
   *
   * @return whether others came, which are to be loaded
   */
  boolean follow() {
    Map<Integer, Lease> now = leases.held();
    if (now.equals(owned)) {
      return false;
    }
    LOG.info("this engine delivers {} of {} slots of lanes", now.size(), LaneLeases.SLOTS);
    Map<Integer, Lease> before = owned;
    gate.lock();
    try {
      line.drop(lane -> !Objects.equals(lease(before, lane), lease(now, lane)));
      owned = now;
    } finally {
      gate.unlock();
    }
    return !before.entrySet().containsAll(now.entrySet());
  }

  /** What an engine that came later shall have: lanes in which nothing is under way. */
  void giveBackTooMuch() {
    int surplus = leases.surplus();
    if (surplus == 0) {
      return;
    }
    Set<Integer> given;
    gate.lock();
    try {
      Set<Integer> busy = line.busy().map(LaneLeases::slotOf).collect(Collectors.toSet());
      given =
          owned.keySet().stream()
              .filter(slot -> !busy.contains(slot))
              .limit(surplus)
              .collect(Collectors.toSet());
      line.drop(lane -> given.contains(LaneLeases.slotOf(lane)));
      Map<Integer, Lease> kept = new HashMap<>(owned);
      kept.keySet().removeAll(given);
      owned = Map.copyOf(kept);
    } finally {
      gate.unlock();
    }
    leases.release(given);
  }
}
