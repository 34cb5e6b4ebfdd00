package org.millrace.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The journal of one engine: opens it, brings its schema up to date, and batches what is written.
 * Thread-safe.
 *
 * <p>Writes go through one thread, which commits many of them at once ({@link WriterStore}); reads
 * run beside it on connections of their own and see every write whose future has completed.
 */
public final class JournalDatabase implements AutoCloseable {
  private final SqlDatabase database;
  private final Clock clock;
  private final HikariDataSource pool;
  private final Jdbi reading;
  private final Optional<WriterStore> writer;
  private final IntakeStore intake;
  private final QueueStore queue;
  private final LedgerStore ledger;
  private final CallStore calls;
  private final ListingStore listing;
  private final RequestStore requests;
  private final CodeStore codes;
  private final LaneLeases leases;

  private JournalDatabase(
      SqlDatabase database, Clock clock, Optional<WriterStore> writer, LaneLeases leases) {
    this.database = database;
    this.clock = clock;
    this.writer = writer;
    this.leases = leases;
    this.pool = database.reading();
    this.reading = database.adapted(Jdbi.create(pool));
    this.intake = new IntakeStore(this);
    this.queue = new QueueStore(this);
    this.ledger = new LedgerStore(this);
    this.calls = new CallStore(this);
    this.listing = new ListingStore(this);
    this.requests = new RequestStore(this);
    this.codes = new CodeStore(this);
  }

  /** As {@link #open(JournalPlace, Clock)}, in a folder. */
  public static JournalDatabase open(Path folder, Clock clock) {
    return open(new JournalPlace.Folder(folder), clock);
  }

  /**
   * Opens the engine's own journal; creates folder and database, or the tables in a PostgreSQL
   * database, if there are none. A folder that we make is readable by the engine's user only: it
   * holds patient data.
   *
   * @throws JournalException if another engine has the folder open, or the journal cannot be opened
   *     or migrated
   */
  public static JournalDatabase open(JournalPlace place, Clock clock) {
    return open(place, clock, LeaseTimes.DEFAULT);
  }

  /**
   * As {@link #open(JournalPlace, Clock)}.
   *
   * @param times by which engines that share it go; all by the same
   */
  public static JournalDatabase open(JournalPlace place, Clock clock, LeaseTimes times) {
    SqlDatabase database = at(place);
    database.claim();
    try {
      SchemaStore.migrate(database, "classpath:" + SchemaStore.MIGRATIONS);
      JournalDatabase journal =
          new JournalDatabase(
              database,
              clock,
              Optional.of(new WriterStore(database)),
              database.leases(times, clock));
      return loaded(journal);
    } catch (FlywayException | JdbiException failure) {
      database.close();
      throw new JournalException(database.name() + " cannot be opened", WriterStore.root(failure));
    } catch (RuntimeException failure) {
      database.close();
      throw failure;
    }
  }

  private static JournalDatabase loaded(JournalDatabase journal) {
    try {
      journal.queue.loadFeeds();
      return journal;
    } catch (RuntimeException failure) {
      journal.close();
      throw failure;
    }
  }

  static SqlDatabase at(JournalPlace place) {
    if (place instanceof JournalPlace.Server server) {
      return new PostgresDatabase(server.address());
    }
    return new SqliteDatabase(((JournalPlace.Folder) place).path());
  }

  /** As {@link #openReadOnly(JournalPlace, Clock)}, in a folder. */
  public static JournalDatabase openReadOnly(Path folder, Clock clock) {
    return openReadOnly(new JournalPlace.Folder(folder), clock);
  }

  /**
   * Opens a journal to look into, beside a running engine or without one; every write fails.
   *
   * @throws JournalException if there is none, or one of another version of the engine
   */
  public static JournalDatabase openReadOnly(JournalPlace place, Clock clock) {
    SqlDatabase database = at(place);
    database.mustExist();
    return upToDate(new JournalDatabase(database, clock, Optional.empty(), new OnlyEngine()));
  }

  /** As {@link #openForRequests(JournalPlace, Clock)}, in a folder. */
  public static JournalDatabase openForRequests(Path folder, Clock clock) {
    return openForRequests(new JournalPlace.Folder(folder), clock);
  }

  /**
   * As {@link #openReadOnly}, and {@link RequestStore#ask} can leave a request for the engine.
   *
   * @throws JournalException as {@link #openReadOnly}
   */
  public static JournalDatabase openForRequests(JournalPlace place, Clock clock) {
    SqlDatabase database = at(place);
    database.mustExist();
    return upToDate(
        new JournalDatabase(
            database, clock, Optional.of(new WriterStore(database)), new OnlyEngine()));
  }

  private static JournalDatabase upToDate(JournalDatabase journal) {
    try {
      journal.read(
          handle -> {
            SchemaStore.mustBeCurrent(handle, journal.database);
            return journal;
          });
      return journal;
    } catch (JournalException failure) {
      journal.close();
      throw failure;
    }
  }

  public IntakeStore intake() {
    return intake;
  }

  public QueueStore queue() {
    return queue;
  }

  public LedgerStore ledger() {
    return ledger;
  }

  public CallStore calls() {
    return calls;
  }

  public ListingStore listing() {
    return listing;
  }

  public RequestStore requests() {
    return requests;
  }

  public CodeStore codes() {
    return codes;
  }

  /** Which lanes this engine may deliver. */
  public LaneLeases leases() {
    return leases;
  }

  /** Shorthand of {@link IntakeStore#recordQuestion}. */
  public void recordQuestion(Question question) {
    intake.recordQuestion(question);
  }

  /** How many records behind the answer (questions, calls, replies given) were lost since start. */
  public long lostRecords() {
    return writer.map(WriterStore::lost).orElse(0L);
  }

  Clock clock() {
    return clock;
  }

  /** Hands over work; the future completes once it is on disk, or with a JournalException. */
  <T> CompletableFuture<T> write(WriterStore.Work<T> work) {
    return write(0, work);
  }

  /** As {@link #write(WriterStore.Work)}, for work that changes this message's row. */
  <T> CompletableFuture<T> write(long message, WriterStore.Work<T> work) {
    return write(message, Optional.empty(), work);
  }

  private <T> CompletableFuture<T> write(
      long message, Optional<Lease> lease, WriterStore.Work<T> work) {
    return writer
        .map(thread -> thread.write(message, lease, work))
        .orElseGet(
            () ->
                CompletableFuture.failedFuture(
                    new JournalException("the journal is open for reading only")));
  }

  /** Hands over work that nobody waits for; it rides along with the next commit. */
  void writeLater(WriterStore.Work<?> work) {
    writeLater(0, work);
  }

  /** As {@link #writeLater(WriterStore.Work)}, for work that changes this message's row. */
  void writeLater(long message, WriterStore.Work<?> work) {
    writer.ifPresent(thread -> thread.writeLater(message, work));
  }

  /**
   * Hands over what delivery writes of a message. It is written only if the lease that the calling
   * thread works under still stands in the very transaction; else the future completes with a
   * {@link LeaseLostException}.
   */
  <T> CompletableFuture<T> writeDelivery(long message, WriterStore.Work<T> work) {
    return write(message, leases.current(), work);
  }

  <T> T read(WriterStore.Work<T> work) {
    try {
      return reading.withHandle(work::run);
    } catch (JdbiException failure) {
      throw new JournalException("the journal could not be read", WriterStore.root(failure));
    }
  }

  /** See {@link SqlDatabase#completeUpTo}. */
  long completeUpTo(Handle handle) {
    return database.completeUpTo(handle);
  }

  /** Commits what was handed over, and closes. */
  @Override
  public void close() {
    writer.ifPresent(WriterStore::close);
    leases.leave();
    pool.close();
    database.close();
  }
}
