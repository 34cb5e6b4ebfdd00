package org.millrace.journal;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/** The creates that messages ask for, and how far each came. Thread-safe. */
public final class LedgerStore {
  private final JournalDatabase journal;

  LedgerStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** The creates of one message. */
  public List<LedgerRow> rows(long messageId) {
    return journal.read(handle -> rows(handle, messageId));
  }

  /**
   * Writes rows, new or changed, all in one commit.
   *
   * @return completes once they are on disk: only then may the create be sent
   */
  public CompletableFuture<Integer> save(List<LedgerRow> rows) {
    long message = rows.isEmpty() ? 0 : rows.get(0).messageId();
    return journal.writeDelivery(
        message, handle -> rows.stream().mapToInt(row -> save(handle, row)).sum());
  }

  static List<LedgerRow> rows(Handle handle, long messageId) {
    return handle
        .createQuery(
            "SELECT message_id, anchor, action, marker, filler_number, patient_id, state,"
                + " resource_id, version, attempts, first_sent_at, looks, last_error, cerner_text,"
                + " content_digest FROM ledger WHERE message_id = :id ORDER BY anchor")
        .bind("id", messageId)
        .map(
            (rs, ctx) ->
                new LedgerRow(
                    rs.getLong(1),
                    rs.getString(2),
                    rs.getString(3),
                    rs.getString(4),
                    rs.getString(5),
                    rs.getString(6),
                    LedgerState.valueOf(rs.getString(7)),
                    rs.getString(8),
                    rs.getString(9),
                    rs.getInt(10),
                    Instant.ofEpochMilli(rs.getLong(11)),
                    rs.getInt(12),
                    rs.getString(13),
                    rs.getString(14),
                    rs.getString(15)))
        .list();
  }

  static int save(Handle handle, LedgerRow row) {
    return handle
        .createUpdate(
            """
            INSERT INTO ledger (message_id, anchor, action, marker, filler_number, patient_id, state,
              resource_id, version, attempts, first_sent_at, looks, last_error, cerner_text,
              content_digest)
            VALUES (:message, :anchor, :action, :marker, :filler, :patient, :state, :resource,
              :version, :attempts, :firstSent, :looks, :error, :words, :digest)
            ON CONFLICT (message_id, anchor) DO UPDATE SET patient_id = excluded.patient_id,
              state = excluded.state, resource_id = excluded.resource_id,
              version = excluded.version, attempts = excluded.attempts,
              first_sent_at = excluded.first_sent_at, looks = excluded.looks,
              last_error = excluded.last_error, cerner_text = excluded.cerner_text,
              content_digest = excluded.content_digest\
            """)
        .bind("message", row.messageId())
        .bind("anchor", row.anchor())
        .bind("action", row.action())
        .bind("marker", row.marker())
        .bind("filler", row.fillerNumber())
        .bind("patient", row.patientId())
        .bind("state", row.state().name())
        .bind("resource", row.resourceId())
        .bind("version", row.version())
        .bind("attempts", row.attempts())
        .bind("firstSent", row.firstSentAt().toEpochMilli())
        .bind("looks", row.looks())
        .bind("error", row.lastError())
        .bind("words", row.cernerText())
        .bind("digest", row.contentDigest())
        .execute();
  }
}
