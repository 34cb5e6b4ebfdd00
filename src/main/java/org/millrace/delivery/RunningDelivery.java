package org.millrace.delivery;

import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What operators' verbs must know of the delivery that runs, and tell it. Only for the thread that
 * hands messages out, so that no message is taken up meanwhile.
 */
final class RunningDelivery {
  private final ReentrantLock gate;
  private final WaitingLine line;
  private final UpstreamPauses pauses;
  private final FirstLook look;
  private final LookAhead ahead;
  private final Clock clock;
  private final Runnable wake;

  /**
   * What waits.
   *
   * @param gate guards the line
   * @param pauses that hold some of it back
   */
  record Waiting(ReentrantLock gate, WaitingLine line, UpstreamPauses pauses) {}

  /**
   * @param wake has looked for what is new
   */
  RunningDelivery(Waiting waiting, FirstLook look, LookAhead ahead, Clock clock, Runnable wake) {
    this.gate = waiting.gate();
    this.line = waiting.line();
    this.pauses = waiting.pauses();
    this.look = look;
    this.ahead = ahead;
    this.clock = clock;
    this.wake = wake;
  }

  /** A message's lane; the engine that has it carries out what is asked of the message. */
  String laneOf(long id) {
    return look.laneOf(id);
  }

  /** Whether a worker has it, or has just had it. */
  boolean isUnderWay(long id) {
    gate.lock();
    try {
      return line.isTaken(id);
    } finally {
      gate.unlock();
    }
  }

  /** It waits again; one beyond what was read is found later. */
  void requeued(long id, String sender) {
    if (ahead.willFind(id, sender)) {
      return;
    }
    String lane = look.laneOf(id);
    gate.lock();
    try {
      line.put(id, sender, lane, clock.instant());
    } finally {
      gate.unlock();
    }
  }

  /** There is a new message in the journal. */
  void made() {
    wake.run();
  }

  /** It waits no longer; its lane goes on, and so does what waited behind it. */
  void ended(long id) {
    pauses.ended(id);
    gate.lock();
    try {
      line.remove(id, clock.instant());
    } finally {
      gate.unlock();
    }
  }
}
