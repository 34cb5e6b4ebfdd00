package org.millrace.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * What waits for delivery, in order of arrival, a page at a time: of all senders, or of one whose
 * backlog is longer than what is looked ahead. Thread-safe.
 */
public final class WaitingStore {
  // Written out, not bound: a partial index is taken only when the planner sees the same words.
  static final String WAITING = "state IN ('QUEUED', 'SENDING', 'RETRYING')";

  static final String PAGE =
      "SELECT id, sender, CASE WHEN keyed = 1 THEN lane END,"
          // A clock that was set back since must not keep new messages waiting.
          + " CASE WHEN state = 'RETRYING' OR next_try_at < :now THEN next_try_at ELSE :now END"
          + " FROM message WHERE "
          + WAITING;

  /** From one sender to the next by the index, however many messages each has. */
  static final String SENDERS =
      "WITH RECURSIVE found (sender) AS (SELECT min(sender) FROM message WHERE "
          + WAITING
          + " UNION ALL SELECT (SELECT min(m.sender) FROM message m WHERE m."
          + WAITING
          + " AND m.sender > found.sender) FROM found WHERE found.sender IS NOT NULL)"
          + " SELECT sender FROM found WHERE sender IS NOT NULL";

  private final JournalDatabase journal;

  WaitingStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** Of all senders, after the given id. */
  public List<Waiting> after(long id, int limit) {
    return journal.read(
        handle -> {
          long complete = journal.completeUpTo(handle);
          return page(
              handle
                  .createQuery(PAGE + " AND id > :id AND id <= :to ORDER BY id LIMIT :limit")
                  .bind("id", id)
                  .bind("to", complete)
                  .bind("limit", limit));
        });
  }

  /** Of one sender, after an id and up to another. */
  public List<Waiting> of(String sender, long after, long upTo, int limit) {
    return journal.read(
        handle ->
            page(
                handle
                    .createQuery(
                        PAGE
                            + " AND sender = :sender AND id > :id AND id <= :to"
                            + " ORDER BY id LIMIT :limit")
                    .bind("sender", sender)
                    .bind("id", after)
                    .bind("to", upTo)
                    .bind("limit", limit)));
  }

  private List<Waiting> page(Query query) {
    return query
        .bind("now", journal.clock().millis())
        .map(
            (rs, ctx) ->
                new Waiting(
                    rs.getLong(1),
                    rs.getString(2),
                    Optional.ofNullable(rs.getString(3)),
                    Instant.ofEpochMilli(rs.getLong(4))))
        .list();
  }

  /**
   * The backlog at one moment.
   *
   * @param senders who has any
   * @param upTo the number of the newest message that can be in it
   */
  public record Backlog(List<String> senders, long upTo) {
    public Backlog {
      senders = List.copyOf(senders);
    }
  }

  /** What there is now; cheap, however much it is. */
  public Backlog backlog() {
    return journal.read(
        handle -> {
          // In this order: whoever comes later is above this number.
          long upTo = Math.min(journal.completeUpTo(handle), newest(handle));
          return new Backlog(handle.createQuery(SENDERS).mapTo(String.class).list(), upTo);
        });
  }

  private static long newest(Handle handle) {
    return handle
        .createQuery("SELECT COALESCE(max(id), 0) FROM message WHERE " + WAITING)
        .mapTo(Long.class)
        .one();
  }
}
