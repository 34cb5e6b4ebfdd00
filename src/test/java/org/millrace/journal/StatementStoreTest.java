package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.PreparedBatch;
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

  @Test
  void whatWasRunForItsEffectAloneHoldsNoOldStateEither() {
    try (Handle reader = jdbi.open();
        Handle writer = jdbi.open()) {
      writer.execute("INSERT INTO t (id) VALUES (1), (2)");
      reader.execute("SELECT id FROM t");
      writer.execute("INSERT INTO t (id) VALUES (3)");

      assertThat(newest(reader, 0)).isEqualTo(3);
    }
  }

  @Test
  void whatIsStillOpenWhenAConnectionGoesBackHoldsNoOldState() {
    try (HikariDataSource pool = pool(1);
        Handle writer = jdbi.open()) {
      Jdbi pooled = Jdbi.create(pool).setStatementBuilderFactory(StatementStore.ofEachConnection());
      writer.execute("INSERT INTO t (id) VALUES (1), (2)");
      try (Handle reader = pooled.open()) {
        assertThat(reader.createQuery("SELECT id FROM t").mapTo(Long.class).iterator().next())
            .isEqualTo(1);
      }
      writer.execute("INSERT INTO t (id) VALUES (3)");

      try (Handle reader = pooled.open()) {
        assertThat(newest(reader, 0)).isEqualTo(3);
      }
    }
  }

  @Test
  void rowsOfABatchThatFailedAreNotThoseOfTheNext() {
    String insert = "INSERT INTO t (id) VALUES (:id)";
    try (Handle handle = jdbi.open()) {
      PreparedBatch fails = handle.prepareBatch(insert);
      Argument first = (position, statement, context) -> statement.setLong(position, 1);
      Argument second =
          (position, statement, context) -> {
            throw new SQLException("no value");
          };
      fails.bind("id", first).add().bind("id", second).add();
      assertThatThrownBy(fails::execute).isInstanceOf(JdbiException.class);

      handle.createUpdate(insert).bind("id", 3).execute();

      assertThat(handle.createQuery("SELECT id FROM t").mapTo(Long.class).list())
          .containsExactly(3L);
    }
  }

  @Test
  void aStatementThatFailedAndWhoseTransactionWasTakenBackServesTheNext() {
    String insert = "INSERT INTO t (id) VALUES (?)";
    try (Handle handle = jdbi.open();
        Handle other = jdbi.open()) {
      handle.execute(insert, 1);
      handle.begin();
      handle.execute(insert, 2);
      assertThatThrownBy(() -> handle.execute(insert, 1)).isInstanceOf(JdbiException.class);
      handle.rollback();
      handle.execute(insert, 5);

      assertThat(other.createQuery("SELECT id FROM t").mapTo(Long.class).list())
          .containsExactly(1L, 5L);
    }
  }

  @Test
  void threadsThatShareAPoolGetEachItsOwnAnswer() throws Exception {
    try (HikariDataSource pool = pool(4);
        Handle writer = jdbi.open()) {
      for (int i = 1; i <= 100; i++) {
        writer.execute("INSERT INTO t (id) VALUES (?)", i);
      }
      Jdbi pooled = Jdbi.create(pool).setStatementBuilderFactory(StatementStore.ofEachConnection());
      ExecutorService threads = Executors.newFixedThreadPool(8);
      List<Future<Boolean>> done = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int from = thread * 10;
        done.add(
            threads.submit(
                () -> {
                  boolean right = true;
                  for (int i = 0; i < 500; i++) {
                    long id = 1 + from + i % 10;
                    right &=
                        pooled.withHandle(
                            handle ->
                                handle
                                    .createQuery("SELECT id FROM t WHERE id = :id")
                                    .bind("id", id)
                                    .mapTo(Long.class)
                                    .list()
                                    .equals(List.of(id)));
                  }
                  return right;
                }));
      }
      for (Future<Boolean> each : done) {
        assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
      }
      threads.shutdown();
    }
  }

  private HikariDataSource pool(int size) {
    SQLiteDataSource file = new SQLiteDataSource();
    file.setUrl("jdbc:sqlite:" + folder.resolve("kept.db"));
    HikariConfig pooled = new HikariConfig();
    pooled.setDataSource(file);
    pooled.setMaximumPoolSize(size);
    return new HikariDataSource(pooled);
  }
}
