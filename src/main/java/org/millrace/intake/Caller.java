package org.millrace.intake;

import java.util.Optional;

/**
 * Who hands a message in.
 *
 * @param peer address it came from, for the journal: {@code 10.1.2.3:40112}
 * @param ownThread it waits for its reply on a thread of its own; a caller on a thread that others
 *     need as well is kept waiting only as long as few are
 * @param back where what is to be told later can be sent; empty if there is one reply and no more
 * @param silent it takes no reply at all
 */
public record Caller(String peer, boolean ownThread, Optional<WayBack> back, boolean silent) {

  /** One that takes one reply. */
  public Caller(String peer, boolean ownThread) {
    this(peer, ownThread, Optional.empty(), false);
  }
}
