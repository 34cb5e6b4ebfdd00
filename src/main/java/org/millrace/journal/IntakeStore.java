package org.millrace.journal;

import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.millrace.hl7.V2Header;

/** Takes messages and questions in. Thread-safe. */
public final class IntakeStore {
  /** For how long a control id is remembered, unless told otherwise. */
  public static final Duration CONTROL_ID_WINDOW = Duration.ofDays(7);

  private static final String INSERT =
      """
      INSERT INTO message (kind, message_key, feed, sender, control_id, message_type, peer,
        received_at, state, reason_code, reason, remedy, who_acts, attempts, next_try_at, changed_at,
        content_hash, reply_state)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)
      ON CONFLICT (message_key) DO NOTHING RETURNING id\
      """;

  private static final String CONTENT =
      "INSERT INTO message_content (message_id, raw, reply, report) VALUES (?, ?, ?, '')";

  /** By the index, and the last one only: some senders use one control id for all they send. */
  private static final String SAME_CONTROL_ID =
      "SELECT id, received_at FROM message WHERE control_id = ? AND sender = ? AND id < ?"
          + " AND kind = 'MESSAGE' ORDER BY id DESC LIMIT 1";

  private static final String REPLY = "UPDATE message SET reply_state = ? WHERE id = ?";
  private static final String REPLY_TEXT =
      "UPDATE message_content SET reply = ? WHERE message_id = ?";

  private final JournalDatabase journal;
  private final SequenceStore sequences;
  private final PreparedStore prepared = new PreparedStore();
  private volatile Runnable whenStored = () -> {};
  private volatile Duration controlIdWindow = CONTROL_ID_WINDOW;

  IntakeStore(JournalDatabase journal) {
    this.journal = journal;
    this.sequences = new SequenceStore(journal);
  }

  /** Which sequence numbers are expected of senders. */
  public SequenceStore sequences() {
    return sequences;
  }

  /**
   * Stores a message and puts it into the queue, unless the same one is there already.
   *
   * @return completes once it is on disk; with a JournalException if nothing was stored
   */
  public CompletableFuture<Stored> store(NewMessage message) {
    boolean newFeed = !journal.queue().knows(message.feed());
    Sealable content = new Sealable(message);
    CompletableFuture<Stored> stored =
        journal.write(
            handle -> {
              if (newFeed) {
                // In the same commit: a message whose feed is unknown after a crash could not be
                // read.
                QueueStore.declare(handle, message.feed());
              }
              return insert(handle, message, content);
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

  /**
   * How long a control id is remembered: senders start theirs anew after a while, and later ones
   * are no surprise.
   */
  public void rememberControlIds(Duration window) {
    controlIdWindow = window;
  }

  /** Notes what became of a reply, behind it: nobody waits for this. */
  public void reply(long id, ReplyState state) {
    journal.writeLater(id, handle -> prepared.run(handle, REPLY, state.name(), id));
  }

  /** Notes the reply that is being given in place of what stood there, behind it. */
  public void replied(long id, byte[] reply) {
    byte[] sealed = cipher().seal(id, SealedPlaces.REPLY, reply);
    journal.writeLater(id, handle -> prepared.run(handle, REPLY_TEXT, sealed, id));
  }

  /**
   * Puts an answered question on record, behind the answer. Holds the calling thread back as {@link
   * AuditStore#record} does; what the journal does not take all the same is counted.
   */
  public void recordQuestion(Question question) {
    ContentCipher.Packed raw = cipher().packed(question.raw());
    ContentCipher.Packed reply = cipher().packed(question.reply());
    List<BusinessKeyStore.Row> numbers =
        journal.businessKeys().rows(BusinessKeys.of(question.raw()));
    journal.writeLater(
        handle -> {
          Reason why = question.reason();
          long id =
              insertRow(
                      handle,
                      MessageName.of(question.header()),
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
          content(handle, id, raw, reply);
          question.answer().ifPresent(answer -> journal.queries().insert(handle, id, answer));
          journal.businessKeys().ofQuestion(handle, id, numbers);
          return id;
        });
    journal.audit().record(AuditEvents.of(question));
  }

  /** Puts a create that an HTTP caller asked for into the queue, in the commit of its store. */
  long insert(Handle handle, AskedCreate create, ContentCipher.Packed resource, Instant now) {
    long id =
        insertRow(
                handle,
                new MessageName(create.sender(), create.requestId(), create.type()),
                Optional.empty(),
                new Row(
                    "MESSAGE",
                    create.feed().name(),
                    create.peer(),
                    now,
                    MessageState.QUEUED,
                    Reason.NONE,
                    journal.searchKeys().ofDigest("content", Digests.of(create.resource(), 0)),
                    ReplyState.NONE))
            .orElseThrow();
    content(handle, id, resource, cipher().packed(new byte[0]));
    return id;
  }

  /** What a store of its own put into the queue is on disk. */
  void tellStored() {
    whenStored.run();
  }

  /**
   * Puts a message that an operator made of another one into the queue. Nobody is owed a reply.
   *
   * @param again whether the very same may be there already
   * @return its number; empty if the same is there, and may not be
   */
  Optional<Long> insertMade(Handle handle, NewMessage message, boolean again) {
    Sealable content = new Sealable(message);
    Optional<Long> fresh =
        insertRow(
            handle,
            MessageName.of(message.header()),
            again ? Optional.empty() : Optional.of(content.key),
            new Row(
                "MESSAGE",
                message.feed().name(),
                message.peer(),
                message.receivedAt(),
                MessageState.QUEUED,
                Reason.NONE,
                content.contentHash,
                ReplyState.NONE));
    fresh.ifPresent(id -> content(handle, id, content.raw, content.reply));
    return fresh;
  }

  /** The number of the same message; of {@link #insertMade}. */
  Optional<Long> same(Handle handle, NewMessage message) {
    return first(handle, new Sealable(message).key).map(Stored.Again::id);
  }

  /** What is worked out on the caller's thread, because there is only one that writes. */
  private final class Sealable {
    private final String key;
    private final String contentHash;
    private final ContentCipher.Packed raw;
    private final ContentCipher.Packed reply;

    Sealable(NewMessage message) {
      SearchKeys keys = journal.searchKeys();
      V2Header header = message.header();
      key = keys.of("message", header.sender(), header.controlId(), message.contentHash());
      contentHash = keys.ofDigest("content", message.contentHash());
      raw = cipher().packed(message.raw());
      reply = cipher().packed(message.reply());
    }
  }

  private ContentCipher cipher() {
    return journal.secrets().cipher();
  }

  private Stored insert(Handle handle, NewMessage message, Sealable content) {
    if (message.terms().sequence().isEmpty()) {
      return insertAnyway(handle, message, content);
    }
    String sender = message.header().sender();
    long number = message.terms().sequence().getAsLong();
    long expected = sequences.expectedNow(handle, sender);
    boolean fits = SequenceStore.fits(expected, number);
    boolean repeated = number == expected - 1 && first(handle, content.key).isPresent();
    if (!fits && !repeated) {
      return new Stored.OutOfSequence(expected);
    }
    Stored stored = insertAnyway(handle, message, content);
    if (fits && !(stored instanceof Stored.Refused)) {
      sequences.expect(handle, sender, number + 1);
    }
    return stored;
  }

  private Stored insertAnyway(Handle handle, NewMessage message, Sealable content) {
    V2Header header = message.header();
    if (refusesReuse(message)) {
      // Before anything is written: a refused message leaves no trace.
      OptionalLong other = otherWithControlId(handle, Long.MAX_VALUE, message);
      if (other.isPresent() && first(handle, content.key).isEmpty()) {
        return new Stored.Refused(other.getAsLong());
      }
    }
    Optional<Long> fresh =
        insertRow(
            handle,
            MessageName.of(header),
            Optional.of(content.key),
            new Row(
                "MESSAGE",
                message.feed().name(),
                message.peer(),
                message.receivedAt(),
                MessageState.QUEUED,
                Reason.NONE,
                content.contentHash,
                message.terms().owed() ? ReplyState.OWED : ReplyState.NONE));
    if (fresh.isEmpty()) {
      return again(handle, content.key, message);
    }
    long id = fresh.get();
    content(handle, id, content.raw, content.reply);
    askApplicationReply(handle, id, message);
    return new Stored.Fresh(id, noteUsedControlId(handle, id, message));
  }

  private void askApplicationReply(Handle handle, long id, NewMessage message) {
    message
        .terms()
        .application()
        .ifPresent(asked -> journal.applicationReplies().ask(handle, id, asked));
  }

  private static boolean refusesReuse(NewMessage message) {
    return message.feed().settings().acceptance().reusedControlId()
        == FeedSettings.ReusedControlId.REFUSE;
  }

  private Optional<Stored.Again> first(Handle handle, String key) {
    return handle
        .createQuery(
            // Its content may be gone by now: it is the same message all the same.
            "SELECT m.id, c.reply FROM message m LEFT JOIN message_content c"
                + " ON c.message_id = m.id WHERE m.message_key = :key")
        .bind("key", key)
        .map(
            (rs, ctx) -> {
              long id = rs.getLong(1);
              byte[] reply = Optional.ofNullable(rs.getBytes(2)).orElseGet(() -> new byte[0]);
              return new Stored.Again(id, cipher().open(id, SealedPlaces.REPLY, reply));
            })
        .findOne();
  }

  private Stored again(Handle handle, String key, NewMessage message) {
    Stored.Again first = first(handle, key).orElseThrow();
    QueueStore.note(
        handle,
        first.id(),
        new Note(
            message.receivedAt(),
            "received-again",
            "the same message came again and got "
                + (message.feed().settings().acknowledging().mode()
                        == FeedSettings.Acknowledge.STORED
                    ? "the same reply"
                    : "what had come of it for a reply")),
        journal.secrets());
    askApplicationReply(handle, first.id(), message);
    return first;
  }

  private boolean noteUsedControlId(Handle handle, long id, NewMessage message) {
    OptionalLong other = otherWithControlId(handle, id, message);
    other.ifPresent(
        used ->
            QueueStore.note(
                handle,
                id,
                new Note(
                    message.receivedAt(),
                    "control-id-used-again",
                    "MSH-10 was used by the same sender before, with other content, in message "
                        + used),
                journal.secrets()));
    return other.isPresent();
  }

  private OptionalLong otherWithControlId(Handle handle, long before, NewMessage message) {
    long since = message.receivedAt().minus(controlIdWindow).toEpochMilli();
    return prepared.use(
        handle,
        SAME_CONTROL_ID,
        statement -> {
          PreparedStore.set(
              statement, message.header().controlId(), message.header().sender(), before);
          try (ResultSet last = statement.executeQuery()) {
            return last.next() && last.getLong(2) >= since
                ? OptionalLong.of(last.getLong(1))
                : OptionalLong.empty();
          }
        });
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

  private Optional<Long> insertRow(
      Handle handle, MessageName named, Optional<String> key, Row row) {
    long at = row.at().toEpochMilli();
    Reason reason = row.reason();
    return prepared.use(
        handle,
        INSERT,
        statement -> {
          PreparedStore.set(
              statement,
              row.kind(),
              key.orElse(null),
              row.feed(),
              named.sender(),
              named.controlId(),
              named.type(),
              row.peer(),
              at,
              row.state().name(),
              reason.code(),
              reason.sentence(),
              reason.remedy(),
              reason.whoActs(),
              at,
              at,
              row.hash(),
              row.replyState().name());
          try (ResultSet fresh = statement.executeQuery()) {
            return fresh.next() ? Optional.of(fresh.getLong(1)) : Optional.empty();
          }
        });
  }

  private void content(
      Handle handle, long id, ContentCipher.Packed raw, ContentCipher.Packed reply) {
    prepared.run(
        handle,
        CONTENT,
        id,
        cipher().seal(id, SealedPlaces.RAW, raw),
        cipher().seal(id, SealedPlaces.REPLY, reply));
  }
}
