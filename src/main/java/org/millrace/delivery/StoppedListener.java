package org.millrace.delivery;

import org.millrace.journal.MessageState;
import org.millrace.journal.Reason;

/** Is told when a message will not go on without a person. */
@FunctionalInterface
public interface StoppedListener {

  /**
   * Called after it is on disk, on a delivery thread; should be quick and must not throw. Nothing
   * in it is patient data.
   *
   * @param state HELD or REFUSED
   * @param reason why, what to do about it, and who
   */
  void stopped(long messageId, String feed, MessageState state, Reason reason);
}
