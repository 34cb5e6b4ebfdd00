package org.millrace.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/**
 * Takes creates of HTTP callers into the queue, and finds them again for who asked. Thread-safe.
 */
public final class AskedCreateStore {
  private static final String TICKET = "create ticket";

  private final JournalDatabase journal;

  AskedCreateStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Stores a create and puts it into the queue; in the same commit its key, so that it is stored
   * once whatever is lost on the way.
   *
   * @return completes once it is on disk: empty, or what is on record under its key, in which case
   *     nothing was stored; with a JournalException if nothing was
   */
  public CompletableFuture<Optional<CreateRequest.OnRecord>> store(
      AskedCreate create, Instant now) {
    IntakeStore intake = journal.intake();
    ContentCipher.Packed resource = journal.secrets().cipher().packed(create.resource());
    String ticket = ticket(create.asker());
    boolean newFeed = !journal.queue().knows(create.feed());
    return journal
        .write(
            handle -> {
              Optional<CreateRequest.OnRecord> before =
                  create
                      .key()
                      .flatMap(key -> journal.createRequests().answerOnce(handle, key, now));
              if (before.isEmpty()) {
                if (newFeed) {
                  QueueStore.declare(handle, create.feed());
                }
                long id = intake.insert(handle, create, resource, now);
                handle.execute(
                    "INSERT INTO asked_create (message_id, ticket) VALUES (?, ?)", id, ticket);
              }
              return before;
            })
        .whenComplete(
            (before, failure) -> {
              if (failure == null && before.isEmpty()) {
                if (newFeed) {
                  journal.queue().declared(create.feed());
                }
                intake.tellStored();
              }
            });
  }

  /** The message of a create; empty if this caller asked for none under this ticket. */
  public OptionalLong find(AskedCreate.Asker asker) {
    String ticket = ticket(asker);
    return journal
        .read(
            handle ->
                handle
                    .createQuery("SELECT message_id FROM asked_create WHERE ticket = :ticket")
                    .bind("ticket", ticket)
                    .mapTo(Long.class)
                    .findOne())
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  private String ticket(AskedCreate.Asker asker) {
    return journal.searchKeys().of(TICKET, asker.tenant(), asker.caller(), asker.ticket());
  }

  private record Row(long message, String ticket) {}

  /** Writes some rows anew; see {@link SealingStore}. */
  static List<Long> keyAnew(Handle handle, long after, int rows, SearchKeys keys) {
    List<Row> found =
        handle
            .createQuery(
                "SELECT message_id, ticket FROM asked_create WHERE message_id > :after"
                    + " ORDER BY message_id LIMIT :rows")
            .bind("after", after)
            .bind("rows", rows)
            .map((rs, ctx) -> new Row(rs.getLong(1), rs.getString(2)))
            .list();
    for (Row each : found) {
      if (!SearchKeys.isKeyed(each.ticket())) {
        handle.execute(
            "UPDATE asked_create SET ticket = ? WHERE message_id = ? AND ticket = ?",
            keys.ofDigest(TICKET, each.ticket()),
            each.message(),
            each.ticket());
      }
    }
    return found.stream().map(Row::message).toList();
  }
}
