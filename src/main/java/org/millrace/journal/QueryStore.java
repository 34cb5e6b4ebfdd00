package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/**
 * Keeps what was answered to queries, and finds them by it. Thread-safe; finds in a journal open
 * for reading.
 */
public final class QueryStore {
  private static final String COLUMNS =
      "SELECT m.id, m.received_at, m.feed, m.sender, m.control_id, m.message_type, m.peer,"
          + " m.reason_code, m.reason, m.remedy, m.who_acts, m.reason_place, q.took, q.outcome,"
          + " q.ack_code, q.query_status, q.more"
          + " FROM query_answer q JOIN message m ON m.id = q.message_id WHERE 1 = 1";
  private static final RowMapper<AnsweredQuery> ROW =
      (rs, ctx) ->
          new AnsweredQuery(
              rs.getLong(1),
              Instant.ofEpochMilli(rs.getLong(2)),
              rs.getString(3),
              rs.getString(4),
              rs.getString(5),
              rs.getString(6),
              rs.getString(7),
              new Reason(
                  rs.getString(8),
                  rs.getString(9),
                  rs.getString(10),
                  rs.getString(11),
                  rs.getString(12)),
              new QueryAnswer(
                  took(rs.getLong(13)),
                  QueryAnswer.Outcome.valueOf(rs.getString(14)),
                  rs.getString(15),
                  rs.getString(16),
                  rs.getInt(17) == 1));

  private static final String INSERT =
      "INSERT INTO query_answer (message_id, took, outcome, ack_code, query_status, more)"
          + " VALUES (?, ?, ?, ?, ?, ?)";

  private final JournalDatabase journal;
  private final PreparedStore prepared = new PreparedStore();

  QueryStore(JournalDatabase journal) {
    this.journal = journal;
  }

  private static Optional<Duration> took(long millis) {
    return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  /** Puts what was answered beside its message, in the same commit. */
  void insert(Handle handle, long message, QueryAnswer answer) {
    prepared.run(
        handle,
        INSERT,
        message,
        answer.took().map(Duration::toMillis).orElse(-1L),
        answer.outcome().name(),
        answer.acknowledgment(),
        answer.status(),
        answer.more() ? 1 : 0);
  }

  /** The newest that pass the filter, newest first. */
  public List<AnsweredQuery> list(QueryFilter filter) {
    return list(filter, "", "DESC");
  }

  /** The newest of those with a number below this one, newest first. */
  public List<AnsweredQuery> below(long id, QueryFilter filter) {
    return list(filter, " AND q.message_id < " + id, "DESC");
  }

  /** The oldest of those with a number above this one, oldest first. */
  public List<AnsweredQuery> above(long id, QueryFilter filter) {
    return list(filter, " AND q.message_id > " + id, "ASC");
  }

  private List<AnsweredQuery> list(QueryFilter filter, String turn, String order) {
    return journal.read(handle -> query(handle, "", filter, turn, order).map(ROW).list());
  }

  /**
   * A listing. Whose sender or feed is asked for is found among messages, and all else among
   * answers: the planner goes by the column that it is to be in the order of.
   *
   * @param before what stands before the statement: {@code EXPLAIN QUERY PLAN}, or nothing
   */
  Query query(Handle handle, String before, QueryFilter filter, String turn, String order) {
    boolean ofMessages = filter.sender().isPresent() || filter.feed().isPresent();
    String sql =
        before
            + COLUMNS
            + where(filter)
            + turn
            + (" ORDER BY " + (ofMessages ? "m.id " : "q.message_id ") + order + " LIMIT :limit");
    return bound(handle, sql, filter).bind("limit", filter.limit());
  }

  private static String where(QueryFilter filter) {
    StringBuilder sql = new StringBuilder();
    filter.outcome().ifPresent(any -> sql.append(" AND q.outcome = :outcome"));
    filter.slower().ifPresent(any -> sql.append(" AND q.took >= :slower"));
    // The words of the indexes that have queries only.
    filter.feed().ifPresent(any -> sql.append(" AND m.kind = 'QUESTION' AND m.feed = :feed"));
    filter.sender().ifPresent(any -> sql.append(" AND m.kind = 'QUESTION' AND m.sender = :sender"));
    filter
        .since()
        .ifPresent(any -> sql.append(" AND q.message_id >= :first AND m.received_at >= :since"));
    filter
        .until()
        .ifPresent(any -> sql.append(" AND q.message_id <= :last AND m.received_at < :until"));
    return sql.toString();
  }

  private static Query bound(Handle handle, String sql, QueryFilter filter) {
    Query query = handle.createQuery(sql);
    filter.outcome().ifPresent(outcome -> query.bind("outcome", outcome.name()));
    filter.slower().ifPresent(time -> query.bind("slower", time.toMillis()));
    filter.feed().ifPresent(feed -> query.bind("feed", feed));
    filter.sender().ifPresent(sender -> query.bind("sender", sender));
    filter.since().ifPresent(since -> ArrivalStore.bindSince(handle, query, since));
    filter.until().ifPresent(until -> ArrivalStore.bindUntil(handle, query, until));
    return query;
  }
}
