package org.millrace.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/** The creates that messages ask for, and how far each came. Thread-safe. */
public final class LedgerStore {
  /** What filler numbers are searched by. */
  static final String FILLER = "filler";

  private static final String SAVE =
      """
      INSERT INTO ledger (message_id, anchor, action, marker, filler_number, filler_sealed,
        patient_id, state, resource_id, version, attempts, first_sent_at, looks, last_error,
        cerner_text, content_digest)
      VALUES (:message, :anchor, :action, :marker, :filler, :fillerSealed, :patient, :state,
        :resource, :version, :attempts, :firstSent, :looks, :error, :words, :digest)
      ON CONFLICT (message_id, anchor) DO UPDATE SET filler_number = excluded.filler_number,
        filler_sealed = excluded.filler_sealed, patient_id = excluded.patient_id,
        state = excluded.state, resource_id = excluded.resource_id, version = excluded.version,
        attempts = excluded.attempts, first_sent_at = excluded.first_sent_at,
        looks = excluded.looks, last_error = excluded.last_error,
        cerner_text = excluded.cerner_text, content_digest = excluded.content_digest""";

  private final JournalDatabase journal;

  LedgerStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** The creates of one message. */
  public List<LedgerRow> rows(long messageId) {
    return journal.read(handle -> rows(handle, messageId, journal.secrets()));
  }

  /**
   * Writes rows, new or changed, all in one commit.
   *
   * @return completes once they are on disk: only then may the create be sent
   */
  public CompletableFuture<Integer> save(List<LedgerRow> rows) {
    return journal.write(
        handle -> rows.stream().mapToInt(row -> save(handle, row, journal.secrets())).sum());
  }

  static List<LedgerRow> rows(Handle handle, long messageId, JournalSecrets secrets) {
    return handle
        .createQuery(
            "SELECT message_id, anchor, action, marker, filler_number, filler_sealed, patient_id,"
                + " state, resource_id, version, attempts, first_sent_at, looks, last_error,"
                + " cerner_text, content_digest FROM ledger WHERE message_id = :id ORDER BY anchor")
        .bind("id", messageId)
        .map((rs, ctx) -> row(rs, secrets.cipher()))
        .list();
  }

  private static LedgerRow row(ResultSet rs, ContentCipher cipher) throws SQLException {
    long id = rs.getLong(1);
    String anchor = rs.getString(2);
    String filler = cipher.openText(id, place("filler", anchor), rs.getString(6));
    return new LedgerRow(
        id,
        anchor,
        rs.getString(3),
        rs.getString(4),
        filler.isEmpty() ? rs.getString(5) : filler,
        cipher.openText(id, place("patient", anchor), rs.getString(7)),
        LedgerState.valueOf(rs.getString(8)),
        rs.getString(9),
        rs.getString(10),
        rs.getInt(11),
        Instant.ofEpochMilli(rs.getLong(12)),
        rs.getInt(13),
        rs.getString(14),
        cipher.openText(id, place("words", anchor), rs.getString(15)),
        cipher.openText(id, place("digest", anchor), rs.getString(16)));
  }

  private static String place(String column, String anchor) {
    return SealedPlaces.ledger(column, anchor);
  }

  /** Writes the rows of a message as they are written now. */
  static void sealAnew(Handle handle, long messageId, JournalSecrets secrets) {
    rows(handle, messageId, secrets).forEach(row -> save(handle, row, secrets));
  }

  static int save(Handle handle, LedgerRow row, JournalSecrets secrets) {
    long id = row.messageId();
    ContentCipher cipher = secrets.cipher();
    boolean keyed = secrets.searchKeys().keyed() && !row.fillerNumber().isEmpty();
    return handle
        .createUpdate(SAVE)
        .bind("message", id)
        .bind("anchor", row.anchor())
        .bind("action", row.action())
        .bind("marker", row.marker())
        .bind(
            "filler",
            keyed ? secrets.searchKeys().ofText(FILLER, row.fillerNumber()) : row.fillerNumber())
        .bind(
            "fillerSealed",
            keyed ? cipher.sealText(id, place("filler", row.anchor()), row.fillerNumber()) : "")
        .bind("patient", cipher.sealText(id, place("patient", row.anchor()), row.patientId()))
        .bind("state", row.state().name())
        .bind("resource", row.resourceId())
        .bind("version", row.version())
        .bind("attempts", row.attempts())
        .bind("firstSent", row.firstSentAt().toEpochMilli())
        .bind("looks", row.looks())
        .bind("error", row.lastError())
        .bind("words", cipher.sealText(id, place("words", row.anchor()), row.cernerText()))
        .bind("digest", cipher.sealText(id, place("digest", row.anchor()), row.contentDigest()))
        .execute();
  }
}
