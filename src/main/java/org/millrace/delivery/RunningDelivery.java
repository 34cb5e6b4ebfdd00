package org.millrace.delivery;

import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What operators' verbs must know of the delivery that runs, and tell it. Only for the thread that
 * hands messages out, so that no message is taken up meanwhile.
 */
final class RunningDelivery {
  private final ReentrantLock gate;
  private final Lanes lanes;
  private final Worker worker;
  private final LongSupplier loadedTo;
  private final Clock clock;
  private final Runnable wake;

  /**
   * @param gate guards the lanes
   * @param loadedTo the last message that the lanes were filled with
   * @param wake has looked for what is new
   */
  RunningDelivery(
      ReentrantLock gate,
      Lanes lanes,
      Worker worker,
      LongSupplier loadedTo,
      Clock clock,
      Runnable wake) {
    this.gate = gate;
    this.lanes = lanes;
    this.worker = worker;
    this.loadedTo = loadedTo;
    this.clock = clock;
    this.wake = wake;
  }

  /** A message's lane; the engine that has it carries out what is asked of the message. */
  String laneOf(long id) {
    return worker.findLane(id);
  }

  /** Whether a worker has it, or has just had it. */
  boolean isUnderWay(long id) {
    gate.lock();
    try {
      return lanes.isTaken(id);
    } finally {
      gate.unlock();
    }
  }

  /** It waits again; one beyond the window is found when that moves. */
  void requeued(long id) {
    if (id > loadedTo.getAsLong()) {
      return;
    }
    String lane = worker.findLane(id);
    gate.lock();
    try {
      lanes.add(id, lane, clock.instant());
    } finally {
      gate.unlock();
    }
  }

  /** There is a new message in the journal. */
  void made() {
    wake.run();
  }

  /** It waits no longer, and its lane goes on. */
  void ended(long id) {
    gate.lock();
    try {
      lanes.remove(id);
    } finally {
      gate.unlock();
    }
  }
}
