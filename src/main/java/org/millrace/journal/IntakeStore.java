package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.millrace.hl7.V2Header;

/** Takes messages and questions in. Thread-safe. */
public final class IntakeStore {
  /** Senders start their control ids anew after a while; later ones are no surprise. */
  private static final Duration CONTROL_ID_WINDOW = Duration.ofDays(7);

  private static final String INSERT =
      """
      INSERT INTO message (kind, message_key, feed, sender, control_id, message_type, peer,
        received_at, state, reason_code, reason, remedy, who_acts, attempts, next_try_at, changed_at,
        content_hash, reply_state)
      VALUES (:kind, :key, :feed, :sender, :controlId, :type, :peer, :at, :state, :reasonCode,
        :reason, :remedy, :whoActs, 0, :at, :at, :hash, :replyState)
      ON CONFLICT (message_key) DO NOTHING RETURNING id""";

  private final JournalDatabase journal;
  private volatile Runnable whenStored = () -> {};

  IntakeStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Stores a message and puts it into the queue, unless the same one is there already.
   *
   * @return completes once it is on disk; with a JournalException if nothing was stored
   */
  public CompletableFuture<Stored> store(NewMessage message) {
    boolean newFeed = !journal.queue().knows(message.feed());
    CompletableFuture<Stored> stored =
        journal.write(
            handle -> {
              if (newFeed) {
                // In the same commit: a message whose feed is unknown after a crash could not be
                // read.
                QueueStore.declare(handle, message.feed());
              }
              return insert(handle, message);
            });
    return stored.whenComplete(
        (outcome, failure) -> {
          if (newFeed && failure == null) {
            journal.queue().declared(message.feed());
          }
          if (outcome instanceof Stored.Fresh) {
            whenStored.run();
          }
        });
  }

  /** Who is told, on the writer's thread, that something new waits; must be quick. */
  public void whenStored(Runnable listener) {
    whenStored = listener;
  }

  /** Notes what became of a reply, behind it: nobody waits for this. */
  public void reply(long id, ReplyState state) {
    journal.writeLater(
        handle ->
            handle.execute("UPDATE message SET reply_state = ? WHERE id = ?", state.name(), id));
  }

  /** Puts an answered question on record, behind the answer; counted if the journal is behind. */
  public void recordQuestion(Question question) {
    journal.writeLater(
        handle -> {
          Reason why = question.reason();
          long id =
              insertRow(
                      handle,
                      question.header(),
                      Optional.empty(),
                      new Row(
                          "QUESTION",
                          question.feed(),
                          question.peer(),
                          question.receivedAt(),
                          question.state(),
                          why,
                          "",
                          ReplyState.GIVEN))
                  .orElseThrow();
          content(handle, id, question.raw(), question.reply());
          return id;
        });
  }

  private Stored insert(Handle handle, NewMessage message) {
    V2Header header = message.header();
    String key = Digests.of(header.sender(), header.controlId(), message.contentHash());
    Optional<Long> fresh =
        insertRow(
            handle,
            header,
            Optional.of(key),
            new Row(
                "MESSAGE",
                message.feed().name(),
                message.peer(),
                message.receivedAt(),
                MessageState.QUEUED,
                Reason.NONE,
                message.contentHash(),
                ReplyState.OWED));
    if (fresh.isEmpty()) {
      return again(handle, key, message.receivedAt());
    }
    long id = fresh.get();
    content(handle, id, message.raw(), message.reply());
    noteUsedControlId(handle, id, message);
    return new Stored.Fresh(id);
  }

  private static Stored again(Handle handle, String key, Instant at) {
    Stored.Again first =
        handle
            .createQuery(
                "SELECT m.id, c.reply FROM message m JOIN message_content c ON c.message_id = m.id"
                    + " WHERE m.message_key = :key")
            .bind("key", key)
            .map((rs, ctx) -> new Stored.Again(rs.getLong(1), rs.getBytes(2)))
            .one();
    QueueStore.note(
        handle,
        first.id(),
        new Note(at, "received-again", "the same message came again and got the same reply"));
    return first;
  }

  private static void noteUsedControlId(Handle handle, long id, NewMessage message) {
    // The last one only, by the index: some senders use one control id for all they send.
    Instant since = message.receivedAt().minus(CONTROL_ID_WINDOW);
    handle
        .createQuery(
            "SELECT id, received_at FROM message WHERE control_id = :controlId"
                + " AND sender = :sender AND id < :id AND kind = 'MESSAGE'"
                + " ORDER BY id DESC LIMIT 1")
        .bind("controlId", message.header().controlId())
        .bind("sender", message.header().sender())
        .bind("id", id)
        .map((rs, ctx) -> Map.entry(rs.getLong(1), Instant.ofEpochMilli(rs.getLong(2))))
        .findOne()
        .filter(last -> !last.getValue().isBefore(since))
        .map(Map.Entry::getKey)
        .ifPresent(
            other ->
                QueueStore.note(
                    handle,
                    id,
                    new Note(
                        message.receivedAt(),
                        "control-id-used-again",
                        "MSH-10 was used by the same sender before, with other content, in message "
                            + other)));
  }

  private record Row(
      String kind,
      String feed,
      String peer,
      Instant at,
      MessageState state,
      Reason reason,
      String hash,
      ReplyState replyState) {}

  private static Optional<Long> insertRow(
      Handle handle, V2Header header, Optional<String> key, Row row) {
    return handle
        .createQuery(INSERT)
        .bind("kind", row.kind())
        .bind("key", key)
        .bind("feed", row.feed())
        .bind("sender", header.sender())
        .bind("controlId", header.controlId())
        .bind("type", header.type())
        .bind("peer", row.peer())
        .bind("at", row.at().toEpochMilli())
        .bind("state", row.state().name())
        .bind("reasonCode", row.reason().code())
        .bind("reason", row.reason().sentence())
        .bind("remedy", row.reason().remedy())
        .bind("whoActs", row.reason().whoActs())
        .bind("hash", row.hash())
        .bind("replyState", row.replyState().name())
        .mapTo(Long.class)
        .findOne();
  }

  private static void content(Handle handle, long id, byte[] raw, byte[] reply) {
    handle
        .createUpdate(
            "INSERT INTO message_content (message_id, raw, reply, report)"
                + " VALUES (:id, :raw, :reply, '')")
        .bind("id", id)
        .bind("raw", raw)
        .bind("reply", reply)
        .execute();
  }
}
