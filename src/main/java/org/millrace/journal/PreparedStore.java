package org.millrace.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The statements that each message needs, prepared once for a connection: preparing them anew took
 * most of the writer's time. Only for the writer's thread.
 */
final class PreparedStore {
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private @Nullable Connection connection;

  /** What is done with a statement; it leaves no result set open, or the next commit would fail. */
  @FunctionalInterface
  interface Use<T> {
    T with(PreparedStatement statement) throws SQLException;
  }

  /**
   * @throws JournalException if the statement fails; its words hold no value
   */
  <T> T use(Handle handle, String sql, Use<T> use) {
    try {
      return use.with(on(handle.getConnection(), sql));
    } catch (SQLException failure) {
      throw new JournalException("a message could not be written", failure);
    }
  }

  /** Sets the parameters in order, and runs a statement that answers nothing. */
  int run(Handle handle, String sql, Object... values) {
    return use(
        handle,
        sql,
        statement -> {
          set(statement, values);
          return statement.executeUpdate();
        });
  }

  /** Runs it for each of these rows; a database that is far away is asked once for all. */
  void runAll(Handle handle, String sql, Collection<Object[]> rows) {
    use(
        handle,
        sql,
        statement -> {
          for (Object[] values : rows) {
            set(statement, values);
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }

  static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      statement.setObject(i + 1, value instanceof String text ? storable(text) : value);
    }
  }

  /** PostgreSQL keeps no NUL in a text; a sender may write one into any field. */
  static String storable(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }

  private PreparedStatement on(Connection current, String sql) throws SQLException {
    if (!current.equals(connection)) {
      // Those of a connection that was given up went with it.
      prepared.clear();
      connection = current;
    }
    PreparedStatement known = prepared.get(sql);
    if (known == null) {
      known = current.prepareStatement(sql);
      prepared.put(sql, known);
    }
    return known;
  }
}
