package org.millrace.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * What operators ask of the engine: left here by whoever asks, in whatever process, and carried out
 * by the engine. Thread-safe.
 */
public final class RequestStore {
  private static final String COLUMNS =
      "SELECT id, verb, message_id, who, why, asked_at, outcome FROM operator_request ";
  private static final RowMapper<OperatorRequest> ROW =
      (rs, ctx) ->
          new OperatorRequest(
              rs.getLong(1),
              rs.getString(2),
              rs.getLong(3),
              rs.getString(4),
              rs.getString(5),
              Instant.ofEpochMilli(rs.getLong(6)),
              rs.getString(7));

  private final JournalDatabase journal;

  RequestStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Leaves a request.
   *
   * @param verb {@code retry}, {@code retry-mended} or {@code correct}
   * @param who asks, as the system knows them
   * @param why in their words
   * @return completes with the request's id once it is on disk
   */
  public CompletableFuture<Long> ask(String verb, long messageId, String who, String why) {
    return journal.write(
        handle ->
            handle
                .createQuery(
                    "INSERT INTO operator_request (verb, message_id, who, why, asked_at, done_at,"
                        + " outcome) VALUES (:verb, :message, :who, :why, :at, 0, '') RETURNING id")
                .bind("verb", verb)
                .bind("message", messageId)
                .bind("who", who)
                .bind("why", why)
                .bind("at", journal.clock().millis())
                .mapTo(Long.class)
                .one());
  }

  /** Those that nobody has carried out yet, oldest first. */
  public List<OperatorRequest> open() {
    return journal.read(
        handle -> handle.createQuery(COLUMNS + "WHERE done_at = 0 ORDER BY id").map(ROW).list());
  }

  public Optional<OperatorRequest> find(long requestId) {
    return journal.read(
        handle ->
            handle
                .createQuery(COLUMNS + "WHERE id = :id")
                .bind("id", requestId)
                .map(ROW)
                .findOne());
  }

  /** Records what came of a request. */
  public CompletableFuture<Integer> done(long requestId, String outcome) {
    return journal.writeDelivery(
        0,
        handle ->
            handle.execute(
                "UPDATE operator_request SET done_at = ?, outcome = ?"
                    + " WHERE id = ? AND done_at = 0",
                Math.max(1, journal.clock().millis()),
                outcome,
                requestId));
  }

  static List<OperatorRequest> of(Handle handle, long messageId) {
    return handle
        .createQuery(COLUMNS + "WHERE message_id = :id ORDER BY id")
        .bind("id", messageId)
        .map(ROW)
        .list();
  }
}
