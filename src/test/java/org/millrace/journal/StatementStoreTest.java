package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

class StatementStoreTest {
  private static final String NEWEST = "SELECT max(id) FROM t WHERE id > :id";

  private final Set<PreparedStatement> used = Collections.newSetFromMap(new IdentityHashMap<>());
  @TempDir private Path folder;
  private Jdbi jdbi;

  @BeforeEach
  void makeATable() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    SQLiteDataSource file = new SQLiteDataSource(config);
    file.setUrl("jdbc:sqlite:" + folder.resolve("kept.db"));
    jdbi =
        Jdbi.create(file)
            .setStatementBuilderFactory(StatementStore.ofEachConnection())
            .setSqlLogger(
                new SqlLogger() {
                  @Override
                  public void logBeforeExecution(StatementContext context) {
                    used.add(context.getStatement());
                  }
                });
    jdbi.useHandle(handle -> handle.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)"));
    used.clear();
  }

  private static long newest(Handle handle, long above) {
    return handle.createQuery(NEWEST).bind("id", above).mapTo(Long.class).findOne().orElse(0L);
  }

  @Test
  void preparesOnceForAConnection() {
    try (Handle handle = jdbi.open()) {
      for (int i = 1; i <= 5; i++) {
        handle.execute("INSERT INTO t (id) VALUES (?)", i);
        assertThat(newest(handle, 0)).isEqualTo(i);
      }
    }
    assertThat(used).hasSize(2);
  }

  @Test
  void keepsNoValueForTheNextRun() throws SQLException {
    try (Handle handle = jdbi.open()) {
      handle.execute("INSERT INTO t (id) VALUES (7)");
      used.clear();
      assertThat(newest(handle, 5)).isEqualTo(7);

      // Run without a value it finds nothing: SQLite takes none for a null.
      for (PreparedStatement kept : used) {
        try (ResultSet rows = kept.executeQuery()) {
          assertThat(rows.next() && rows.getLong(1) > 0).isFalse();
        }
      }
    }
  }

  @Test
  void aStatementThatRunsIsNotRunAgainInItself() {
    try (Handle handle = jdbi.open()) {
      handle.execute("INSERT INTO t (id) VALUES (1), (2), (3)");
      List<Long> seen = new ArrayList<>();

      handle
          .createQuery("SELECT id FROM t ORDER BY id")
          .mapTo(Long.class)
          .useIterator(
              outer -> {
                while (outer.hasNext()) {
                  seen.add(outer.next());
                  handle
                      .createQuery("SELECT id FROM t ORDER BY id")
                      .mapTo(Long.class)
                      .list()
                      .forEach(seen::add);
                }
              });

      assertThat(seen).containsExactly(1L, 1L, 2L, 3L, 2L, 1L, 2L, 3L, 3L, 1L, 2L, 3L);
    }
  }

  @Test
  void whatWasReadInPartHoldsTheLogNoLonger() {
    try (Handle reader = jdbi.open();
        Handle writer = jdbi.open()) {
      writer.execute("INSERT INTO t (id) VALUES (1), (2)");
      assertThat(reader.createQuery("SELECT id FROM t").mapTo(Long.class).findFirst().orElseThrow())
          .isEqualTo(1);
      writer.execute("INSERT INTO t (id) VALUES (3)");

      long busy =
          writer.createQuery("PRAGMA wal_checkpoint(TRUNCATE)").mapTo(Long.class).findFirst().get();

      assertThat(busy).isZero();
    }
  }

  @Test
  void keepsSoManyAndNoMore() throws SQLException {
    try (Handle handle = jdbi.open()) {
      for (int i = 0; i < 300; i++) {
        handle.createQuery("SELECT " + i).mapTo(Long.class).one();
      }
      int open = 0;
      for (PreparedStatement each : used) {
        open += each.isClosed() ? 0 : 1;
      }
      assertThat(open).isEqualTo(256);
    }
  }
}
