package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What was asked of Cerner. Thread-safe. */
public final class CallStore {
  private final JournalDatabase journal;

  CallStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** Puts a call on record, behind whatever else is written; counted if the journal is behind. */
  public void record(CernerCall call) {
    journal.writeLater(
        handle ->
            handle.execute(
                "INSERT INTO cerner_call (message_id, at, method, path_template, status,"
                    + " request_id, duration_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
                call.messageId(),
                call.at().toEpochMilli(),
                call.method(),
                call.pathTemplate(),
                call.status(),
                call.requestId(),
                call.duration().toMillis()));
  }

  static List<CernerCall> of(Handle handle, long messageId) {
    return handle
        .createQuery(
            "SELECT message_id, at, method, path_template, status, request_id, duration_ms"
                + " FROM cerner_call WHERE message_id = :id ORDER BY id")
        .bind("id", messageId)
        .map(
            (rs, ctx) ->
                new CernerCall(
                    rs.getLong(1),
                    Instant.ofEpochMilli(rs.getLong(2)),
                    rs.getString(3),
                    rs.getString(4),
                    rs.getInt(5),
                    rs.getString(6),
                    Duration.ofMillis(rs.getLong(7))))
        .list();
  }
}
