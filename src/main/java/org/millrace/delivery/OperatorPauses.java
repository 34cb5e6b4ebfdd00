package org.millrace.delivery;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps from being delivered what operators have paused, feeds and lanes. Thread-safe.
 *
 * <p>What is paused leaves the lanes in memory, or is not loaded: however much of it piles up, the
 * others find room. Where a pause ends, the lanes are loaded anew.
 */
final class OperatorPauses {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorPauses.class);

  private final JournalDatabase journal;
  private volatile Set<DeliveryPause> inForce = Set.of();

  OperatorPauses(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Looks what is paused now.
   *
   * @param whenEnded is run if something was paused until now, and is no longer
   */
  void follow(Runnable whenEnded) {
    Set<DeliveryPause> now = Set.copyOf(journal.pauses().inForceWithoutWords());
    Set<DeliveryPause> ended = new HashSet<>(inForce);
    ended.removeAll(now);
    if (!now.equals(inForce)) {
      LOG.info("{} feeds and lanes are paused by operators", now.size());
    }
    inForce = now;
    if (!ended.isEmpty()) {
      whenEnded.run();
    }
  }

  /** How many of a kind are paused. */
  long count(DeliveryPause.Kind kind) {
    return inForce.stream().filter(pause -> pause.kind() == kind).count();
  }

  /** Which of these messages must wait. */
  Set<Long> held(Collection<Long> messages) {
    return inForce.isEmpty() ? Set.of() : journal.pauses().heldAmong(messages);
  }

  /**
   * Whether a message must wait.
   *
   * @param lane its own; the journal may not have it on record yet
   */
  boolean holds(long message, String lane) {
    return holdsLane(lane) || held(List.of(message)).contains(message);
  }

  boolean holdsLane(String lane) {
    return inForce.stream()
        .anyMatch(pause -> pause.kind() == DeliveryPause.Kind.LANE && pause.name().equals(lane));
  }

  /** As {@link #holds}, false also where the journal cannot be asked. */
  boolean surelyHolds(long message, String lane) {
    try {
      return holds(message, lane);
    } catch (JournalException down) {
      return false;
    }
  }
}
