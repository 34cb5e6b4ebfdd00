package org.millrace.journal;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes anew what is plain, or encrypted with an older key: row by row, in steps that a caller
 * commits as it likes. A walk may be broken off and begun again: what is as it should be is read
 * and left alone.
 *
 * <p>Other engines may write meanwhile, also by a walk of their own: a value is replaced only if it
 * is the one that was read. If it is not, who wrote it wrote it with the current key, for nobody
 * else has the journal open while another key is taken into use.
 */
final class SealingStore {
  private final ContentCipher cipher;
  private final SearchKeys searchKeys;
  private final List<Part> parts =
      List.of(
          this::messages,
          this::contents,
          this::notes,
          this::ledger,
          this::businessKeys,
          this::codes,
          this::calls,
          this::requests,
          this::requestDetails,
          this::edits,
          this::pauses,
          this::snoozes,
          this::blocks,
          this::views,
          this::wire,
          this::applicationReplies,
          this::continuations,
          this::audit,
          this::createRequests,
          this::askedCreates);

  SealingStore(JournalSecrets secrets) {
    this.cipher = secrets.cipher();
    this.searchKeys = secrets.searchKeys();
  }

  /** How far a walk came: the table, and the last row of it that was seen. */
  record Reached(int part, long row) {
    static final Reached NOTHING = new Reached(0, 0);
  }

  /** Rows of one table after the given one; empty at its end. */
  @FunctionalInterface
  private interface Part {
    List<Long> step(Handle handle, long after, int rows);
  }

  /**
   * Goes on for so many rows.
   *
   * @return how far it came; empty once everything was seen
   */
  Optional<Reached> step(Handle handle, Reached from, int rows) {
    List<Long> seen = parts.get(from.part()).step(handle, from.row(), rows);
    if (!seen.isEmpty()) {
      return Optional.of(new Reached(from.part(), seen.get(seen.size() - 1)));
    }
    return from.part() + 1 < parts.size()
        ? Optional.of(new Reached(from.part() + 1, 0))
        : Optional.empty();
  }

  private record Keys(long id, @Nullable String message, @Nullable String lane, String content) {
    boolean keyed() {
      return keyed(message) && keyed(lane) && keyed(content);
    }

    private static boolean keyed(@Nullable String key) {
      return key == null || key.isEmpty() || SearchKeys.isKeyed(key);
    }
  }

  private List<Long> messages(Handle handle, long after, int rows) {
    List<Keys> found =
        handle
            .createQuery(
                "SELECT id, message_key, lane, content_hash FROM message WHERE id > :after"
                    + " ORDER BY id LIMIT :rows")
            .bind("after", after)
            .bind("rows", rows)
            .map(
                (rs, ctx) ->
                    new Keys(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getString(4)))
            .list();
    for (Keys each : found) {
      if (!each.keyed()) {
        handle.execute(
            "UPDATE message SET message_key = ?, content_hash = ? WHERE id = ?",
            keyed("message", each.message()),
            keyed("content", each.content()),
            each.id());
        handle.execute(
            "UPDATE message SET lane = ? WHERE id = ? AND lane = ?",
            keyed("lane", each.lane()),
            each.id(),
            each.lane());
      }
    }
    return found.stream().map(Keys::id).toList();
  }

  private @Nullable String keyed(String purpose, @Nullable String digest) {
    return Keys.keyed(digest) || digest == null ? digest : searchKeys.ofDigest(purpose, digest);
  }

  private record Content(long id, byte[] raw, byte[] reply, String report) {}

  private List<Long> contents(Handle handle, long after, int rows) {
    List<Content> found =
        handle
            .createQuery(
                "SELECT message_id, raw, reply, report FROM message_content"
                    + " WHERE message_id > :after ORDER BY message_id LIMIT :rows")
            .bind("after", after)
            // A message may have many megabytes.
            .bind("rows", Math.max(1, rows / 10))
            .map(
                (rs, ctx) ->
                    new Content(rs.getLong(1), rs.getBytes(2), rs.getBytes(3), rs.getString(4)))
            .list();
    for (Content each : found) {
      contentAnew(handle, each);
    }
    return found.stream().map(Content::id).toList();
  }

  private void contentAnew(Handle handle, Content row) {
    long id = row.id();
    if (!cipher.isCurrent(row.raw())) {
      // Nothing else changes it.
      handle.execute(
          "UPDATE message_content SET raw = ? WHERE message_id = ?",
          anew(id, SealedPlaces.RAW, row.raw()),
          id);
    }
    if (!cipher.isCurrent(row.reply())) {
      handle.execute(
          "UPDATE message_content SET reply = ? WHERE message_id = ? AND reply = ?",
          anew(id, SealedPlaces.REPLY, row.reply()),
          id,
          row.reply());
    }
    if (!cipher.isCurrent(row.report())) {
      handle.execute(
          "UPDATE message_content SET report = ? WHERE message_id = ? AND report = ?",
          anew(id, SealedPlaces.REPORT, row.report()),
          id,
          row.report());
    }
  }

  private record Sentence(long id, long message, long at, String code, String text) {}

  /** A column of sentences: where they stand, and what each is bound to. */
  private record Column(String select, String update, Function<Sentence, String> place) {}

  private static final Column NOTES =
      new Column(
          "SELECT id, message_id, at, code, sentence FROM note",
          "UPDATE note SET sentence = ? WHERE id = ?",
          row -> SealedPlaces.note(row.at(), row.code()));

  private static final Column REQUESTS =
      new Column(
          "SELECT id, message_id, asked_at, '', why FROM operator_request",
          "UPDATE operator_request SET why = ? WHERE id = ?",
          row -> SealedPlaces.request(row.at()));

  private static final Column REQUEST_DETAILS =
      new Column(
          "SELECT id, message_id, asked_at, '', details FROM operator_request",
          "UPDATE operator_request SET details = ? WHERE id = ?",
          row -> SealedPlaces.requestDetails(row.at()));

  private static final Column PAUSES =
      new Column(
          "SELECT id, 0, since_at, '', why FROM delivery_pause",
          "UPDATE delivery_pause SET why = ? WHERE id = ?",
          row -> SealedPlaces.pause(row.at()));

  private static final Column SNOOZES =
      new Column(
          "SELECT id, 0, since_at, '', why FROM alert_snooze",
          "UPDATE alert_snooze SET why = ? WHERE id = ?",
          row -> SealedPlaces.snooze(row.at()));

  private static final Column BLOCKS =
      new Column(
          "SELECT id, 0, since_at, '', why FROM peer_block",
          "UPDATE peer_block SET why = ? WHERE id = ?",
          row -> SealedPlaces.block(row.at()));

  private static final Column VIEWS =
      new Column(
          "SELECT id, 0, made_at, '', name FROM saved_view",
          "UPDATE saved_view SET name = ? WHERE id = ?",
          row -> SealedPlaces.view(row.at()));

  private List<Long> snoozes(Handle handle, long after, int rows) {
    return sentences(handle, SNOOZES, after, rows);
  }

  private List<Long> blocks(Handle handle, long after, int rows) {
    return sentences(handle, BLOCKS, after, rows);
  }

  private List<Long> views(Handle handle, long after, int rows) {
    return sentences(handle, VIEWS, after, rows);
  }

  private List<Long> notes(Handle handle, long after, int rows) {
    return sentences(handle, NOTES, after, rows);
  }

  private List<Long> requests(Handle handle, long after, int rows) {
    return sentences(handle, REQUESTS, after, rows);
  }

  private List<Long> requestDetails(Handle handle, long after, int rows) {
    return sentences(handle, REQUEST_DETAILS, after, rows);
  }

  private List<Long> pauses(Handle handle, long after, int rows) {
    List<Long> seen = sentences(handle, PAUSES, after, rows);
    for (long id : seen) {
      String lane =
          handle
              .createQuery("SELECT name FROM delivery_pause WHERE id = :id AND kind = 'LANE'")
              .bind("id", id)
              .mapTo(String.class)
              .findOne()
              .orElse("");
      if (!Keys.keyed(lane)) {
        handle.execute("UPDATE delivery_pause SET name = ? WHERE id = ?", keyed("lane", lane), id);
      }
    }
    return seen;
  }

  private List<Long> sentences(Handle handle, Column column, long after, int rows) {
    List<Sentence> found =
        handle
            .createQuery(column.select() + " WHERE id > :after ORDER BY id LIMIT :rows")
            .bind("after", after)
            .bind("rows", rows)
            .map(
                (rs, ctx) ->
                    new Sentence(
                        rs.getLong(1),
                        rs.getLong(2),
                        rs.getLong(3),
                        rs.getString(4),
                        rs.getString(5)))
            .list();
    for (Sentence each : found) {
      if (!cipher.isCurrent(each.text())) {
        String place = column.place().apply(each);
        handle.execute(column.update(), anew(each.message(), place, each.text()), each.id());
      }
    }
    return found.stream().map(Sentence::id).toList();
  }

  private record Edit(long request, long message, byte[] raw) {}

  private List<Long> edits(Handle handle, long after, int rows) {
    List<Edit> found =
        handle
            .createQuery(
                "SELECT request_id, message_id, raw FROM operator_request_content"
                    + " WHERE request_id > :after ORDER BY request_id LIMIT :rows")
            .bind("after", after)
            .bind("rows", Math.max(1, rows / 10))
            .map((rs, ctx) -> new Edit(rs.getLong(1), rs.getLong(2), rs.getBytes(3)))
            .list();
    for (Edit each : found) {
      if (!cipher.isCurrent(each.raw())) {
        handle.execute(
            "UPDATE operator_request_content SET raw = ? WHERE request_id = ?",
            anew(each.message(), SealedPlaces.REQUEST_CONTENT, each.raw()),
            each.request());
      }
    }
    return found.stream().map(Edit::request).toList();
  }

  private List<Long> ledger(Handle handle, long after, int rows) {
    List<Long> messages = ofMessages(handle, "ledger", after, rows);
    JournalSecrets secrets = new JournalSecrets(cipher, searchKeys);
    messages.forEach(id -> LedgerStore.sealAnew(handle, id, secrets));
    return messages;
  }

  private List<Long> businessKeys(Handle handle, long after, int rows) {
    List<Long> messages = ofMessages(handle, "business_key", after, rows);
    messages.forEach(id -> BusinessKeyStore.keyAnew(handle, id, searchKeys));
    return messages;
  }

  private List<Long> codes(Handle handle, long after, int rows) {
    List<Long> messages = ofMessages(handle, "unknown_code", after, rows);
    JournalSecrets secrets = new JournalSecrets(cipher, searchKeys);
    messages.forEach(id -> CodeStore.sealAnew(handle, id, secrets));
    return messages;
  }

  private static List<Long> ofMessages(Handle handle, String table, long after, int rows) {
    return handle
        .createQuery(
            "SELECT DISTINCT message_id FROM "
                + table
                + " WHERE message_id > :after ORDER BY message_id LIMIT :rows")
        .bind("after", after)
        .bind("rows", rows)
        .mapTo(Long.class)
        .list();
  }

  private record Bodies(long call, long message, byte[] request, byte[] response) {}

  private List<Long> calls(Handle handle, long after, int rows) {
    List<Bodies> found =
        handle
            .createQuery(
                "SELECT call_id, message_id, request, response FROM cerner_call_content"
                    + " WHERE call_id > :after ORDER BY call_id LIMIT :rows")
            .bind("after", after)
            .bind("rows", rows)
            .map(
                (rs, ctx) ->
                    new Bodies(rs.getLong(1), rs.getLong(2), rs.getBytes(3), rs.getBytes(4)))
            .list();
    for (Bodies each : found) {
      if (!cipher.isCurrent(each.request()) || !cipher.isCurrent(each.response())) {
        handle.execute(
            "UPDATE cerner_call_content SET request = ?, response = ? WHERE call_id = ?",
            anew(each.message(), SealedPlaces.call("request", each.call()), each.request()),
            anew(each.message(), SealedPlaces.call("response", each.call()), each.response()),
            each.call());
      }
    }
    return found.stream().map(Bodies::call).toList();
  }

  private List<Long> wire(Handle handle, long after, int rows) {
    return WireStore.sealAnew(handle, after, rows, cipher);
  }

  private List<Long> applicationReplies(Handle handle, long after, int rows) {
    return ApplicationReplyStore.sealAnew(handle, after, rows, cipher);
  }

  private List<Long> continuations(Handle handle, long after, int rows) {
    return ContinuationStore.removeOld(handle, after, rows, cipher);
  }

  private List<Long> audit(Handle handle, long after, int rows) {
    return AuditSealStore.sealAnew(handle, after, rows, new JournalSecrets(cipher, searchKeys));
  }

  private List<Long> createRequests(Handle handle, long after, int rows) {
    return CreateRequestStore.sealAnew(handle, after, rows, new JournalSecrets(cipher, searchKeys));
  }

  private List<Long> askedCreates(Handle handle, long after, int rows) {
    return AskedCreateStore.keyAnew(handle, after, rows, searchKeys);
  }

  private byte[] anew(long message, String place, byte[] stored) {
    return cipher.seal(message, place, cipher.open(message, place, stored));
  }

  private String anew(long message, String place, String stored) {
    return cipher.sealText(message, place, cipher.openText(message, place, stored));
  }
}
