package org.millrace.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** A journal in a folder as months of traffic leave it, made by statements of its own. */
public final class LongJournal {
  /** The sender of the first hundred messages, that has sent nothing since. */
  public static final String GONE = "GONE@NORTH";

  /** Those take turns. */
  public static final int SENDERS = 20;

  /** Those take turns, too. */
  public static final int PATIENTS = 5_000;

  private static final List<String> FEEDS = List.of("results", "documents", "orders", "queries");

  /** None of these is held or refused. */
  private static final String QUERY = "(i % 9 = 4 AND i % 2000 <> 7 AND i % 5000 <> 11)";

  private static final String EXPLAIN = "EXPLAIN QUERY PLAN ";
  private static final Duration SPAN = Duration.ofDays(90);

  private LongJournal() {}

  /** A sender, as it stands in the journal. */
  public static String sender(int number) {
    return "LAB" + number + "@NORTH";
  }

  /** A patient's number. */
  public static String patient(long message) {
    return Long.toString(700_000 + message % PATIENTS);
  }

  /** The filler number of a message, and its control id with an A in place of the F. */
  public static String filler(long message) {
    return "F" + message;
  }

  /**
   * Messages of the last ninety days, spread evenly. Nearly all are delivered; of 2,000 one is
   * held, of 5,000 one refused. Of nine about one is a query, of which a hundredth found nobody;
   * one of {@link #GONE} is the only one that was refused. None waits, so that an engine that opens
   * it has nothing to do.
   *
   * @param contents whether they have their contents, or only what is kept when those are pruned
   */
  public static void make(Path folder, int messages, boolean contents, Clock clock)
      throws SQLException {
    JournalDatabase journal = JournalDatabase.open(folder, clock);
    SearchKeys keys = journal.searchKeys();
    journal.close();
    try (Connection connection = TestJournals.connect(new JournalPlace.Folder(folder));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = OFF");
      // Numbers of patients and reports are digests: rows go anywhere in their index.
      statement.execute("PRAGMA cache_size = -2000000");
      connection.setAutoCommit(false);
      for (String feed : FEEDS) {
        statement.execute(
            "INSERT INTO feed (name, types, zone, charset, settings) VALUES ('"
                + feed
                + "', 'ORU^R01', 'America/Chicago', '', '{}')");
      }
      statement.execute(messages(messages, clock));
      statement.execute(answers(messages));
      if (contents) {
        statement.execute(contents(messages));
      }
      connection.commit();
      addKeys(connection, messages, keys);
      connection.commit();
    }
  }

  private static String numbers(int messages) {
    return "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        + messages
        + ") ";
  }

  private static String messages(int messages, Clock clock) {
    long first = clock.instant().minus(SPAN).toEpochMilli();
    String at = first + " + i * " + SPAN.toMillis() + " / " + messages;
    String feed =
        "CASE WHEN "
            + QUERY
            + " THEN 'queries' WHEN i % 3 = 0 THEN 'results' WHEN i % 3 = 1 THEN 'documents'"
            + " ELSE 'orders' END";
    String held = "i % 2000 = 7";
    String refused = "i % 5000 = 11";
    return "INSERT INTO message (kind, message_key, feed, sender, control_id, message_type, peer,"
        + " received_at, state, reason_code, reason, remedy, who_acts, attempts, next_try_at,"
        + " changed_at, content_hash, reply_state, lane, keyed) "
        + numbers(messages)
        + "SELECT CASE WHEN "
        + QUERY
        + " THEN 'QUESTION' ELSE 'MESSAGE' END, lower(hex(randomblob(32))), "
        + feed
        + ", CASE WHEN i <= 100 THEN '"
        + GONE
        + "' ELSE 'LAB' || (i % "
        + SENDERS
        + ") || '@NORTH' END, 'A' || i, CASE WHEN "
        + QUERY
        + " THEN 'QRY^A19' ELSE 'ORU^R01' END, '10.1.2.3:40112', "
        + at
        + ", CASE WHEN "
        + held
        + " THEN 'HELD' WHEN "
        + refused
        + " THEN 'REFUSED' ELSE 'DELIVERED' END, CASE WHEN i = 2007 THEN 'outcome-unknown' WHEN "
        + held
        + " THEN 'no-such-patient' WHEN "
        + refused
        + " THEN 'refused-by-cerner' ELSE '' END, '', '', '', 1, "
        + at
        + ", "
        + at
        + ", lower(hex(randomblob(32))), 'GIVEN', lower(hex(randomblob(32))), 1 FROM n";
  }

  private static String answers(int messages) {
    return "INSERT INTO query_answer (message_id, took, outcome, ack_code, query_status, more) "
        + numbers(messages)
        + "SELECT i, 20 + i % 400, CASE WHEN i = 13 THEN 'REFUSED' WHEN i % 900 = 4 THEN 'NOT_FOUND'"
        + " ELSE 'FOUND' END, 'AA', 'OK', 0 FROM n WHERE "
        + QUERY;
  }

  private static String contents(int messages) {
    return "INSERT INTO message_content (message_id, raw, reply, report) "
        + numbers(messages)
        + "SELECT i, CAST('MSH|^~\\&|LAB' || (i % "
        + SENDERS
        + ") || '|NORTH|M|H|20261120101500||ORU^R01|A' || i || '|D|2.5.1' || char(13)"
        + " || 'PID|1||' || (700000 + i % "
        + PATIENTS
        + ") || '^^^MRN^MR||MARKLEY^JOE||19760429|M' || char(13) || 'OBR|1||F' || i"
        + " || '|11506-3^Note^LN' || char(13) || 'OBX|1|TX|1^T||' || hex(zeroblob(400))"
        + " || '||||||F' AS BLOB), CAST('MSA|AA|A' || i AS BLOB),"
        + " '{\"lineage\":[],\"coverage\":[]}' FROM n";
  }

  private static void addKeys(Connection connection, int messages, SearchKeys keys)
      throws SQLException {
    try (PreparedStatement row =
        connection.prepareStatement(
            "INSERT INTO business_key (kind, key, message_id, open) VALUES (?, ?, ?, 0)")) {
      for (int message = 1; message <= messages; message++) {
        add(row, new BusinessKey(BusinessKey.Kind.PATIENT, patient(message)), message, keys);
        add(row, new BusinessKey(BusinessKey.Kind.FILLER, filler(message)), message, keys);
        if (message % 10_000 == 0) {
          row.executeBatch();
        }
      }
      row.executeBatch();
    }
  }

  private static void add(PreparedStatement row, BusinessKey number, int message, SearchKeys keys)
      throws SQLException {
    row.setString(1, number.kind().word());
    row.setString(2, BusinessKeyStore.key(keys, number));
    row.setInt(3, message);
    row.addBatch();
  }

  /**
   * How SQLite means to find what passes a filter, newest first: a line for each table it reads.
   */
  public static List<String> plan(JournalDatabase journal, MessageFilter filter) {
    return plan(journal, handle -> journal.listing().query(handle, EXPLAIN, filter, "", "DESC"));
  }

  /** The same of queries. */
  public static List<String> plan(JournalDatabase journal, QueryFilter filter) {
    return plan(journal, handle -> journal.queries().query(handle, EXPLAIN, filter, "", "DESC"));
  }

  private static List<String> plan(JournalDatabase journal, Function<Handle, Query> query) {
    return journal.read(handle -> query.apply(handle).map((rs, ctx) -> rs.getString(4)).list());
  }
}
