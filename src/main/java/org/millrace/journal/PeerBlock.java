package org.millrace.journal;

import java.time.Instant;

/**
 * That an operator lets no MLLP connection of an address in for a while.
 *
 * @param address as Java writes it, without a port
 * @param who blocked it
 * @param why in their words; may be a patient's
 */
public record PeerBlock(String address, String who, String why, Instant since, Instant until) {

  /** Without the operator's words. */
  @Override
  public String toString() {
    return address + " blocked by " + who + " until " + until;
  }
}
