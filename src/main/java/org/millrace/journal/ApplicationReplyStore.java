package org.millrace.journal;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.millrace.hl7.AckMode;

/**
 * The application acknowledgments that senders in enhanced mode ask for: one row for each, written
 * in the commit that takes the message in, and a queue for those that are sent to an address.
 * Thread-safe.
 */
public final class ApplicationReplyStore {
  private static final String COLUMNS =
      "SELECT r.message_id, r.asked, r.address, r.state, r.reply, r.attempts, r.next_try_at,"
          + " r.last_error FROM application_reply r ";

  /** One that an address took is not owed again when the message is repeated. */
  private static final String ASK =
      """
      INSERT INTO application_reply
        (message_id, asked, address, state, reply, attempts, next_try_at, last_error)
      VALUES (?, ?, ?, 'OWED', ?, 0, 0, '')
      ON CONFLICT (message_id) DO UPDATE SET asked = excluded.asked, address = excluded.address,
        state = CASE WHEN application_reply.state = 'GIVEN' AND excluded.address <> ''
          AND application_reply.address = excluded.address THEN 'GIVEN' ELSE 'OWED' END\
      """;

  private static final String DUE =
      COLUMNS
          + "JOIN message m ON m.id = r.message_id WHERE r.state = 'OWED' AND r.address <> ''"
          + " AND r.address NOT IN (<without>) AND r.next_try_at <= :now AND NOT (m."
          + WaitingStore.WAITING
          + ") ORDER BY r.message_id LIMIT :limit";

  private final JournalDatabase journal;
  private final PreparedStore prepared = new PreparedStore();

  ApplicationReplyStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** In the commit that takes the message in, or knows it again. */
  void ask(Handle handle, long id, AskedReply asked) {
    prepared.run(handle, ASK, id, asked.when().name(), asked.address(), new byte[0]);
  }

  /**
   * Those that can be sent to their addresses now, their messages in order of arrival.
   *
   * @param without addresses for which nothing is wanted now: what is owed to one that takes
   *     nothing must not stand before what is owed to the others
   */
  public List<ApplicationReply> due(Collection<String> without, int limit) {
    // What is owed on a connection has no address, and is none of these.
    List<String> left = Stream.concat(Stream.of(""), without.stream()).toList();
    return journal.read(
        handle ->
            handle
                .createQuery(DUE)
                .bindList("without", left)
                .bind("now", journal.clock().millis())
                .bind("limit", limit)
                .map(row(journal.secrets()))
                .list());
  }

  /**
   * Takes one up to send it, so that no other engine does before the given time.
   *
   * @return completes with false if another engine has it
   */
  public CompletableFuture<Boolean> takeUp(ApplicationReply owed, Instant until) {
    return journal.write(
        handle ->
            handle.execute(
                    "UPDATE application_reply SET next_try_at = ? WHERE message_id = ?"
                        + " AND state = 'OWED' AND next_try_at = ?",
                    until.toEpochMilli(),
                    owed.messageId(),
                    owed.nextTryAt().toEpochMilli())
                == 1);
  }

  /** Its bytes are known; whatever is sent from now on is these. */
  public CompletableFuture<Integer> written(long id, byte[] reply) {
    byte[] sealed = journal.secrets().cipher().seal(id, SealedPlaces.APPLICATION_REPLY, reply);
    return journal.write(
        handle ->
            handle.execute(
                "UPDATE application_reply SET reply = ? WHERE message_id = ?", sealed, id));
  }

  /** It could not be sent to its address, and will be tried again. */
  public CompletableFuture<Integer> notSent(long id, String error, Instant nextTry) {
    return journal.write(
        handle ->
            handle.execute(
                "UPDATE application_reply SET attempts = attempts + 1, last_error = ?,"
                    + " next_try_at = ? WHERE message_id = ? AND state = 'OWED'",
                error,
                nextTry.toEpochMilli(),
                id));
  }

  /** What became of it at last, behind it. */
  public CompletableFuture<?> became(long id, ReplyState state, String error) {
    return journal.writeLater(
        handle ->
            handle.execute(
                "UPDATE application_reply SET state = ?, last_error = ? WHERE message_id = ?",
                state.name(),
                error,
                id));
  }

  /** The same with its bytes. */
  public CompletableFuture<?> became(long id, ReplyState state, byte[] reply) {
    byte[] sealed = journal.secrets().cipher().seal(id, SealedPlaces.APPLICATION_REPLY, reply);
    return journal.writeLater(
        handle ->
            handle.execute(
                "UPDATE application_reply SET state = ?, reply = ?, last_error = ''"
                    + " WHERE message_id = ?",
                state.name(),
                sealed,
                id));
  }

  /** How many wait to be sent to an address, their messages having come to an end. */
  public long unsent() {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT count(*) FROM application_reply r JOIN message m ON m.id = r.message_id"
                        + " WHERE r.state = 'OWED' AND r.address <> '' AND NOT (m."
                        + WaitingStore.WAITING
                        + ")")
                .mapTo(Long.class)
                .one());
  }

  /** That of a message; empty if its sender asked for none. */
  public Optional<ApplicationReply> of(long id) {
    return journal.read(handle -> of(handle, id, journal.secrets()));
  }

  static Optional<ApplicationReply> of(Handle handle, long id, JournalSecrets secrets) {
    return handle
        .createQuery(COLUMNS + "WHERE r.message_id = :id")
        .bind("id", id)
        .map(row(secrets))
        .findOne();
  }

  private static RowMapper<ApplicationReply> row(JournalSecrets secrets) {
    return (rs, ctx) -> {
      long id = rs.getLong(1);
      return new ApplicationReply(
          id,
          new AskedReply(AckMode.When.valueOf(rs.getString(2)), rs.getString(3)),
          ReplyState.valueOf(rs.getString(4)),
          secrets.cipher().open(id, SealedPlaces.APPLICATION_REPLY, rs.getBytes(5)),
          rs.getInt(6),
          Instant.ofEpochMilli(rs.getLong(7)),
          rs.getString(8));
    };
  }

  private record Row(long id, byte[] reply) {}

  /** Writes some replies anew; see {@link SealingStore}. */
  static List<Long> sealAnew(Handle handle, long after, int rows, ContentCipher cipher) {
    List<Row> found =
        handle
            .createQuery(
                "SELECT message_id, reply FROM application_reply WHERE message_id > :after"
                    + " ORDER BY message_id LIMIT :rows")
            .bind("after", after)
            .bind("rows", rows)
            .map((rs, ctx) -> new Row(rs.getLong(1), rs.getBytes(2)))
            .list();
    for (Row each : found) {
      if (each.reply().length > 0 && !cipher.isCurrent(each.reply())) {
        String place = SealedPlaces.APPLICATION_REPLY;
        handle.execute(
            "UPDATE application_reply SET reply = ? WHERE message_id = ? AND reply = ?",
            cipher.seal(each.id(), place, cipher.open(each.id(), place, each.reply())),
            each.id(),
            each.reply());
      }
    }
    return found.stream().map(Row::id).toList();
  }
}
