package org.millrace.journal;

/** Whether the sender got its reply; told apart from what became of the message. */
public enum ReplyState {
  /** Stored with the message and not yet known to have left; after a crash it may have left. */
  OWED,
  /** Handed to the connection it came on. */
  GIVEN,
  /** The connection broke before the reply could be written. */
  NOT_HEARD,
  /** The sender asked for none. */
  NONE
}
