package org.millrace.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Finds messages whose time is over, and removes them. Only what nothing will happen to any more is
 * removed: never what waits, is held, has an open request of an operator, a create whose outcome is
 * not known, or an application acknowledgment that its address has not taken. Stateless.
 */
final class RetentionStore {
  private static final int PAGE = 500;

  /**
   * A refused message may be mended and retried, so its content is kept as long as the rest of it;
   * a refused question may not.
   */
  private static final String CONTENT_MAY_GO =
      "(state IN ('DELIVERED', 'FILTERED', 'DISCARDED') OR (state = 'REFUSED' AND kind = 'QUESTION'))";

  private static final String ALL_MAY_GO =
      "state IN ('DELIVERED', 'FILTERED', 'REFUSED', 'DISCARDED')";

  /** Locks the row where that is needed, and changes nothing. */
  private static final String CLAIM =
      "UPDATE message SET changed_at = changed_at WHERE id = ? AND changed_at <= ?"
          + " AND NOT EXISTS (SELECT 1 FROM operator_request r WHERE r.done_at = 0"
          + " AND r.message_id = message.id)"
          + " AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.message_id = message.id"
          + " AND l.state IN ('SENT', 'UNKNOWN', 'TO_CORRECT', 'CORRECTING'))"
          + " AND NOT EXISTS (SELECT 1 FROM application_reply a WHERE a.message_id = message.id"
          + " AND a.state = 'OWED' AND a.address <> '') AND ";

  /** What is on record about a message, those first that others refer to last. */
  private static final List<String> OF_MESSAGE =
      List.of(
          "note",
          "ledger",
          "business_key",
          "asked_create",
          "query_answer",
          "cerner_call",
          "operator_request_content",
          "operator_request",
          "message_origin",
          "application_reply");

  private RetentionStore() {}

  /** A message whose time may be over, and how long its content is, in bytes. */
  record Due(long id, long changedAt, long size) {}

  /**
   * Some rows of a walk through the messages, oldest first.
   *
   * @param due those whose time is over
   * @param last how far it goes
   * @param end whether nothing older than the shortest time is left behind it
   */
  record Page(List<Due> due, long last, boolean end) {}

  private record Row(long id, String feed, long receivedAt, Due due) {}

  /**
   * The times of all feeds that are known now: another engine on the same journal may have one
   * since.
   *
   * @param open those of this engine
   */
  static RetentionRules rules(Handle handle, Retention otherwise, List<Feed> open) {
    List<Feed> feeds = new ArrayList<>(QueueStore.feedsOnRecord(handle));
    feeds.addAll(open);
    return RetentionRules.of(otherwise, feeds);
  }

  /**
   * @param rules by the name of a feed
   * @param shortest no feed keeps contents for less
   */
  static Page contentsDue(
      Handle handle, long after, long now, Function<String, Retention> rules, Duration shortest) {
    String sql =
        "SELECT m.id, m.feed, m.received_at, m.changed_at, length(c.raw), CASE WHEN "
            + CONTENT_MAY_GO
            + " THEN 1 ELSE 0 END FROM message_content c JOIN message m ON m.id = c.message_id"
            + " WHERE c.message_id > :after ORDER BY c.message_id LIMIT :rows";
    return page(handle, sql, after, now, feed -> rules.apply(feed).content(), shortest);
  }

  /** The same for whole messages. */
  static Page messagesDue(
      Handle handle, long after, long now, Function<String, Retention> rules, Duration shortest) {
    String sql =
        "SELECT id, feed, received_at, changed_at, 0, CASE WHEN "
            + ALL_MAY_GO
            + " THEN 1 ELSE 0 END FROM message WHERE id > :after ORDER BY id LIMIT :rows";
    return page(handle, sql, after, now, feed -> rules.apply(feed).metadata(), shortest);
  }

  private static Page page(
      Handle handle,
      String sql,
      long after,
      long now,
      Function<String, Duration> keep,
      Duration shortest) {
    List<Row> rows =
        handle
            .createQuery(sql)
            .bind("after", after)
            .bind("rows", PAGE)
            .map(
                (rs, ctx) ->
                    new Row(
                        rs.getLong(1),
                        rs.getString(2),
                        rs.getLong(3),
                        new Due(
                            rs.getLong(1),
                            rs.getInt(6) == 1 ? rs.getLong(4) : Long.MAX_VALUE,
                            rs.getLong(5))))
            .list();
    List<Due> due =
        rows.stream()
            .filter(row -> row.due().changedAt() <= now - keep.apply(row.feed()).toMillis())
            .map(Row::due)
            .toList();
    boolean end = rows.size() < PAGE || rows.get(PAGE - 1).receivedAt() > now - shortest.toMillis();
    return new Page(due, rows.isEmpty() ? after : rows.get(rows.size() - 1).id(), end);
  }

  /** How many contents were removed; those of messages that were taken up since stay. */
  static int removeContents(Handle handle, List<Due> due) {
    int removed = 0;
    for (Due each : due) {
      if (handle.execute(CLAIM + CONTENT_MAY_GO, each.id(), each.changedAt()) == 1) {
        removed += removeContent(handle, each.id());
      }
    }
    return removed;
  }

  private static int removeContent(Handle handle, long id) {
    handle.execute("DELETE FROM cerner_call_content WHERE message_id = ?", id);
    handle.execute("DELETE FROM unknown_code WHERE message_id = ?", id);
    handle.execute(
        "UPDATE ledger SET cerner_text = '' WHERE message_id = ? AND cerner_text <> ''", id);
    handle.execute("UPDATE application_reply SET reply = ? WHERE message_id = ?", new byte[0], id);
    return handle.execute("DELETE FROM message_content WHERE message_id = ?", id);
  }

  /** How many messages were removed, with all that is on record about them. */
  static int removeMessages(Handle handle, List<Due> due) {
    int removed = 0;
    for (Due each : due) {
      if (handle.execute(CLAIM + ALL_MAY_GO, each.id(), each.changedAt()) == 1) {
        removeContent(handle, each.id());
        for (String table : OF_MESSAGE) {
          handle.execute("DELETE FROM " + table + " WHERE message_id = ?", each.id());
        }
        removed += handle.execute("DELETE FROM message WHERE id = ?", each.id());
      }
    }
    return removed;
  }
}
