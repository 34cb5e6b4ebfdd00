package org.millrace.journal;

import java.util.Optional;

/**
 * A list of messages that somebody has given a name.
 *
 * @param owner the account that has it to itself; empty for all who may look at messages
 * @param name as it was typed
 * @param filter states, reason, feed, sender and times; no number, which may be a patient's
 */
public record SavedView(long id, String owner, String name, MessageFilter filter) {
  private static final int LONGEST_NAME = 60;

  /** Whether it is for all. */
  public boolean shared() {
    return owner.isEmpty();
  }

  /** Why a view cannot have this name, in words; empty if it can. */
  public static Optional<String> faultOf(String name) {
    if (name.isBlank()) {
      return Optional.of("a view needs a name");
    }
    boolean fits = name.length() <= LONGEST_NAME && Printable.whole(name).equals(name);
    return fits
        ? Optional.empty()
        : Optional.of(
            "the name of a view has "
                + LONGEST_NAME
                + " characters at most, all of them printable");
  }

  /** The number only: the name is somebody's words. */
  @Override
  public String toString() {
    return "view " + id;
  }
}
