package org.millrace.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/**
 * The journal of one engine: opens it, brings its schema up to date, and batches what is written.
 * Thread-safe.
 *
 * <p>Writes go through one thread, which commits many of them at once ({@link WriterStore}); reads
 * run beside it on connections of their own and see every write whose future has completed.
 */
public final class JournalDatabase implements AutoCloseable {
  static final String FILE = "journal.db";
  private static final String LOCK = "journal.lock";

  /** The newest of the migrations under {@code db/migration}. */
  static final String SCHEMA = "5";

  private static final Duration UPKEEP_EVERY = Duration.ofMinutes(1);
  private static final int READERS = 4;
  private static final int BUSY_MILLIS = 5_000;

  private final Clock clock;
  private final HikariDataSource pool;
  private final Jdbi reading;
  private final Optional<WriterStore> writer;
  private final Optional<FileChannel> lock;
  private final IntakeStore intake;
  private final QueueStore queue;
  private final LedgerStore ledger;
  private final CallStore calls;
  private final ListingStore listing;
  private final RequestStore requests;
  private final CodeStore codes;
  private volatile JournalSecrets secrets = JournalSecrets.PLAIN;
  private final RetentionWalk retention = new RetentionWalk(this);
  private Optional<KeyChangeStore> keyChange = Optional.empty();
  private Optional<Upkeep> upkeep = Optional.empty();

  private JournalDatabase(
      Path folder, Clock clock, Optional<WriterStore> writer, Optional<FileChannel> lock) {
    this.clock = clock;
    this.writer = writer;
    this.lock = lock;
    this.pool = readers(folder);
    this.reading = Jdbi.create(pool);
    this.intake = new IntakeStore(this);
    this.queue = new QueueStore(this);
    this.ledger = new LedgerStore(this);
    this.calls = new CallStore(this);
    this.listing = new ListingStore(this);
    this.requests = new RequestStore(this);
    this.codes = new CodeStore(this);
  }

  /** A journal that is not encrypted. */
  public static JournalDatabase open(Path folder, Clock clock) {
    return open(folder, ContentKeys.NONE, clock);
  }

  /**
   * Opens the engine's own journal; creates folder and database if there are none.
   *
   * @param folder readable by the engine's user only, if we make it: it holds patient data
   * @param keys of its contents; with a first key, what is plain in it is encrypted before this
   *     returns
   * @throws JournalException if another engine has it open, it cannot be opened or migrated, or a
   *     key of its contents is missing or wrong
   */
  public static JournalDatabase open(Path folder, ContentKeys keys, Clock clock) {
    makeFolder(folder);
    FileChannel lock = lockFor(folder);
    try {
      DataSource source = writable(folder, true);
      migrate(source);
      JournalSecrets secrets = unlocked(source, folder, keys, clock);
      WriterStore writer = new WriterStore(source);
      JournalDatabase journal =
          new JournalDatabase(folder, clock, Optional.of(writer), Optional.of(lock));
      journal.secrets = secrets;
      journal.queue.loadFeeds();
      journal.keepUp(keys);
      return journal;
    } catch (FlywayException | JdbiException failure) {
      closeQuietly(lock);
      throw new JournalException(
          "the journal in " + folder + " cannot be opened", WriterStore.root(failure));
    } catch (RuntimeException failure) {
      closeQuietly(lock);
      throw failure;
    }
  }

  private static JournalSecrets unlocked(
      DataSource source, Path folder, ContentKeys keys, Clock clock) {
    return Jdbi.create(source)
        .withHandle(
            handle -> {
              JournalSecrets secrets = unlocked(handle, folder, keys, clock);
              if (!keys.isNone()) {
                new KeyChangeStore(keys.keys().get(0).id(), secrets)
                    .encryptPlainRows(handle, () -> SpaceStore.writeAnew(handle), clock.millis());
              }
              SpaceStore.prepare(handle);
              return secrets;
            });
  }

  private static JournalSecrets unlocked(
      Handle handle, Path folder, ContentKeys keys, Clock clock) {
    try {
      return handle.inTransaction(one -> ContentKeyStore.unlock(one, keys, clock.millis()));
    } catch (JournalException wrongKey) {
      throw new JournalException(
          "the journal in " + folder + " was left as it is: " + wrongKey.getMessage(), wrongKey);
    }
  }

  private void keepUp(ContentKeys keys) {
    keyChange =
        keys.keys().stream().findFirst().map(first -> new KeyChangeStore(first.id(), secrets));
    upkeep = Optional.of(new Upkeep(this::keepUpStep, UPKEEP_EVERY).start());
  }

  /** A small step of what nobody waits for; true if there is more to do now. */
  synchronized boolean keepUpStep() {
    boolean changing = keyChange.isPresent() && keyChange.get().step(this).join();
    return changing || retention.step();
  }

  /**
   * Opens a journal to look into, beside a running engine or without one; every write fails.
   *
   * @param keys of its contents; without them, everything else can be read
   * @throws JournalException if there is none in that folder, one of another version of the engine,
   *     or one of other keys
   */
  public static JournalDatabase openReadOnly(Path folder, ContentKeys keys, Clock clock) {
    mustExist(folder);
    return upToDate(
        new JournalDatabase(folder, clock, Optional.empty(), Optional.empty()), folder, keys);
  }

  /** A journal that is not encrypted, or of which no content is to be read. */
  public static JournalDatabase openReadOnly(Path folder, Clock clock) {
    return openReadOnly(folder, ContentKeys.NONE, clock);
  }

  /**
   * As {@link #openReadOnly}, and {@link RequestStore#ask} can leave a request for the engine.
   *
   * @throws JournalException as {@link #openReadOnly}
   */
  public static JournalDatabase openForRequests(Path folder, ContentKeys keys, Clock clock) {
    mustExist(folder);
    WriterStore writer = new WriterStore(writable(folder, false));
    return upToDate(
        new JournalDatabase(folder, clock, Optional.of(writer), Optional.empty()), folder, keys);
  }

  /** A journal that is not encrypted. */
  public static JournalDatabase openForRequests(Path folder, Clock clock) {
    return openForRequests(folder, ContentKeys.NONE, clock);
  }

  /** Only the engine changes the schema: whoever looks in beside it takes it as it is. */
  private static JournalDatabase upToDate(JournalDatabase journal, Path folder, ContentKeys keys) {
    boolean same;
    try {
      same =
          journal.read(
              handle ->
                  handle
                      .createQuery("SELECT version FROM flyway_schema_history")
                      .mapTo(String.class)
                      .list()
                      .contains(SCHEMA));
    } catch (JournalException failure) {
      journal.close();
      throw failure;
    }
    if (!same) {
      journal.close();
      throw new JournalException(
          "the journal in " + folder + " is of an older version; start this engine on it once");
    }
    try {
      journal.secrets = journal.read(handle -> ContentKeyStore.unlockToLook(handle, keys));
    } catch (JournalException wrongKey) {
      journal.close();
      throw wrongKey;
    }
    return journal;
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

  /**
   * From now on, removes messages that are done with when their time is over.
   *
   * @param otherwise for feeds that say nothing of it
   * @param open the feeds that are open now; others are known from their messages
   */
  public void keepFor(Retention otherwise, Collection<Feed> open) {
    List<Feed> all = new ArrayList<>(queue.feeds());
    all.addAll(open);
    retention.follow(RetentionRules.of(otherwise, all));
  }

  /** How many contents were removed since the start because their time was over. */
  public long contentsRemoved() {
    return retention.contentsRemoved();
  }

  /** How many messages were removed altogether. */
  public long messagesRemoved() {
    return retention.messagesRemoved();
  }

  /** By what patients' numbers and the like are found again. */
  public SearchKeys searchKeys() {
    return secrets.searchKeys();
  }

  /** The keys its contents are or were encrypted with, oldest first; none if it is plain. */
  public List<ContentKeyState> keyStates() {
    return read(ContentKeyStore::states);
  }

  JournalSecrets secrets() {
    return secrets;
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
    return writer
        .map(thread -> thread.write(work))
        .orElseGet(
            () ->
                CompletableFuture.failedFuture(
                    new JournalException("the journal is open for reading only")));
  }

  /**
   * Hands over work that nobody waits for; it rides along with the next commit; false if it was not
   * taken.
   */
  boolean writeLater(WriterStore.Work<?> work) {
    return writer.map(thread -> thread.writeLater(work)).orElse(false);
  }

  <T> T read(WriterStore.Work<T> work) {
    try {
      return reading.withHandle(work::run);
    } catch (JdbiException failure) {
      throw new JournalException("the journal could not be read", WriterStore.root(failure));
    }
  }

  /** Commits what was handed over, and closes. */
  @Override
  public void close() {
    upkeep.ifPresent(Upkeep::close);
    // The writer's connection is the last one: only it may bring the log of writes into the file,
    // and
    // with that give back the space that was freed.
    pool.close();
    writer.ifPresent(WriterStore::close);
    lock.ifPresent(JournalDatabase::closeQuietly);
  }

  private static void migrate(DataSource source) {
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/migration")
        .placeholders(Map.of("identity", "INTEGER PRIMARY KEY AUTOINCREMENT", "bytes", "BLOB"))
        .load()
        .migrate();
  }

  private static SQLiteDataSource writable(Path folder, boolean create) {
    SQLiteConfig config = new SQLiteConfig();
    // Through the driver's settings, which close their PRAGMA statements: an open one makes the
    // next commit fail as busy.
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setJournalSizeLimit(64 * 1024 * 1024);
    // What is deleted is written over: a page that is free must not keep what it held.
    config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
    config.enforceForeignKeys(true);
    if (!create) {
      config.resetOpenMode(SQLiteOpenMode.CREATE);
    }
    return at(folder, config);
  }

  private static HikariDataSource readers(Path folder) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    HikariConfig pooled = new HikariConfig();
    pooled.setDataSource(at(folder, config));
    pooled.setPoolName("journal-readers");
    pooled.setMaximumPoolSize(READERS);
    pooled.setMinimumIdle(0);
    pooled.setReadOnly(true);
    pooled.setInitializationFailTimeout(-1);
    return new HikariDataSource(pooled);
  }

  private static SQLiteDataSource at(Path folder, SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + folder.resolve(FILE).toAbsolutePath());
    return source;
  }

  private static void mustExist(Path folder) {
    if (!Files.isRegularFile(folder.resolve(FILE))) {
      throw new JournalException(
          "there is no journal in " + folder + "; MILLRACE_DATA names the engine's folder");
    }
  }

  private static void makeFolder(Path folder) {
    if (Files.isDirectory(folder)) {
      return;
    }
    try {
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectories(folder);
      }
    } catch (IOException failure) {
      throw new JournalException("the folder " + folder + " cannot be made", failure);
    }
  }

  /** Two engines on one journal would file everything twice. */
  private static FileChannel lockFor(Path folder) {
    Path path = folder.resolve(LOCK);
    try {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = tryLock(channel);
      if (held == null) {
        closeQuietly(channel);
        throw new JournalException("another engine has the journal in " + folder + " open");
      }
      return channel;
    } catch (IOException failure) {
      throw new JournalException("the journal in " + folder + " cannot be written", failure);
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      return null;
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException alreadyGone) {
      // The lock goes with the process at the latest.
      return;
    }
  }
}
