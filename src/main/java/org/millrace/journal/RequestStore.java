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
    long at = journal.clock().millis();
    String words = journal.secrets().cipher().sealText(messageId, SealedPlaces.request(at), why);
    return journal.write(
        handle ->
            handle
                .createQuery(
                    "INSERT INTO operator_request (verb, message_id, who, why, asked_at, done_at,"
                        + " outcome) VALUES (:verb, :message, :who, :why, :at, 0, '') RETURNING id")
                .bind("verb", verb)
                .bind("message", messageId)
                .bind("who", who)
                .bind("why", words)
                .bind("at", at)
                .mapTo(Long.class)
                .one());
  }

  /** Those that nobody has carried out yet, oldest first. */
  public List<OperatorRequest> open() {
    return journal.read(
        handle ->
            handle
                .createQuery(COLUMNS + "WHERE done_at = 0 ORDER BY id")
                .map(row(journal.secrets()))
                .list());
  }

  public Optional<OperatorRequest> find(long requestId) {
    return journal.read(
        handle ->
            handle
                .createQuery(COLUMNS + "WHERE id = :id")
                .bind("id", requestId)
                .map(row(journal.secrets()))
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

  static List<OperatorRequest> of(Handle handle, long messageId, JournalSecrets secrets) {
    return handle
        .createQuery(COLUMNS + "WHERE message_id = :id ORDER BY id")
        .bind("id", messageId)
        .map(row(secrets))
        .list();
  }

  private static RowMapper<OperatorRequest> row(JournalSecrets secrets) {
    return (rs, context) -> {
      long message = rs.getLong(3);
      long at = rs.getLong(6);
      return new OperatorRequest(
          rs.getLong(1),
          rs.getString(2),
          message,
          rs.getString(4),
          secrets.cipher().openText(message, SealedPlaces.request(at), rs.getString(5)),
          Instant.ofEpochMilli(at),
          rs.getString(7));
    };
  }
}
