package org.millrace.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Looks into the audit trail. Thread-safe. */
public class AuditTrailStore {
  private static final String COLUMNS =
      "id, chain, seq, at, what, outcome, status, who, proof, address, subject, request_id,"
          + " details, commitment, hash FROM audit_entry ";

  private final JournalDatabase journal;

  AuditTrailStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** Whether the entry that ended a chain then is there. */
  boolean has(AuditHead head) {
    return journal.read(
        handle ->
            handle
                    .createQuery(
                        "SELECT count(*) FROM audit_entry"
                            + " WHERE chain = :chain AND seq = :seq AND hash = :hash")
                    .bind("chain", head.chain())
                    .bind("seq", head.seq())
                    .bind("hash", head.hash())
                    .mapTo(Long.class)
                    .one()
                == 1);
  }

  /** Where a chain ends, as it is on record. */
  Optional<AuditEnd> end(String ofChain) {
    return journal.read(
        handle ->
            handle
                .createQuery("SELECT seq, hash, seal FROM audit_chain WHERE chain = :chain")
                .bind("chain", ofChain)
                .map(
                    (rs, ctx) ->
                        new AuditEnd(
                            new AuditHead(ofChain, rs.getLong(1), rs.getString(2)),
                            rs.getString(3)))
                .findOne());
  }

  /** Every chain that has an entry or an end on record. */
  List<String> chains() {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT chain FROM audit_chain UNION SELECT DISTINCT chain FROM audit_entry"
                        + " ORDER BY 1")
                .mapTo(String.class)
                .list());
  }

  /** Entries of a chain behind the one of this number, in order. */
  List<Row> ofChain(String ofChain, long after, int rows) {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT "
                        + COLUMNS
                        + "WHERE chain = :chain AND seq > :after ORDER BY seq LIMIT :rows")
                .bind("chain", ofChain)
                .bind("after", after)
                .bind("rows", rows)
                .map((rs, ctx) -> row(rs, Details.AS_FAR_AS_POSSIBLE))
                .list());
  }

  /**
   * An entry as it stands in the table.
   *
   * @param salted its details as they were written; empty if they cannot be opened
   * @param sealed whether they are under a key
   */
  record Row(AuditEntry entry, String salted, boolean sealed) {}

  /** By what entries of a chain are found that are about patients; by the ids of the entries. */
  Map<Long, Set<String>> patients(String ofChain, long after, long upTo) {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT p.entry_id, p.patient FROM audit_patient p"
                        + " JOIN audit_entry e ON e.id = p.entry_id"
                        + " WHERE e.chain = :chain AND e.seq > :after AND e.seq <= :upTo")
                .bind("chain", ofChain)
                .bind("after", after)
                .bind("upTo", upTo)
                .reduceRows(
                    new HashMap<Long, Set<String>>(),
                    (found, row) -> {
                      found
                          .computeIfAbsent(
                              row.getColumn("entry_id", Long.class), any -> new HashSet<>())
                          .add(row.getColumn("patient", String.class));
                      return found;
                    }));
  }

  /**
   * Entries that fit, newest first.
   *
   * @param details with details and patients; without, no key of the journal is needed
   * @throws JournalException if the journal is encrypted and open without its key, and that is
   *     needed
   */
  public List<AuditEntry> list(AuditFilter filter, int limit, boolean details) {
    return find(filter, limit, "DESC", details ? Details.OPENED : Details.LEFT_OUT);
  }

  /** Entries that fit behind the one of this id, in the order they were written. */
  public List<AuditEntry> after(AuditFilter filter, long id, int limit) {
    return find(filter.after(id), limit, "ASC", Details.OPENED);
  }

  private List<AuditEntry> find(AuditFilter filter, int limit, String order, Details how) {
    AuditSeals seals = new AuditSeals(journal.secrets().searchKeys());
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT "
                        + COLUMNS
                        + "WHERE id > :after AND at >= :since AND at < :until"
                        + " AND (:who = '' OR who = :who) AND (:what = '' OR what = :what)"
                        + " AND (:outcome = '' OR outcome = :outcome)"
                        + " AND (:patient = '' OR id IN"
                        + " (SELECT entry_id FROM audit_patient WHERE patient = :patient))"
                        + " ORDER BY id "
                        + order
                        + " LIMIT :limit")
                .bind("after", filter.afterId())
                .bind("since", filter.since().map(Instant::toEpochMilli).orElse(0L))
                .bind("until", filter.until().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE))
                .bind("who", filter.who())
                .bind("what", filter.what())
                .bind("outcome", filter.outcome().map(Enum::name).orElse(""))
                .bind("patient", filter.patient().map(seals::patient).orElse(""))
                .bind("limit", limit)
                .map((rs, ctx) -> row(rs, how).entry())
                .list());
  }

  /** What becomes of sealed details that are read. */
  private enum Details {
    OPENED,
    /** Those that cannot be opened are taken for empty. */
    AS_FAR_AS_POSSIBLE,
    LEFT_OUT
  }

  private Row row(ResultSet rs, Details how) throws SQLException {
    String ofChain = rs.getString(2);
    long seq = rs.getLong(3);
    String salted = "";
    Map<String, String> details = new TreeMap<>();
    try {
      salted =
          how == Details.LEFT_OUT
              ? ""
              : journal
                  .secrets()
                  .cipher()
                  .openText(0, SealedPlaces.audit(ofChain, seq), rs.getString(13));
      details.putAll(DetailsJson.read(salted));
    } catch (JournalException changed) {
      if (how == Details.OPENED) {
        throw changed;
      }
    }
    details.remove(AuditSeals.SALT);
    String patients = details.getOrDefault(AuditStore.PATIENTS, "");
    details.remove(AuditStore.PATIENTS);
    AuditEvent event =
        new AuditEvent(
            Instant.ofEpochMilli(rs.getLong(4)),
            rs.getString(5),
            AuditEvent.Outcome.read(rs.getString(6)),
            rs.getInt(7),
            new AuditEvent.Actor(rs.getString(8), rs.getString(9), rs.getString(10)),
            rs.getString(11),
            rs.getString(12),
            patients.isEmpty() ? List.of() : List.of(patients.split(" ")),
            details);
    return new Row(
        new AuditEntry(rs.getLong(1), ofChain, seq, event, rs.getString(14), rs.getString(15)),
        salted,
        ContentCipher.isSealed(rs.getString(13)));
  }
}
