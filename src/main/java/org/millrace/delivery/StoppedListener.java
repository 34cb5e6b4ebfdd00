package org.millrace.delivery;

import org.millrace.journal.MessageState;
import org.millrace.journal.Reason;

/** Is told when a message, or delivery altogether, will not go on without a person. */
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

  /**
   * Messages wait for something that Cerner refuses us, by no fault of theirs; called once when it
   * begins, on the delivery thread.
   *
   * @param what {@code connection} for all that is asked of Cerner, else a permission: {@code
   *     Encounter.read}
   * @param reason what Cerner said, what to do about it, and who
   */
  default void paused(String what, Reason reason) {}

  /**
   * Cerner grants it again, and messages go on by themselves; called once.
   *
   * @param reason as {@link #paused} told it
   */
  default void restored(String what, Reason reason) {}
}
