package org.millrace.journal;

import java.time.Instant;

/**
 * What a listener turned away or could not read.
 *
 * @param kind as in the metrics: {@code too-long}
 * @param port the listener's
 * @param peer address and port of the sender
 * @param detail what more there is to say, without patient data; empty if nothing
 * @param times how often of this kind from this address since it was last told; of bytes between
 *     frames, how many
 * @param bytes the last of what could not be read; patient data as a rule. Empty if there are none
 */
public record TurnedAway(
    Instant at, String kind, int port, String peer, String detail, long times, byte[] bytes) {

  /** Without the bytes. */
  @Override
  public String toString() {
    return kind + " at port " + port + " from " + peer + ", " + times + " times";
  }
}
