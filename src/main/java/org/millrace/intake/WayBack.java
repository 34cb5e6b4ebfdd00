package org.millrace.intake;

import java.util.function.Consumer;

/**
 * The connection that a message came on, for what its sender is told after the first reply.
 * Thread-safe.
 */
@FunctionalInterface
public interface WayBack {

  /**
   * Writes a reply behind all that is written already, without waiting for it.
   *
   * @param told true once the connection took the reply, false if it was broken; on another thread
   */
  void send(byte[] reply, Consumer<Boolean> told);
}
