package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a listing shows; an empty part asks for nothing.
 *
 * @param states any of these; all if empty
 * @param sender {@code MSH-3@MSH-4} as listed
 * @param since received at or after
 * @param limit at most so many, the newest ones
 */
public record MessageFilter(
    Set<MessageState> states,
    Optional<String> sender,
    Optional<String> controlId,
    Optional<Instant> since,
    int limit) {
  public MessageFilter {
    states = Set.copyOf(states);
  }

  /** The newest messages of any kind. */
  public static MessageFilter newest(int limit) {
    return new MessageFilter(Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), limit);
  }

  /** Those with this control id, of any sender. */
  public static MessageFilter withControlId(String controlId) {
    return new MessageFilter(
        Set.of(), Optional.empty(), Optional.of(controlId), Optional.empty(), 100);
  }

  /** The newest messages in one of these states. */
  public static MessageFilter inState(Set<MessageState> states, int limit) {
    return new MessageFilter(states, Optional.empty(), Optional.empty(), Optional.empty(), limit);
  }
}
