package org.millrace.cerner;

import java.time.Instant;

/**
 * Something that is not asked of Cerner for now, because it would be in vain.
 *
 * @param what {@link #CONNECTION} for everything, else a permission: {@code Encounter.read}
 * @param fault what Cerner, the network or the token server said to the last call that was made
 * @param since when the pause began
 * @param until when one call may try again
 * @param probing whether that call is under way
 */
public record Pause(String what, Fault fault, Instant since, Instant until, boolean probing) {

  /** Stands for everything that is asked of Cerner. */
  public static final String CONNECTION = "connection";

  /** Whether nothing at all is asked. */
  public boolean ofAll() {
    return what.equals(CONNECTION);
  }

  /** Whether it ends only when a person has changed something. */
  public boolean needsPerson() {
    return fault.kind() == FaultKind.PERSON;
  }

  /**
   * Whether nothing may be tried at this moment, also not one call. A clock that was set back to
   * before it began does not prolong it.
   */
  public boolean holds(Instant now) {
    return probing || (now.isBefore(until) && !now.isBefore(since));
  }
}
