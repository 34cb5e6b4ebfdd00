package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/**
 * That a journal was put back from a backup: it does not know what was filed since, so each
 * document is looked for before it is filed. Thread-safe.
 */
public final class RestoreStore {
  /**
   * For so long after a restore also messages that come are looked for: senders are asked to send
   * again what the backup does not hold, and part of that was filed before.
   */
  static final Duration RESENT_WITHIN = Duration.ofDays(7);

  private final JournalDatabase journal;
  private volatile List<Restored> known = List.of();

  RestoreStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * A restore.
   *
   * @param at when it was done
   * @param takenAt when the backup was made: all that was written before is in it
   */
  public record Restored(Instant at, Instant takenAt) {}

  void load() {
    known = journal.read(RestoreStore::all);
  }

  private static List<Restored> all(Handle handle) {
    return handle
        .createQuery("SELECT at, taken_at FROM restored ORDER BY id")
        .map(
            (rs, ctx) ->
                new Restored(
                    Instant.ofEpochMilli(rs.getLong(1)), Instant.ofEpochMilli(rs.getLong(2))))
        .list();
  }

  /**
   * From when on a document of a message may have been filed without this journal's knowledge;
   * empty if it cannot have been. After a further restore it is another time, so that what was
   * looked for before that one is looked for again.
   *
   * @param receivedAt when the message came
   */
  public Optional<Instant> unknownSince(Instant receivedAt) {
    List<Restored> after =
        known.stream().filter(each -> receivedAt.isBefore(each.at().plus(RESENT_WITHIN))).toList();
    return after.stream()
        .map(Restored::takenAt)
        .min(Instant::compareTo)
        .map(first -> first.minusMillis(after.size() - 1L));
  }

  /**
   * Puts on record that the journal was put back, and pauses all its feeds, in one commit. For a
   * journal that no engine has open.
   *
   * @param why of the pauses, in words for whoever ends them
   * @return the names of the feeds that were not paused before
   */
  public CompletableFuture<List<String>> put(Instant takenAt, String who, String why) {
    Instant at = journal.clock().instant();
    return journal.write(
        handle -> {
          handle.execute(
              "INSERT INTO restored (at, taken_at, who) VALUES (?, ?, ?)",
              at.toEpochMilli(),
              takenAt.toEpochMilli(),
              who);
          journal
              .audit()
              .append(
                  handle,
                  AuditEvent.ofUser(
                      at, "restore", who, "journal", Map.of("taken", takenAt.toString())));
          List<String> paused = new ArrayList<>();
          for (Feed feed : QueueStore.feedsOnRecord(handle)) {
            if (journal.pauses().pause(handle, DeliveryPause.Kind.FEED, feed.name(), who, why)) {
              paused.add(feed.name());
            }
          }
          return List.copyOf(paused);
        });
  }
}
