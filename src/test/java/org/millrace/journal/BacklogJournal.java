package org.millrace.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;

/** A journal in a folder with a long backlog, made by statements of its own: in seconds. */
public final class BacklogJournal {
  /** As many patients as that, each with the same number of messages. */
  public static final int PATIENTS = 1_000;

  private BacklogJournal() {}

  /** A patient's number. */
  public static String patient(int number) {
    return Integer.toString(700_000 + number);
  }

  /**
   * Messages of one sender that nobody looked into yet. Their text is a number that rises; the
   * patients take turns.
   *
   * @param from the first of these numbers
   */
  public static void add(Path folder, String sender, int from, int count, Clock clock)
      throws SQLException {
    JournalDatabase.open(folder, clock).close();
    addBeside(folder, sender, from, count);
  }

  /** The same for a journal that an engine has open. */
  public static void addBeside(Path folder, String sender, int from, int count)
      throws SQLException {
    JournalPlace place = new JournalPlace.Folder(folder);
    String numbers =
        "WITH RECURSIVE n (i) AS (SELECT "
            + from
            + " UNION ALL SELECT i + 1 FROM n WHERE i < "
            + (from + count - 1)
            + ") ";
    try (Connection connection = TestJournals.connect(place);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = OFF");
      connection.setAutoCommit(false);
      statement.execute(
          "INSERT INTO feed (name, types, zone, charset, settings) VALUES ('results', 'ORU^R01',"
              + " 'America/Chicago', '', '{}') ON CONFLICT DO NOTHING");
      statement.execute(
          "INSERT INTO message (kind, message_key, feed, sender, control_id, message_type, peer,"
              + " received_at, state, reason_code, reason, remedy, who_acts, attempts, next_try_at,"
              + " changed_at, content_hash, reply_state) "
              + numbers
              + "SELECT 'MESSAGE', '"
              + sender
              + "' || i, 'results', '"
              + sender
              + "', 'A' || i, 'ORU^R01', '', 1, 'QUEUED', '', '', '', '', 0, 1, 1, 'h' || i, 'OWED'"
              + " FROM n");
      statement.execute(
          "INSERT INTO message_content (message_id, raw, reply, report)"
              + " SELECT id, CAST('MSH|^~\\&|LAB|NORTH|M|H|20261120101500||ORU^R01|' || control_id"
              + " || '|D|2.5.1' || char(13) || 'PID|1||' || (700000 + substr(control_id, 2) % "
              + PATIENTS
              + ") || '^^^MRN^MR||MARKLEY^JOE||19760429|M' || char(13) || 'OBR|1||F' ||"
              + " substr(control_id, 2) || '|11506-3^Note^LN' || char(13) || 'OBX|1|TX|1^T||' ||"
              + " substr(control_id, 2) || '||||||F' AS BLOB), x'', '' FROM message"
              + " WHERE id NOT IN (SELECT message_id FROM message_content)");
      connection.commit();
    }
  }
}
