package org.millrace.journal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** How a database means to carry out a statement. */
final class Plans {
  private Plans() {}

  /** Line by line; tables are small in tests, so a server is told not to read them whole. */
  static List<String> of(TestJournals on, JournalPlace place, String sql) throws SQLException {
    try (Connection connection = TestJournals.connect(place);
        Statement statement = connection.createStatement()) {
      if (on == TestJournals.POSTGRES) {
        statement.execute("ANALYZE; SET enable_seqscan = off; SET enable_bitmapscan = off");
      }
      String explain = on == TestJournals.POSTGRES ? "EXPLAIN " : "EXPLAIN QUERY PLAN ";
      List<String> lines = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(explain + sql)) {
        while (rows.next()) {
          lines.add(rows.getString(on == TestJournals.POSTGRES ? 1 : 4));
        }
      }
      return lines;
    }
  }
}
