package org.millrace.journal;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which messages are meant; an empty part asks for nothing. Begins with {@link #any} and is
 * narrowed part by part.
 *
 * @param states any of these; all if empty
 * @param reasonCode why they are in their state, {@code no-such-patient}
 * @param sender {@code MSH-3@MSH-4} as listed
 * @param feed by the name of its route file
 * @param controlId MSH-10, of any sender
 * @param since received at or after
 * @param until received before
 * @param numbers it has all of these; in no text of this
 * @param deliverable only what was stored to be delivered, and no query
 * @param limit at most so many
 */
public record MessageFilter(
    Set<MessageState> states,
    Optional<String> reasonCode,
    Optional<String> sender,
    Optional<String> feed,
    Optional<String> controlId,
    Optional<Instant> since,
    Optional<Instant> until,
    Set<BusinessKey> numbers,
    boolean deliverable,
    int limit) {
  private static final int USUAL_LIMIT = 100;

  private static final MessageFilter ANY =
      new MessageFilter(
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          false,
          USUAL_LIMIT);

  public MessageFilter {
    states = Set.copyOf(states);
    numbers = Set.copyOf(numbers);
  }

  /** Messages of any kind, 100 at most. */
  public static MessageFilter any() {
    return ANY;
  }

  /** Only those in one of these states; all if there are none. */
  public MessageFilter in(Set<MessageState> only) {
    return new MessageFilter(
        only, reasonCode, sender, feed, controlId, since, until, numbers, deliverable, limit);
  }

  /** Only those that this is the matter with. */
  public MessageFilter because(String code) {
    return new MessageFilter(
        states,
        Optional.of(code),
        sender,
        feed,
        controlId,
        since,
        until,
        numbers,
        deliverable,
        limit);
  }

  /** Only those of {@code MSH-3@MSH-4}. */
  public MessageFilter ofSender(String only) {
    return new MessageFilter(
        states,
        reasonCode,
        Optional.of(only),
        feed,
        controlId,
        since,
        until,
        numbers,
        deliverable,
        limit);
  }

  /** Only those that came in by this feed. */
  public MessageFilter ofFeed(String only) {
    return new MessageFilter(
        states,
        reasonCode,
        sender,
        Optional.of(only),
        controlId,
        since,
        until,
        numbers,
        deliverable,
        limit);
  }

  /** Only those with this MSH-10. */
  public MessageFilter withControlId(String only) {
    return new MessageFilter(
        states,
        reasonCode,
        sender,
        feed,
        Optional.of(only),
        since,
        until,
        numbers,
        deliverable,
        limit);
  }

  /** Only those received at this moment or later. */
  public MessageFilter since(Instant from) {
    return new MessageFilter(
        states,
        reasonCode,
        sender,
        feed,
        controlId,
        Optional.of(from),
        until,
        numbers,
        deliverable,
        limit);
  }

  /** Only those received before this moment. */
  public MessageFilter until(Instant before) {
    return new MessageFilter(
        states,
        reasonCode,
        sender,
        feed,
        controlId,
        since,
        Optional.of(before),
        numbers,
        deliverable,
        limit);
  }

  /** Only what was stored to be delivered: a query was answered, and nothing more is done to it. */
  public MessageFilter forDelivery() {
    return new MessageFilter(
        states, reasonCode, sender, feed, controlId, since, until, numbers, true, limit);
  }

  /** Only those with this number, besides what was asked for before; as it was received. */
  public MessageFilter with(BusinessKey number) {
    Set<BusinessKey> all = new HashSet<>(numbers);
    all.add(number);
    return new MessageFilter(
        states, reasonCode, sender, feed, controlId, since, until, all, deliverable, limit);
  }

  /** No more than this. */
  public MessageFilter atMost(int most) {
    return new MessageFilter(
        states, reasonCode, sender, feed, controlId, since, until, numbers, deliverable, most);
  }
}
