package org.millrace.mllp;

import java.util.function.IntSupplier;

/** Is told what listeners turn away, on their threads; must be quick and never fail. */
public interface WireWatch {

  /** Nobody watches. */
  WireWatch NOBODY = fault -> {};

  void noted(WireFault fault);

  /**
   * A listener is open.
   *
   * @param connections how many connections it has
   */
  default void listening(int port, IntSupplier connections) {}
}
