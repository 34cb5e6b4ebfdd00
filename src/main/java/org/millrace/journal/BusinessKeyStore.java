package org.millrace.journal;

import java.sql.ResultSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The lanes of messages and the numbers they are asked for by, once they were looked into.
 * Thread-safe.
 */
public final class BusinessKeyStore {
  private static final String LOOKED_INTO =
      "UPDATE message SET lane = COALESCE(lane, ?), keyed = 1 WHERE id = ? AND keyed = 0"
          + " RETURNING lane, state";

  private static final String LANE = "SELECT lane FROM message WHERE id = ?";

  private static final String INSERT =
      "INSERT INTO business_key (kind, key, message_id, open) VALUES (?, ?, ?, ?)"
          + " ON CONFLICT DO NOTHING";

  private static final String CLOSE =
      "UPDATE business_key SET open = 0 WHERE message_id = ? AND open = 1";

  private static final String OPEN =
      "UPDATE business_key SET open = 1 WHERE message_id = ? AND open = 0"
          + " AND kind IN ('filler', 'document')";

  private final JournalDatabase journal;
  private final PreparedStore prepared = new PreparedStore();

  BusinessKeyStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Keeps what was found in a message. Engines that share the journal each look; what is on record
   * already stays, so that all of them go by one lane, also while they read a feed differently.
   *
   * @return completes with the lane that stands on record, once it is on disk
   */
  public CompletableFuture<String> lookedInto(
      long id, String lane, Collection<BusinessKey> numbers) {
    List<Row> rows = rows(numbers);
    return journal.write(
        id,
        handle -> {
          Optional<Found> first = first(handle, id, lane);
          first.ifPresent(found -> insert(handle, id, rows, found.state()));
          return first.map(Found::lane).or(() -> onRecord(handle, id)).orElse(lane);
        });
  }

  /** Keeps the numbers of a question, which is done with. */
  void ofQuestion(Handle handle, long id, List<Row> rows) {
    insert(handle, id, rows, MessageState.DELIVERED);
  }

  /** A row of a message that it is still to be written for. */
  record Row(BusinessKey.Kind kind, String key) {}

  /** What is to be written; worked out on the caller's thread, because there is only one writer. */
  List<Row> rows(Collection<BusinessKey> numbers) {
    return numbers.stream()
        .map(number -> new Row(number.kind(), key(journal.searchKeys(), number)))
        .toList();
  }

  /** By which a number is found again: a digest, so that it may be of any length. */
  static String key(SearchKeys keys, BusinessKey number) {
    return keys.of(number.kind().word(), number.value());
  }

  private record Found(String lane, MessageState state) {}

  private Optional<Found> first(Handle handle, long id, String lane) {
    return prepared.use(
        handle,
        LOOKED_INTO,
        statement -> {
          PreparedStore.set(statement, lane, id);
          try (ResultSet row = statement.executeQuery()) {
            return row.next()
                ? Optional.of(new Found(row.getString(1), MessageState.valueOf(row.getString(2))))
                : Optional.empty();
          }
        });
  }

  private Optional<String> onRecord(Handle handle, long id) {
    return prepared.use(
        handle,
        LANE,
        statement -> {
          PreparedStore.set(statement, id);
          try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
          }
        });
  }

  private void insert(Handle handle, long id, List<Row> rows, MessageState state) {
    for (Row row : rows) {
      boolean open = row.kind().ofReport() && !state.finished();
      prepared.run(handle, INSERT, row.kind().word(), row.key(), id, open ? 1 : 0);
    }
  }

  /** A message comes to this state: its reports are open until it is done with. */
  static void follow(Handle handle, long id, MessageState state) {
    handle.execute(state.finished() ? CLOSE : OPEN, id);
  }

  private record Plain(String kind, String key) {}

  /** Brings what is plain of a message under the secret of the journal. */
  static void keyAnew(Handle handle, long id, SearchKeys keys) {
    List<Plain> plain =
        handle
            .createQuery("SELECT kind, key FROM business_key WHERE message_id = :id")
            .bind("id", id)
            .map((rs, ctx) -> new Plain(rs.getString(1), rs.getString(2)))
            .list();
    for (Plain each : plain) {
      if (!SearchKeys.isKeyed(each.key())) {
        handle.execute(
            "UPDATE business_key SET key = ? WHERE kind = ? AND key = ? AND message_id = ?",
            keys.ofDigest(each.kind(), each.key()),
            each.kind(),
            each.key(),
            id);
      }
    }
  }

  /**
   * Has a listing hold only what has a certain number.
   *
   * @param index tells several of one listing apart
   */
  static String having(int index) {
    return " AND id IN (SELECT message_id FROM business_key WHERE kind = :kind"
        + index
        + " AND key = :key"
        + index
        + ")";
  }

  /** Which number that is. */
  static void bind(Query query, int index, BusinessKey number, SearchKeys keys) {
    query.bind("kind" + index, number.kind().word()).bind("key" + index, key(keys, number));
  }

  /**
   * A message that has a number of another one, too.
   *
   * @param kinds of what: {@code patient}, {@code filler}
   */
  public record Shared(long message, Set<String> kinds) {}

  /** Messages that share a number with this one, newest first. */
  public List<Shared> sharing(long id, int limit) {
    Map<Long, Set<String>> kinds = new TreeMap<>(Comparator.reverseOrder());
    journal
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT DISTINCT other.message_id, other.kind FROM business_key own"
                            + " JOIN business_key other ON other.kind = own.kind"
                            + " AND other.key = own.key"
                            + " WHERE own.message_id = :id AND other.message_id <> :id"
                            + " ORDER BY other.message_id DESC LIMIT :limit")
                    .bind("id", id)
                    .bind("limit", limit)
                    .map((rs, ctx) -> Map.entry(rs.getLong(1), rs.getString(2)))
                    .list())
        .forEach(
            each ->
                kinds.computeIfAbsent(each.getKey(), any -> new TreeSet<>()).add(each.getValue()));
    return kinds.entrySet().stream()
        .map(each -> new Shared(each.getKey(), each.getValue()))
        .toList();
  }

  /** The messages of a page that were not looked into yet, although they wait for a person. */
  public List<Long> stoppedUnread(long after, int limit) {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT id FROM message WHERE state IN ('HELD', 'REFUSED') AND kind = 'MESSAGE'"
                        + " AND keyed = 0 AND id > :after ORDER BY id LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(Long.class)
                .list());
  }
}
