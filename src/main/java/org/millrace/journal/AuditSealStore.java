package org.millrace.journal;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Brings the audit trail under the current key; its hashes stay as they are. Stateless. */
final class AuditSealStore {
  private AuditSealStore() {}

  private record Row(long id, String chain, long seq, String details) {}

  /** Writes the details of some entries anew; see {@link SealingStore}. */
  static List<Long> sealAnew(Handle handle, long after, int rows, JournalSecrets secrets) {
    List<Row> found =
        handle
            .createQuery(
                "SELECT id, chain, seq, details FROM audit_entry WHERE id > :after ORDER BY id"
                    + " LIMIT :rows")
            .bind("after", after)
            .bind("rows", rows)
            .map(
                (rs, ctx) ->
                    new Row(rs.getLong(1), rs.getString(2), rs.getLong(3), rs.getString(4)))
            .list();
    ContentCipher cipher = secrets.cipher();
    for (Row each : found) {
      if (!cipher.isCurrent(each.details())) {
        String place = SealedPlaces.audit(each.chain(), each.seq());
        handle.execute(
            "UPDATE audit_entry SET details = ? WHERE id = ?",
            cipher.sealText(0, place, cipher.openText(0, place, each.details())),
            each.id());
        keyAnew(handle, each.id(), secrets.searchKeys());
      }
    }
    return found.stream().map(Row::id).toList();
  }

  /** What was a digest becomes a keyed hash. */
  private static void keyAnew(Handle handle, long entry, SearchKeys keys) {
    List<String> patients =
        handle
            .createQuery("SELECT patient FROM audit_patient WHERE entry_id = :entry")
            .bind("entry", entry)
            .mapTo(String.class)
            .list();
    for (String patient : patients) {
      if (!SearchKeys.isKeyed(patient)) {
        handle.execute(
            "UPDATE audit_patient SET patient = ? WHERE entry_id = ? AND patient = ?",
            keys.ofDigest("audit patient", patient),
            entry,
            patient);
      }
    }
  }

  /**
   * Takes over the ends of what was plain, once and in the commit that brings the journal its
   * secret: later, whoever finds an end without a seal of this secret cannot tell it from one that
   * was made up. What does not end as it is sealed stays so.
   */
  static void sealEnds(Handle handle, SearchKeys keys) {
    AuditSeals seals = new AuditSeals(keys);
    AuditSeals plain = new AuditSeals(SearchKeys.plain());
    List<AuditEnd> ends =
        handle
            .createQuery("SELECT chain, seq, hash, seal FROM audit_chain WHERE seq > 0")
            .map(
                (rs, ctx) ->
                    new AuditEnd(
                        new AuditHead(rs.getString(1), rs.getLong(2), rs.getString(3)),
                        rs.getString(4)))
            .list();
    for (AuditEnd end : ends) {
      if (end.isSealedBy(plain)) {
        handle.execute(
            "UPDATE audit_chain SET seal = ? WHERE chain = ? AND seal = ?",
            seals.end(end.head()),
            end.head().chain(),
            end.seal());
      }
    }
  }
}
