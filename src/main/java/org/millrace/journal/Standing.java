package org.millrace.journal;

/**
 * Where a message stands.
 *
 * @param reason why, where there is something to say
 */
public record Standing(long id, MessageState state, Reason reason) {

  /** True when nothing will happen to it by itself any more. */
  public boolean settled() {
    return !state.waiting() && state != MessageState.RECEIVED;
  }
}
