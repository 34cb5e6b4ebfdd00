package org.millrace.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The changes that messages ask for, and how far each came. Thread-safe. */
public final class LedgerStore {
  /** What filler numbers are searched by. */
  static final String FILLER = "filler";

  private static final String SELECT =
      "SELECT l.message_id, anchor, action, marker, filler_number, patient_id, l.state,"
          + " resource_id, version, l.attempts, first_sent_at, looks, last_error, cerner_text,"
          + " content_digest, filed_as, filler_sealed";

  /** No LIKE: with what is bound to it, SQLite would plan the statement anew each time. */
  private static final String OF_REPORT =
      " FROM ledger l JOIN message m ON m.id = l.message_id"
          + " WHERE filler_number = :filler AND m.sender = :sender"
          + " AND substr(anchor, 1, length(:anchor)) = :anchor";

  /** Rows of what came after a message and is, or may be, stored. */
  private static final String LATER =
      " AND l.message_id > :after AND l.message_id <> :but"
          + " AND l.state NOT IN ('PREPARED', 'REFUSED')";

  private static final String LATER_CHANGE =
      LATER + " AND (action <> 'create-document' OR filed_as = 'AMENDED')";

  private final JournalDatabase journal;

  LedgerStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** The changes that one message asks for. */
  public List<LedgerRow> rows(long messageId) {
    return journal.read(handle -> rows(handle, messageId, journal.secrets()));
  }

  /**
   * What the messages of a sender ask for under one filler number, in order of arrival.
   *
   * @param limit the newest ones, should there be more: some senders count no reports
   */
  public List<LedgerEntry> ofReport(Report report, int limit) {
    List<LedgerEntry> newestFirst =
        journal.read(
            handle ->
                bound(
                        handle.createQuery(
                            SELECT
                                + ", m.state"
                                + OF_REPORT
                                + " ORDER BY l.message_id DESC, anchor DESC LIMIT :limit"),
                        report)
                    .bind("limit", limit)
                    .map((rs, ctx) -> entry(rs, journal.secrets().cipher()))
                    .list());
    List<LedgerEntry> inOrder = new ArrayList<>(newestFirst);
    Collections.reverse(inOrder);
    return inOrder;
  }

  /**
   * What is to be known of a report before a message of it is filed.
   *
   * @param overtaking what of it came after the message and is, or may be, stored
   * @param preliminary whether any of it was filed as preliminary
   */
  public record Sight(Optional<LedgerRow> overtaking, boolean preliminary) {}

  /**
   * Looks at a report.
   *
   * @param after the message
   * @param self the message that asks; another one if it files that one's documents again
   * @param preliminary if the message is: then any later report counts, else only one that corrects
   *     or withdraws
   */
  public Sight sight(Report report, long after, long self, boolean preliminary) {
    String overtaking = preliminary ? LATER : LATER_CHANGE;
    return journal.readAtOnce(
        handle ->
            bound(
                    handle.createQuery(
                        "SELECT EXISTS (SELECT 1"
                            + OF_REPORT
                            + overtaking
                            + "), EXISTS (SELECT 1"
                            + OF_REPORT
                            + " AND filed_as = 'PRELIMINARY')"),
                    report)
                .bind("after", after)
                .bind("but", self)
                .map(
                    (rs, ctx) ->
                        new Sight(
                            rs.getBoolean(1)
                                ? overtaking(handle, report, after, self, overtaking)
                                : Optional.empty(),
                            rs.getBoolean(2)))
                .one());
  }

  private Optional<LedgerRow> overtaking(
      Handle handle, Report report, long after, long self, String which) {
    return bound(
            handle.createQuery(
                SELECT + ", m.state" + OF_REPORT + which + " ORDER BY l.message_id LIMIT 1"),
            report)
        .bind("after", after)
        .bind("but", self)
        .map((rs, ctx) -> entry(rs, journal.secrets().cipher()).row())
        .findOne();
  }

  /**
   * A report, as a sender knows it.
   *
   * @param sender as in {@link QueuedMessage#sender}
   * @param segment what it begins with, {@code OBR}: the numbers of results and those of documents
   *     are two series
   */
  public record Report(String sender, String segment, String fillerNumber) {
    /** The sender only: a number may be a patient's. */
    @Override
    public String toString() {
      return "a report of " + sender;
    }
  }

  private Query bound(Query query, Report report) {
    return query
        .bind("filler", filler(report.fillerNumber(), journal.secrets()))
        .bind("sender", report.sender())
        .bind("anchor", report.segment() + "[");
  }

  /** What was done to one document, in order of arrival. */
  public List<LedgerEntry> ofDocument(String resourceId) {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    SELECT
                        + ", m.state FROM ledger l JOIN message m ON m.id = l.message_id"
                        // The partial index is taken only when the planner sees its own words.
                        + " WHERE resource_id <> '' AND resource_id = :resource"
                        + " ORDER BY l.message_id, anchor")
                .bind("resource", resourceId)
                .map((rs, ctx) -> entry(rs, journal.secrets().cipher()))
                .list());
  }

  /**
   * Writes rows, new or changed, all in one commit.
   *
   * @return completes once they are on disk: only then may the change be sent
   */
  public CompletableFuture<Integer> save(List<LedgerRow> rows) {
    return journal.writeDelivery(
        messageOf(rows),
        handle -> rows.stream().mapToInt(row -> save(handle, row, journal.secrets())).sum());
  }

  /** Writes those of the rows that are not there yet; what is there stays as it is. */
  public CompletableFuture<Integer> add(List<LedgerRow> rows) {
    return journal.writeDelivery(
        messageOf(rows),
        handle -> rows.stream().mapToInt(row -> add(handle, row, journal.secrets())).sum());
  }

  /** Takes rows out that were never sent: the message does not ask for them any more. */
  public CompletableFuture<Integer> forget(Collection<LedgerRow> rows) {
    return journal.writeDelivery(
        messageOf(rows),
        handle ->
            rows.stream()
                .mapToInt(
                    row ->
                        handle.execute(
                            "DELETE FROM ledger WHERE message_id = ? AND anchor = ?"
                                + " AND attempts = 0 AND state = 'PREPARED'",
                            row.messageId(),
                            row.anchor()))
                .sum());
  }

  private static long messageOf(Collection<LedgerRow> rows) {
    return rows.stream().mapToLong(LedgerRow::messageId).findFirst().orElse(0);
  }

  static List<LedgerRow> rows(Handle handle, long messageId, JournalSecrets secrets) {
    return handle
        .createQuery(SELECT + " FROM ledger l WHERE message_id = :id ORDER BY anchor")
        .bind("id", messageId)
        .map((rs, ctx) -> row(rs, secrets.cipher()))
        .list();
  }

  private static LedgerEntry entry(ResultSet rs, ContentCipher cipher) throws SQLException {
    return new LedgerEntry(row(rs, cipher), MessageState.valueOf(rs.getString(18)));
  }

  private static LedgerRow row(ResultSet rs, ContentCipher cipher) throws SQLException {
    long id = rs.getLong(1);
    String anchor = rs.getString(2);
    String filler = cipher.openText(id, place("filler", anchor), rs.getString(17));
    return new LedgerRow(
        new LedgerRow.Asked(
            id,
            anchor,
            rs.getString(3),
            rs.getString(4),
            filler.isEmpty() ? rs.getString(5) : filler),
        LedgerState.valueOf(rs.getString(7)),
        new LedgerRow.Target(
            cipher.openText(id, place("patient", anchor), rs.getString(6)),
            rs.getString(8),
            rs.getString(9)),
        new LedgerRow.Content(
            cipher.openText(id, place("digest", anchor), rs.getString(15)),
            FiledAs.valueOf(rs.getString(16))),
        new LedgerRow.Tries(rs.getInt(10), Instant.ofEpochMilli(rs.getLong(11)), rs.getInt(12)),
        new LedgerRow.Failure(
            rs.getString(13), cipher.openText(id, place("words", anchor), rs.getString(14))));
  }

  private static String place(String column, String anchor) {
    return SealedPlaces.ledger(column, anchor);
  }

  /** What a filler number is searched by; none is none. */
  private static String filler(String number, JournalSecrets secrets) {
    return number.isEmpty() ? "" : secrets.searchKeys().ofText(FILLER, number);
  }

  /** The number itself, where the column that is searched holds its keyed hash. */
  private static String fillerSealed(LedgerRow row, JournalSecrets secrets) {
    return secrets.searchKeys().keyed()
        ? secrets
            .cipher()
            .sealText(row.messageId(), place("filler", row.anchor()), row.fillerNumber())
        : "";
  }

  /** Writes what is sealed in the rows of a message as it is written now. */
  static void sealAnew(Handle handle, long messageId, JournalSecrets secrets) {
    ContentCipher cipher = secrets.cipher();
    for (LedgerRow row : rows(handle, messageId, secrets)) {
      // Nothing else changes these two.
      handle.execute(
          "UPDATE ledger SET filler_number = ?, filler_sealed = ?"
              + " WHERE message_id = ? AND anchor = ? AND filler_number <> ''",
          filler(row.fillerNumber(), secrets),
          fillerSealed(row, secrets),
          messageId,
          row.anchor());
    }
    for (Sealed each : sealed(handle, messageId)) {
      String place = place(each.place(), each.anchor());
      if (!cipher.isCurrent(each.text())) {
        handle.execute(
            "UPDATE ledger SET "
                + each.column()
                + " = ? WHERE message_id = ? AND anchor = ? AND "
                + each.column()
                + " = ?",
            cipher.sealText(messageId, place, cipher.openText(messageId, place, each.text())),
            messageId,
            each.anchor(),
            each.text());
      }
    }
  }

  /**
   * A sealed text of a row.
   *
   * @param place what it is bound to
   */
  private record Sealed(String anchor, String column, String place, String text) {}

  private static List<Sealed> sealed(Handle handle, long messageId) {
    return handle
        .createQuery(
            "SELECT anchor, patient_id, cerner_text, content_digest FROM ledger"
                + " WHERE message_id = :id")
        .bind("id", messageId)
        .map(
            (rs, ctx) ->
                List.of(
                    new Sealed(rs.getString(1), "patient_id", "patient", rs.getString(2)),
                    new Sealed(rs.getString(1), "cerner_text", "words", rs.getString(3)),
                    new Sealed(rs.getString(1), "content_digest", "digest", rs.getString(4))))
        .list()
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  static int save(Handle handle, LedgerRow row, JournalSecrets secrets) {
    return write(
        handle,
        row,
        secrets,
        """
        DO UPDATE SET action = excluded.action, patient_id = excluded.patient_id,
          state = excluded.state, resource_id = excluded.resource_id, version = excluded.version,
          attempts = excluded.attempts, first_sent_at = excluded.first_sent_at,
          looks = excluded.looks, last_error = excluded.last_error,
          cerner_text = excluded.cerner_text, content_digest = excluded.content_digest,
          filed_as = excluded.filed_as""");
  }

  private static int add(Handle handle, LedgerRow row, JournalSecrets secrets) {
    return write(handle, row, secrets, "DO NOTHING");
  }

  private static int write(Handle handle, LedgerRow row, JournalSecrets secrets, String ifThere) {
    long id = row.messageId();
    ContentCipher cipher = secrets.cipher();
    return handle
        .createUpdate(
            """
            INSERT INTO ledger (message_id, anchor, action, marker, filler_number, filler_sealed,
              patient_id, state, resource_id, version, attempts, first_sent_at, looks, last_error,
              cerner_text, content_digest, filed_as)
            VALUES (:message, :anchor, :action, :marker, :filler, :fillerSealed, :patient, :state,
              :resource, :version, :attempts, :firstSent, :looks, :error, :words, :digest, :filedAs)
            ON CONFLICT (message_id, anchor) """
                + " "
                + ifThere)
        .bind("message", id)
        .bind("anchor", row.anchor())
        .bind("action", row.action())
        .bind("marker", row.marker())
        .bind("filler", filler(row.fillerNumber(), secrets))
        .bind("fillerSealed", fillerSealed(row, secrets))
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
        .bind("filedAs", row.filedAs().name())
        .execute();
  }
}
