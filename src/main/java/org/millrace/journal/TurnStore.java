package org.millrace.journal;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Tells whether it is a message's turn: of the messages of one sender that carry one report number,
 * the earlier one goes first, in whatever lane it is. Thread-safe.
 *
 * <p>The answer is right once all earlier messages of the sender that wait were looked into: their
 * numbers are on record then, whichever engine has them.
 */
public final class TurnStore {
  /** The reason of a message that waits, in the end, for a person. */
  public static final String BEHIND_HELD = "behind-held";

  /** The reason of one that waits for what goes on by itself. */
  public static final String BEHIND_EARLIER = "behind-earlier";

  private static final String NOT_DONE = "('QUEUED', 'SENDING', 'RETRYING', 'HELD')";

  /** By the partial index, whose rows are those of messages that are not done with. */
  private static final String EARLIER =
      "(SELECT o.message_id FROM business_key o JOIN message m ON m.id = o.message_id"
          + " WHERE o.kind = b.kind AND o.key = b.key AND o.open = 1 AND o.message_id < :id"
          + " AND m.sender = :sender AND m.state IN "
          // Engines of the version before end a message without closing its numbers.
          + NOT_DONE
          + " ORDER BY o.message_id %s LIMIT 1)";

  static final String OF_REPORT =
      "SELECT "
          + String.format(EARLIER, "DESC")
          + ", "
          + String.format(EARLIER, "ASC")
          + " FROM business_key b WHERE b.message_id = :id AND b.open = 1";

  static final String IN_LANE =
      "SELECT min(id) FROM message WHERE state IN ('HELD', 'REFUSED') AND id < :id"
          + " AND lane = (SELECT lane FROM message WHERE id = :id)";

  private final JournalDatabase journal;

  TurnStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * What a message waits behind.
   *
   * @param message whose end is to be waited for: of several the last one before it, so that each
   *     end lets one message go and not all of them
   * @param cause the one to be named: if a person must act, the message that they must act on
   * @param causeState where that one stands
   * @param person whether this ends only when a person acts
   * @param lane whether it is the lane that waits, and not a report
   */
  public record Behind(
      long message, long cause, MessageState causeState, boolean person, boolean lane) {}

  /**
   * A message that may be delivered, as it is read when a worker comes to it.
   *
   * @param behind what it waits behind; empty if it is its turn
   * @param ledger the changes that it has asked for so far
   */
  public record Turn(QueuedMessage message, Optional<Behind> behind, List<LedgerRow> ledger) {
    public Turn {
      ledger = List.copyOf(ledger);
    }
  }

  /**
   * All that is to be known before a message is delivered, through one connection: each look at a
   * journal that has changed since costs SQLite what it had in memory.
   *
   * @return empty if there is no such message, or it does not wait to be delivered
   */
  public Optional<Turn> of(long id) {
    return journal.readAtOnce(
        handle ->
            journal
                .queue()
                .find(handle, id)
                .filter(message -> message.state().waiting())
                .map(
                    message ->
                        new Turn(
                            message,
                            behind(handle, message),
                            LedgerStore.rows(handle, id, journal.secrets()))));
  }

  private static Optional<Behind> behind(Handle handle, QueuedMessage message) {
    FeedSettings.Held held = message.feed().settings().ordering().held();
    if (held == FeedSettings.Held.PASS) {
      return Optional.empty();
    }
    return (held == FeedSettings.Held.BLOCK
            ? inLane(handle, message.id())
            : Optional.<Behind>empty())
        .or(() -> ofReport(handle, message));
  }

  private static Optional<Behind> inLane(Handle handle, long id) {
    return handle
        .createQuery(IN_LANE)
        .bind("id", id)
        .mapTo(Long.class)
        .findOne()
        .flatMap(stopped -> stand(handle, stopped))
        .map(stopped -> new Behind(stopped.id(), stopped.id(), stopped.state(), true, true));
  }

  private record Earlier(long last, long first) {}

  private static Optional<Behind> ofReport(Handle handle, QueuedMessage message) {
    List<Earlier> found =
        handle
            .createQuery(OF_REPORT)
            .bind("id", message.id())
            .bind("sender", message.sender())
            .map((rs, ctx) -> new Earlier(rs.getLong(1), rs.getLong(2)))
            .list();
    long last = found.stream().mapToLong(Earlier::last).max().orElse(0);
    if (last == 0) {
      return Optional.empty();
    }
    return stand(handle, last)
        .map(
            before ->
                before.waitsForPerson()
                    ? forPerson(handle, before, found)
                    : new Behind(last, last, before.state(), false, false));
  }

  private static Behind forPerson(Handle handle, Stand before, List<Earlier> found) {
    Stand cause =
        found.stream()
            .filter(each -> each.first() != 0)
            .flatMap(each -> stand(handle, each.first()).stream())
            .filter(each -> each.state() == MessageState.HELD)
            .findFirst()
            .orElse(before);
    return new Behind(before.id(), cause.id(), cause.state(), true, false);
  }

  private record Stand(long id, MessageState state, String reason) {
    boolean waitsForPerson() {
      return state == MessageState.HELD || reason.equals(BEHIND_HELD);
    }
  }

  private static Optional<Stand> stand(Handle handle, long id) {
    return handle
        .createQuery("SELECT id, state, reason_code FROM message WHERE id = :id")
        .bind("id", id)
        .map(
            (rs, ctx) ->
                new Stand(rs.getLong(1), MessageState.valueOf(rs.getString(2)), rs.getString(3)))
        .findOne();
  }
}
