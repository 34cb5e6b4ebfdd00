package org.millrace.journal;

import java.time.Instant;

/**
 * What an operator has paused: its messages are taken and stored, and not delivered.
 *
 * @param name of a feed its name, of a lane its key
 * @param who paused it
 * @param why in their words; may be a patient's
 */
public record DeliveryPause(Kind kind, String name, String who, String why, Instant since) {

  /** What can be paused. */
  public enum Kind {
    FEED,
    LANE
  }

  /** Whether it holds a message of this feed and lane. */
  boolean holds(String feed, String lane) {
    return name.equals(kind == Kind.FEED ? feed : lane);
  }

  /** Without the operator's words. */
  @Override
  public String toString() {
    return kind + " paused by " + who + " since " + since;
  }
}
