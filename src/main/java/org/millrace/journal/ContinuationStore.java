package org.millrace.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/**
 * What is still to be given of long answers to queries, by continuation pointer. Any engine on the
 * journal goes on where another one stopped. Thread-safe.
 */
public final class ContinuationStore {
  private final JournalDatabase journal;

  ContinuationStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * A pointer, and whose it is.
   *
   * @param tenant the one that was asked
   * @param pointer DSC-1, not to be guessed
   * @param question what was asked and by whom; it may hold patient data
   */
  public record Place(String tenant, String pointer, String question) {
    private String key(SearchKeys keys) {
      return keys.of("continuation", tenant, pointer, question);
    }

    /** Nothing of it: whoever has a pointer may go on. */
    @Override
    public String toString() {
      return "Place";
    }
  }

  /**
   * Keeps the rest of an answer.
   *
   * @param expires from when on the pointer leads nowhere
   * @param most how many are kept; the oldest go first
   * @return completes once it is on disk: only then may the pointer be given
   */
  public CompletableFuture<Integer> keep(Place place, String rest, Instant expires, int most) {
    long now = journal.clock().millis();
    JournalSecrets secrets = journal.secrets();
    String key = place.key(secrets.searchKeys());
    ContentCipher.Packed packed = secrets.cipher().packed(rest);
    return journal.write(
        handle -> {
          handle.execute("DELETE FROM query_continuation WHERE expires_at <= ?", now);
          handle.execute(
              "INSERT INTO query_continuation (key, rest, expires_at) VALUES (?, ?, ?)",
              key,
              secrets.cipher().sealText(0, SealedPlaces.continuation(key), packed),
              expires.toEpochMilli());
          return handle.execute(
              "DELETE FROM query_continuation WHERE id <="
                  + " (SELECT id FROM query_continuation ORDER BY id DESC LIMIT 1 OFFSET ?)",
              most);
        });
  }

  /** The rest of an answer; empty if there is no such pointer, or its time is over. */
  public Optional<String> rest(Place place) {
    JournalSecrets secrets = journal.secrets();
    String key = place.key(secrets.searchKeys());
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT rest FROM query_continuation WHERE key = :key AND expires_at > :now")
                .bind("key", key)
                .bind("now", journal.clock().millis())
                .map(
                    (rs, ctx) ->
                        secrets
                            .cipher()
                            .openText(0, SealedPlaces.continuation(key), rs.getString(1)))
                .findOne());
  }

  private record Row(long id, String rest) {}

  /**
   * Removes what is not sealed with the current key; see {@link SealingStore}. Nothing is lost by
   * it: within minutes it would be over, and whoever goes on by it is told to ask anew.
   */
  static List<Long> removeOld(Handle handle, long after, int rows, ContentCipher cipher) {
    List<Row> found =
        handle
            .createQuery(
                "SELECT id, rest FROM query_continuation WHERE id > :after ORDER BY id LIMIT :rows")
            .bind("after", after)
            .bind("rows", rows)
            .map((rs, ctx) -> new Row(rs.getLong(1), rs.getString(2)))
            .list();
    for (Row each : found) {
      if (!cipher.isCurrent(each.rest())) {
        handle.execute("DELETE FROM query_continuation WHERE id = ?", each.id());
      }
    }
    return found.stream().map(Row::id).toList();
  }
}
