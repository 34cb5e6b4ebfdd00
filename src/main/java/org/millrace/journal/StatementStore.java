package org.millrace.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilderFactory;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Keeps what was prepared on a connection until the connection is closed: SQLite reads the words of
 * a statement anew with each preparation, which takes longer than most of ours run. A connection
 * serves one thread at a time.
 */
final class StatementStore extends DefaultStatementBuilder {
  /** Ours are fewer; those with a list of any length in them must not fill the memory. */
  private static final int MOST = 256;

  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>(64, 0.75f, true);

  private final Map<Statement, String> running = new IdentityHashMap<>();

  /** Those of each connection that is open; for {@code Jdbi#setStatementBuilderFactory}. */
  static StatementBuilderFactory ofEachConnection() {
    Map<Connection, StatementBuilder> open = new ConcurrentHashMap<>();
    return connection -> {
      Connection own = unwrapped(connection);
      StatementBuilder known = open.get(own);
      if (known == null) {
        open.keySet().removeIf(StatementStore::isClosed);
        known = new StatementStore();
        open.put(own, known);
      }
      return known;
    };
  }

  private static Connection unwrapped(Connection connection) {
    try {
      return connection.unwrap(Connection.class);
    } catch (SQLException broken) {
      throw new JournalException("the connection to the journal is broken", broken);
    }
  }

  private static boolean isClosed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException broken) {
      return true;
    }
  }

  @Override
  public PreparedStatement create(Connection connection, String sql, StatementContext context)
      throws SQLException {
    // Taken out while it runs: a statement may be asked for again while its rows are read.
    PreparedStatement kept = idle.remove(sql);
    PreparedStatement statement =
        kept == null ? super.create(unwrapped(connection), sql, context) : kept;
    running.put(statement, sql);
    return statement;
  }

  /**
   * Puts it back.
   *
   * @param written as it stood in the code, and not as it was prepared
   */
  @Override
  public void close(Connection connection, String written, Statement statement)
      throws SQLException {
    String sql = running.remove(statement);
    if (sql == null || statement.isClosed() || !(statement instanceof PreparedStatement prepared)) {
      super.close(connection, written, statement);
      return;
    }
    // A row that nobody asked for would keep the connection in the state that it was read in, and
    // rows of a batch that failed would go with the next one. What it was run with, a patient's
    // number maybe, does not stay behind either.
    try (ResultSet unread = prepared.getResultSet()) {
      prepared.clearBatch();
      prepared.clearParameters();
    } catch (SQLException unusable) {
      prepared.close();
      throw unusable;
    }
    PreparedStatement other = idle.put(sql, prepared);
    if (other != null) {
      other.close();
    }
    if (idle.size() > MOST) {
      idle.remove(idle.keySet().iterator().next()).close();
    }
  }

  /** What is still being read would keep the connection in the state that it was read in. */
  @Override
  public void close(Connection connection) {
    for (Statement left : running.keySet()) {
      try {
        left.close();
      } catch (SQLException broken) {
        throw new JournalException("the connection to the journal is broken", broken);
      }
    }
    running.clear();
  }
}
