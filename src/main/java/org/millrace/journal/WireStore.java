package org.millrace.journal;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What the listeners turned away: the newest of it. Thread-safe. */
public final class WireStore {
  /** More tells nobody more, and whoever sends garbage must not fill the disk. */
  private static final int KEPT = 500;

  private final JournalDatabase journal;

  WireStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** Puts it on record, behind whatever else is written; counted if the journal is behind. */
  public void record(TurnedAway fault) {
    ContentCipher cipher = journal.secrets().cipher();
    ContentCipher.Packed bytes = cipher.packed(fault.bytes());
    long at = fault.at().toEpochMilli();
    journal.writeLater(
        handle -> {
          long id =
              handle
                  .createQuery(
                      "INSERT INTO wire_fault (at, kind, port, peer, detail, times, bytes)"
                          + " VALUES (:at, :kind, :port, :peer, :detail, :times, :bytes) RETURNING id")
                  .bind("at", at)
                  .bind("kind", fault.kind())
                  .bind("port", fault.port())
                  .bind("peer", fault.peer())
                  .bind("detail", fault.detail())
                  .bind("times", fault.times())
                  .bind("bytes", cipher.seal(0, SealedPlaces.wire(at, fault.peer()), bytes))
                  .mapTo(Long.class)
                  .one();
          return handle.execute("DELETE FROM wire_fault WHERE id <= ?", id - KEPT);
        });
  }

  /** The newest, newest first. */
  public List<TurnedAway> newest(int limit) {
    ContentCipher cipher = journal.secrets().cipher();
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT at, kind, port, peer, detail, times, bytes FROM wire_fault"
                        + " ORDER BY id DESC LIMIT :limit")
                .bind("limit", limit)
                .map(
                    (rs, ctx) -> {
                      long at = rs.getLong(1);
                      String peer = rs.getString(4);
                      return new TurnedAway(
                          Instant.ofEpochMilli(at),
                          rs.getString(2),
                          rs.getInt(3),
                          peer,
                          rs.getString(5),
                          rs.getLong(6),
                          cipher.open(0, SealedPlaces.wire(at, peer), rs.getBytes(7)));
                    })
                .list());
  }

  private record Row(long id, long at, String peer, byte[] bytes) {}

  /** Writes the bytes of some rows anew; see {@link SealingStore}. */
  static List<Long> sealAnew(Handle handle, long after, int rows, ContentCipher cipher) {
    List<Row> found =
        handle
            .createQuery(
                "SELECT id, at, peer, bytes FROM wire_fault WHERE id > :after ORDER BY id LIMIT :rows")
            .bind("after", after)
            .bind("rows", rows)
            .map(
                (rs, ctx) -> new Row(rs.getLong(1), rs.getLong(2), rs.getString(3), rs.getBytes(4)))
            .list();
    for (Row each : found) {
      if (!cipher.isCurrent(each.bytes())) {
        String place = SealedPlaces.wire(each.at(), each.peer());
        handle.execute(
            "UPDATE wire_fault SET bytes = ? WHERE id = ?",
            cipher.seal(0, place, cipher.open(0, place, each.bytes())),
            each.id());
      }
    }
    return found.stream().map(Row::id).toList();
  }
}
