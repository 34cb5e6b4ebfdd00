package org.millrace.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/**
 * The codes that no mapping table knew, message by message: the work list of whoever keeps the
 * tables. Thread-safe.
 */
public final class CodeStore {
  /** The reason of a message that a rule holds for an unknown code. */
  public static final String HELD_BY_CODE = "unknown-code";

  private static final String DELETE = "DELETE FROM unknown_code WHERE message_id = ?";

  /** Two rules may read one field by one table; if one of them holds the message, it is held. */
  private static final String INSERT =
      "INSERT INTO unknown_code (message_id, sender, table_name, code, code_sealed, code_text,"
          + " path, held) SELECT id, sender, ?, ?, ?, ?, ?, ? FROM message WHERE id = ?"
          + " ON CONFLICT (message_id, table_name, code, path)"
          + " DO UPDATE SET held = 1 WHERE excluded.held = 1";

  private final JournalDatabase journal;

  CodeStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** The work list, by table and code; those that hold the most messages first. */
  public List<CodeSummary> list(CodeFilter filter) {
    String sql =
        "SELECT c.table_name, c.code, c.sender, m.feed, max(c.code_sealed), max(c.code_text), count(*),"
            + " count(DISTINCT c.message_id),"
            + " count(DISTINCT CASE WHEN c.held = 1 AND "
            + waitsForCode()
            + " THEN m.id END) AS holding, min(m.received_at), max(m.received_at)"
            + " FROM unknown_code c JOIN message m ON m.id = c.message_id WHERE 1 = 1"
            + where(filter)
            + " GROUP BY c.table_name, c.code, c.sender, m.feed";
    return ofTenants(
            journal.read(
                handle -> {
                  Map<String, String> tenants = QueueStore.tenants(handle);
                  return bound(handle.createQuery(sql), filter)
                      .map((rs, context) -> summary(rs, tenants))
                      .list();
                }))
        .stream()
        .sorted(
            Comparator.comparing(CodeSummary::held)
                .thenComparing(CodeSummary::times)
                .reversed()
                .thenComparing(CodeSummary::table)
                .thenComparing(CodeSummary::code)
                .thenComparing(CodeSummary::sender)
                .thenComparing(CodeSummary::tenant))
        .toList();
  }

  /** A line for each tenant of a sender, and not for each feed. */
  private static Collection<CodeSummary> ofTenants(List<CodeSummary> byFeed) {
    Map<List<String>, CodeSummary> lines = new LinkedHashMap<>();
    byFeed.forEach(
        each ->
            lines.merge(
                List.of(each.table(), each.code(), each.sender(), each.tenant()),
                each,
                CodeSummary::with));
    return lines.values();
  }

  private CodeSummary summary(ResultSet rs, Map<String, String> tenants) throws SQLException {
    JournalSecrets secrets = journal.secrets();
    return new CodeSummary(
        rs.getString(1),
        code(secrets, rs.getString(1), rs.getString(2), rs.getString(5)),
        rs.getString(3),
        tenants.getOrDefault(rs.getString(4), ""),
        text(secrets, rs.getString(1), rs.getString(2), rs.getString(6)),
        rs.getInt(7),
        rs.getInt(8),
        rs.getInt(9),
        Instant.ofEpochMilli(rs.getLong(10)),
        Instant.ofEpochMilli(rs.getLong(11)));
  }

  /** Where the codes stand, newest message first. */
  public List<CodeInMessage> messages(CodeFilter filter, int limit) {
    return journal.read(
        handle ->
            bound(
                    handle.createQuery(
                        inMessage("1 = 1" + where(filter))
                            + " ORDER BY c.message_id DESC, c.path LIMIT :limit"),
                    filter)
                .bind("limit", limit)
                .map(inMessage(QueueStore.tenants(handle), journal.secrets()))
                .list());
  }

  /**
   * All codes that hold a message, of every message that waits for one of these; in order of
   * arrival.
   */
  public List<CodeInMessage> holding(CodeFilter filter) {
    String sql =
        inMessage(
                waitsForCode()
                    + " AND c.held = 1 AND c.message_id IN (SELECT c.message_id FROM unknown_code c"
                    + " WHERE c.held = 1"
                    + where(filter)
                    + ")")
            + " ORDER BY c.message_id, c.path";
    return journal.read(
        handle ->
            bound(handle.createQuery(sql), filter)
                .map(inMessage(QueueStore.tenants(handle), journal.secrets()))
                .list());
  }

  /**
   * These codes where they were passed on, in messages that were filed; in order of arrival, those
   * last whose correction was tried in vain.
   */
  public List<CodeInMessage> passed(CodeFilter filter) {
    String sql =
        inMessage("m.state = 'DELIVERED' AND c.held = 0" + where(filter))
            + " ORDER BY EXISTS (SELECT 1 FROM note n WHERE n.message_id = c.message_id"
            + " AND n.code = 'not-corrected'), c.message_id, c.path";
    return journal.read(
        handle ->
            bound(handle.createQuery(sql), filter)
                .map(inMessage(QueueStore.tenants(handle), journal.secrets()))
                .list());
  }

  /** The codes of one message, in the order of their places. */
  public List<UnmappedCode> of(long messageId) {
    return journal.read(handle -> of(handle, messageId, journal.secrets()));
  }

  static List<UnmappedCode> of(Handle handle, long messageId, JournalSecrets secrets) {
    return handle
        .createQuery(inMessage("c.message_id = :id") + " ORDER BY c.path, c.table_name")
        .bind("id", messageId)
        .map(inMessage(QueueStore.tenants(handle), secrets))
        .map(CodeInMessage::code)
        .list();
  }

  /** Puts these in the place of what an earlier mapping of the message left. */
  static void replace(
      Handle handle, long messageId, List<UnmappedCode> codes, JournalSecrets secrets) {
    handle.execute(DELETE, messageId);
    for (UnmappedCode code : codes) {
      String key = secrets.searchKeys().ofText("code", code.code());
      boolean keyed = secrets.searchKeys().keyed();
      handle.execute(
          INSERT,
          code.table(),
          key,
          keyed
              ? secrets.cipher().sealText(0, place("code", code.table(), key), "=" + code.code())
              : "",
          secrets.cipher().sealText(0, place("text", code.table(), key), code.text()),
          code.path(),
          code.held() ? 1 : 0,
          messageId);
    }
  }

  private record Sealed(String table, String key, String code, String text, String path) {}

  /** Writes the rows of a message as they are written now, unless others do so meanwhile. */
  static void sealAnew(Handle handle, long messageId, JournalSecrets secrets) {
    List<Sealed> rows =
        handle
            .createQuery(
                "SELECT table_name, code, code_sealed, code_text, path FROM unknown_code"
                    + " WHERE message_id = :id")
            .bind("id", messageId)
            .map(
                (rs, context) ->
                    new Sealed(
                        rs.getString(1),
                        rs.getString(2),
                        rs.getString(3),
                        rs.getString(4),
                        rs.getString(5)))
            .list();
    rows.stream()
        .filter(row -> !isCurrent(row, secrets))
        .forEach(row -> sealAnew(handle, messageId, row, secrets));
  }

  private static boolean isCurrent(Sealed row, JournalSecrets secrets) {
    return !row.code().isEmpty()
        && secrets.cipher().isCurrent(row.code())
        && secrets.cipher().isCurrent(row.text());
  }

  private static void sealAnew(Handle handle, long message, Sealed row, JournalSecrets secrets) {
    String code = code(secrets, row.table(), row.key(), row.code());
    String text = text(secrets, row.table(), row.key(), row.text());
    String key = secrets.searchKeys().ofText("code", code);
    handle.execute(
        "UPDATE unknown_code SET code = ?, code_sealed = ?, code_text = ? WHERE message_id = ?"
            + " AND table_name = ? AND code = ? AND path = ? AND code_sealed = ?"
            + " AND code_text = ?",
        key,
        secrets.cipher().sealText(0, place("code", row.table(), key), "=" + code),
        secrets.cipher().sealText(0, place("text", row.table(), key), text),
        message,
        row.table(),
        row.key(),
        row.path(),
        row.code(),
        row.text());
  }

  private static String place(String column, String table, String key) {
    return SealedPlaces.code(column, table, key);
  }

  /** The code of a row: what it is searched by, unless that is a keyed hash. */
  private static String code(JournalSecrets secrets, String table, String key, String sealed) {
    return sealed.isEmpty()
        ? key
        : secrets.cipher().openText(0, place("code", table, key), sealed).substring(1);
  }

  private static String text(JournalSecrets secrets, String table, String key, String sealed) {
    return secrets.cipher().openText(0, place("text", table, key), sealed);
  }

  private static RowMapper<CodeInMessage> inMessage(
      Map<String, String> tenants, JournalSecrets secrets) {
    return (rs, context) -> {
      String table = rs.getString(6);
      String key = rs.getString(7);
      return new CodeInMessage(
          rs.getLong(1),
          rs.getString(3),
          tenants.getOrDefault(rs.getString(2), ""),
          Instant.ofEpochMilli(rs.getLong(4)),
          MessageState.valueOf(rs.getString(5)),
          new UnmappedCode(
              table,
              code(secrets, table, key, rs.getString(8)),
              text(secrets, table, key, rs.getString(9)),
              rs.getString(10),
              rs.getInt(11) == 1));
    };
  }

  private static String waitsForCode() {
    return "m.state = 'HELD' AND m.reason_code = '" + HELD_BY_CODE + "'";
  }

  private static String inMessage(String condition) {
    return "SELECT c.message_id, m.feed, c.sender, m.received_at, m.state, c.table_name, c.code,"
        + " c.code_sealed, c.code_text, c.path, c.held FROM unknown_code c JOIN message m ON m.id = c.message_id"
        + " WHERE "
        + condition;
  }

  private static String where(CodeFilter filter) {
    return Stream.of(
            filter.table().map(any -> " AND c.table_name = :table"),
            filter.code().map(any -> " AND c.code = :code"),
            filter.sender().map(any -> " AND c.sender = :sender"))
        .map(part -> part.orElse(""))
        .reduce("", String::concat);
  }

  private Query bound(Query query, CodeFilter filter) {
    filter.table().ifPresent(table -> query.bind("table", table));
    filter
        .code()
        .ifPresent(code -> query.bind("code", journal.secrets().searchKeys().ofText("code", code)));
    filter.sender().ifPresent(sender -> query.bind("sender", sender));
    return query;
  }
}
