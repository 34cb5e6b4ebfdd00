package org.millrace.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A journal in a PostgreSQL database, which several engines may share. */
final class PostgresDatabase implements SqlDatabase {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);
  private static final int OLDEST = 140_000;
  private static final int READERS = 8;
  private static final int CONNECT_SECONDS = 5;

  /** A server that says nothing for so long is taken for gone. */
  private static final int SILENT_SECONDS = 20;

  /**
   * What a stopped or vanished engine leaves begun, the server rolls back after ten seconds: its
   * locks would hold up the others. A commit counts only where it is on the server's disk, whatever
   * the server's own settings say.
   */
  private static final String WRITER =
      "SET idle_in_transaction_session_timeout = 10000; SET lock_timeout = 5000;"
          + " SELECT set_config('synchronous_commit', 'on', false)"
          + " WHERE current_setting('synchronous_commit') = 'off'";

  /** The server lets go of a machine that is gone within half a minute, and of its locks. */
  private static final String KEEPALIVE =
      "SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

  /**
   * Marks the advisory locks below: the upper 16 of their 64 bits, the number of a message behind.
   */
  private static final long INSERTING = 0x4D52;

  /** The last number that was given out, 0 if none was. */
  private static final String GIVEN = "CASE WHEN is_called THEN last_value ELSE 0 END";

  /**
   * Engines take their numbers from one sequence and commit in any order: when 8 is there, 7 may
   * still be on its way, and who has read up to 8 would never see it. So each writing transaction
   * first takes a shared lock that names the sequence's last number: all it inserts is above that,
   * and the lock goes with the transaction, after its rows can be seen.
   */
  private static final String BEGIN =
      "SELECT pg_advisory_xact_lock_shared("
          + (INSERTING << 48)
          + " + "
          + GIVEN
          + ")"
          + " FROM message_id_seq";

  /** Held by each engine while it reads the keys at its start: they take turns. */
  private static final long STARTING = 5_570_193_308_531_902L;

  /** Shared by the connections of all writers; alone by who takes another key into use. */
  private static final long WRITING = 5_570_193_308_531_903L;

  private static final String LAST = "SELECT " + GIVEN + " FROM message_id_seq";

  private static final String LOWEST =
      "SELECT min(CAST(classid AS BIGINT) % 65536 * 4294967296 + CAST(objid AS BIGINT))"
          + " FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
          + " AND CAST(classid AS BIGINT) / 65536 = "
          + INSERTING
          + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

  private final PostgresAddress address;

  PostgresDatabase(PostgresAddress address) {
    this.address = address;
  }

  @Override
  public void claim() {
    try (Handle handle = Jdbi.open(source(SILENT_SECONDS))) {
      int version = Integer.parseInt(show(handle, "server_version_num"));
      if (version < OLDEST) {
        throw new JournalException(
            name() + " is in a PostgreSQL older than 14; it reports " + version);
      }
      if (!show(handle, "server_encoding").equals("UTF8")) {
        throw new JournalException(
            name() + " is in a database whose encoding is not UTF8; make one with ENCODING 'UTF8'");
      }
      if (show(handle, "transaction_read_only").equals("on")) {
        throw new JournalException(name() + " is read-only: name the primary server");
      }
      if (show(handle, "fsync").equals("off")) {
        LOG.warn(
            "{} is on a server with fsync=off: what is acknowledged may be lost with its machine",
            name());
      }
    } catch (JdbiException failure) {
      throw new JournalException(name() + " cannot be reached", WriterStore.root(failure));
    }
  }

  @Override
  public void mustExist() {
    try (Handle handle = Jdbi.open(source(SILENT_SECONDS))) {
      boolean there =
          handle
              .createQuery("SELECT to_regclass('flyway_schema_history') IS NOT NULL")
              .mapTo(Boolean.class)
              .one();
      if (!there) {
        throw new JournalException(
            "there is no journal at " + address.shown() + "; an engine makes it as it starts");
      }
    } catch (JdbiException failure) {
      throw new JournalException(name() + " cannot be reached", WriterStore.root(failure));
    }
  }

  private static String show(Handle handle, String setting) {
    return handle.createQuery("SHOW " + setting).mapTo(String.class).one();
  }

  @Override
  public DataSource writing(boolean migrating) {
    return source(migrating ? 0 : SILENT_SECONDS);
  }

  @Override
  public void mustStillBeThere() {
    // A server that was replaced has closed the connection.
  }

  @Override
  public void prepareWriter(Handle handle) {
    handle.execute(WRITER);
    handle.execute(KEEPALIVE);
    handle.execute("SELECT pg_advisory_lock_shared(" + WRITING + ")");
  }

  @Override
  public void takeTurn(Handle handle) {
    handle.execute("SELECT pg_advisory_lock(" + STARTING + ")");
  }

  /** Waits a little: a server notices late that somebody has left, and commands end soon. */
  @Override
  public boolean keepOthersOut(Handle handle) {
    for (int i = 0; i < 50; i++) {
      if (alone(handle)) {
        return true;
      }
      handle.execute("SELECT pg_sleep(0.1)");
    }
    return false;
  }

  private static boolean alone(Handle handle) {
    return handle
        .createQuery("SELECT pg_try_advisory_lock(" + WRITING + ")")
        .mapTo(Boolean.class)
        .one();
  }

  /**
   * The server's vacuum makes room of what was deleted or changed, and later rows come to stand
   * there; until then, and in its log of writes and its backups, it is still to be found. To
   * rewrite the tables at once is for whoever runs the server: it locks them and doubles their
   * space.
   */
  @Override
  public boolean writeOver(Handle handle) {
    return true;
  }

  @Override
  public void prepareSpace(Handle handle) {
    // The server's vacuum does it.
  }

  @Override
  public long giveSpaceBack(Handle handle) {
    return 0;
  }

  @Override
  public void begin(Handle handle) {
    handle.execute(BEGIN);
  }

  @Override
  public List<FigureStore.Sharing> engines(Handle handle) {
    return LeaseStore.engines(handle);
  }

  /**
   * In this order: a transaction that has a number up to the last one holds its lock by now, and is
   * seen among the locks unless it has ended; then a later statement sees all it did. This does not
   * depend on what else the server does, as the age of its oldest transaction would.
   */
  @Override
  public long completeUpTo(Handle handle) {
    long last = handle.createQuery(LAST).mapTo(Long.class).one();
    Optional<Long> lowest = handle.createQuery(LOWEST).mapTo(Long.class).findOne();
    return lowest.map(from -> Math.min(last, from)).orElse(last);
  }

  @Override
  public LaneLeases leases(LeaseTimes times, Clock clock) {
    return new SharedLanes(new LeaseStore(this, times), times, clock);
  }

  /** For leases: what takes longer than this comes too late anyway. */
  HikariDataSource leasing(Duration within) {
    long millis = Math.max(2_000, within.toMillis());
    HikariConfig pooled = new HikariConfig();
    pooled.setDataSource(source((int) (millis / 1000)));
    pooled.setPoolName("journal-leases");
    pooled.setMaximumPoolSize(2);
    pooled.setMinimumIdle(0);
    pooled.setConnectionTimeout(millis);
    pooled.setInitializationFailTimeout(-1);
    pooled.setConnectionInitSql(WRITER + "; SET statement_timeout = " + millis);
    return new HikariDataSource(pooled);
  }

  @Override
  public String auditChain() {
    return AuditStore.ENGINE + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  @Override
  public HikariDataSource reading() {
    HikariConfig pooled = new HikariConfig();
    pooled.setDataSource(source(SILENT_SECONDS));
    pooled.setPoolName("journal-readers");
    pooled.setMaximumPoolSize(READERS);
    pooled.setMinimumIdle(0);
    pooled.setReadOnly(true);
    // So that what one look reads in several statements is of one moment.
    pooled.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    pooled.setConnectionTimeout(Duration.ofSeconds(CONNECT_SECONDS).toMillis());
    pooled.setInitializationFailTimeout(-1);
    return new HikariDataSource(pooled);
  }

  private DataSource source(int silentSeconds) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    String options = address.options().isEmpty() ? "" : "?" + address.options();
    source.setURL("jdbc:postgresql://" + address.servers() + "/" + address.database() + options);
    if (!address.user().isEmpty()) {
      source.setUser(address.user());
    }
    if (!address.password().isEmpty()) {
      source.setPassword(address.password());
    }
    source.setApplicationName("millrace");
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(2 * CONNECT_SECONDS);
    source.setSocketTimeout(silentSeconds);
    source.setTcpKeepAlive(true);
    // The details of an error quote the row, and so the patient.
    source.setLogServerErrorDetail(false);
    return source;
  }

  /** The end of a transaction would be one more way to the server and back. */
  @Override
  public <T> T atOnce(Handle handle, WriterStore.Work<T> work) {
    return work.run(handle);
  }

  @Override
  public Jdbi adapted(Jdbi jdbi) {
    return jdbi.registerArgument(new TextWithoutNul());
  }

  private static final class TextWithoutNul extends AbstractArgumentFactory<String> {
    TextWithoutNul() {
      super(Types.VARCHAR);
    }

    @Override
    protected Argument build(String value, ConfigRegistry config) {
      String text = PreparedStore.storable(value);
      return (position, statement, context) -> statement.setString(position, text);
    }
  }

  @Override
  public Map<String, String> words() {
    return Map.of(
        "identity", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", "bytes", "BYTEA");
  }

  @Override
  public String name() {
    return "the journal at " + address.shown();
  }

  @Override
  public void close() {
    // Engines share it: there is nothing to give back.
  }
}
