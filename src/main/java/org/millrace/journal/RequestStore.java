package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
      "SELECT id, verb, message_id, who, why, asked_at, outcome, details, not_before"
          + " FROM operator_request ";

  /** What is told of a request that no engine has taken yet. */
  public static final String NOT_TAKEN =
      "asked; no engine has taken the request yet, one will when it runs";

  private static final Duration POLL = Duration.ofMillis(100);

  private final JournalDatabase journal;

  RequestStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Leaves a request that needs no details.
   *
   * @return completes with the request's id once it is on disk
   */
  public CompletableFuture<Long> ask(String verb, long messageId, String who, String why) {
    return ask(NewRequest.of(verb, messageId, who, why));
  }

  /**
   * Leaves a request.
   *
   * @return completes with the request's id once it is on disk
   */
  public CompletableFuture<Long> ask(NewRequest request) {
    return journal.write(prepared(request)::insert);
  }

  /**
   * Leaves several, all in one commit or none.
   *
   * @return completes with their ids, in this order, once they are on disk
   */
  public CompletableFuture<List<Long>> askAll(List<NewRequest> requests) {
    List<Sealed> all = requests.stream().map(this::prepared).toList();
    return journal.write(handle -> all.stream().map(each -> each.insert(handle)).toList());
  }

  private Sealed prepared(NewRequest request) {
    long message = request.messageId();
    long at = journal.clock().millis();
    ContentCipher cipher = journal.secrets().cipher();
    return new Sealed(
        request,
        at,
        cipher.sealText(message, SealedPlaces.request(at), request.why()),
        cipher.sealText(
            message, SealedPlaces.requestDetails(at), DetailsJson.write(request.details())),
        cipher.seal(message, SealedPlaces.REQUEST_CONTENT, request.content()),
        journal.audit());
  }

  /** A request as it is stored. */
  private record Sealed(
      NewRequest request, long at, String why, String details, byte[] content, AuditStore audit) {

    /** Stores it, and that it was asked for. */
    long insert(Handle handle) {
      long message = request.messageId();
      long id =
          handle
              .createQuery(
                  "INSERT INTO operator_request (verb, message_id, who, why, asked_at, done_at,"
                      + " outcome, details, not_before) VALUES (:verb, :message, :who, :why, :at,"
                      + " 0, '', :details, :notBefore) RETURNING id")
              .bind("verb", request.verb())
              .bind("message", message)
              .bind("who", request.who())
              .bind("why", why)
              .bind("at", at)
              .bind("details", details)
              .bind("notBefore", request.notBefore().toEpochMilli())
              .mapTo(Long.class)
              .one();
      audit.append(
          handle,
          AuditEvent.of(
              Instant.ofEpochMilli(at),
              request.verb(),
              request.actor(),
              "message " + message,
              Map.of("request", String.valueOf(id), "why", request.why())));
      if (content.length > 0) {
        handle.execute(
            "INSERT INTO operator_request_content (request_id, message_id, raw)"
                + " VALUES (?, ?, ?)",
            id,
            message,
            content);
      }
      return id;
    }
  }

  /** Those that may be carried out now and that nobody has carried out yet, oldest first. */
  public List<OperatorRequest> open() {
    return journal.read(
        handle ->
            handle
                .createQuery(COLUMNS + "WHERE done_at = 0 AND not_before <= :now ORDER BY id")
                .bind("now", journal.clock().millis())
                .map(row(journal.secrets()))
                .list());
  }

  /**
   * Waits for what the engine says to a request: {@code refused: …} if it does not do it.
   *
   * @return empty if no engine took it within the time
   */
  public Optional<String> outcome(long requestId, Duration within) throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (true) {
      Optional<OperatorRequest> found = find(requestId);
      if (found.isPresent() && !found.get().waiting()) {
        return Optional.of(found.get().outcome());
      }
      if (System.nanoTime() > until) {
        return Optional.empty();
      }
      Thread.sleep(POLL.toMillis());
    }
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

  /** Those of these that there are, by their ids. */
  public List<OperatorRequest> find(Collection<Long> requests) {
    return requests.isEmpty()
        ? List.of()
        : journal.read(
            handle ->
                handle
                    .createQuery(COLUMNS + "WHERE id IN (<ids>) ORDER BY id")
                    .bindList("ids", List.copyOf(requests))
                    .map(row(journal.secrets()))
                    .list());
  }

  /** The message that came with a request, until that is carried out; empty if none did. */
  public Optional<byte[]> content(OperatorRequest request) {
    return journal.read(
        handle ->
            handle
                .createQuery("SELECT raw FROM operator_request_content WHERE request_id = :id")
                .bind("id", request.id())
                .map(
                    (rs, ctx) ->
                        journal
                            .secrets()
                            .cipher()
                            .open(
                                request.messageId(), SealedPlaces.REQUEST_CONTENT, rs.getBytes(1)))
                .findOne());
  }

  /** Records what came of a request that changed nothing. */
  public CompletableFuture<Integer> done(long requestId, String outcome) {
    return journal.writeDelivery(0, handle -> done(handle, requestId, outcome, now()));
  }

  /** Whether nobody has carried it out yet. */
  static boolean isOpen(Handle handle, long requestId) {
    return handle
            .createQuery("SELECT count(*) FROM operator_request WHERE id = :id AND done_at = 0")
            .bind("id", requestId)
            .mapTo(Long.class)
            .one()
        == 1;
  }

  /** The same in a commit with what came of it. */
  static int done(Handle handle, long requestId, String outcome, long now) {
    handle.execute("DELETE FROM operator_request_content WHERE request_id = ?", requestId);
    return handle.execute(
        "UPDATE operator_request SET done_at = ?, outcome = ? WHERE id = ? AND done_at = 0",
        now,
        outcome,
        requestId);
  }

  private long now() {
    return Math.max(1, journal.clock().millis());
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
      ContentCipher cipher = secrets.cipher();
      return new OperatorRequest(
          rs.getLong(1),
          rs.getString(2),
          message,
          rs.getString(4),
          cipher.openText(message, SealedPlaces.request(at), rs.getString(5)),
          DetailsJson.read(
              cipher.openText(message, SealedPlaces.requestDetails(at), rs.getString(8))),
          Instant.ofEpochMilli(at),
          Instant.ofEpochMilli(rs.getLong(9)),
          rs.getString(7));
    };
  }
}
