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
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/** A journal in a folder: one SQLite file, write-ahead log, for one engine. */
final class SqliteDatabase implements SqlDatabase {
  static final String FILE = "journal.db";
  static final String LOCK = "journal.lock";
  private static final int READERS = 4;
  static final int BUSY_MILLIS = 5_000;

  private final Path folder;
  private @Nullable FileChannel lock;

  /** As it was when the writer opened it. */
  private volatile @Nullable JournalFile file;

  SqliteDatabase(Path folder) {
    this.folder = folder;
  }

  @Override
  public void claim() {
    makeFolder();
    lock = lockFor();
  }

  @Override
  public void mustExist() {
    if (!Files.isRegularFile(folder.resolve(FILE))) {
      throw new JournalException(
          "there is no journal in " + folder + "; MILLRACE_DATA names the engine's folder");
    }
  }

  @Override
  public DataSource writing(boolean migrating) {
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
    // Nobody asks for them in that way, and the driver would look them up after each statement.
    config.setGetGeneratedKeys(false);
    if (!migrating) {
      config.resetOpenMode(SQLiteOpenMode.CREATE);
    }
    return at(config);
  }

  @Override
  public void mustStillBeThere() {
    JournalFile known = file;
    if (known == null) {
      known = new JournalFile(folder.resolve(FILE));
      file = known;
    }
    known.mustBeThere();
  }

  @Override
  public void prepareWriter(Handle handle) {
    // All of it stands in the driver's settings.
  }

  @Override
  public void takeTurn(Handle handle) {
    // The folder is claimed.
  }

  /** There is no other engine; commands only leave requests. */
  @Override
  public boolean keepOthersOut(Handle handle) {
    return true;
  }

  @Override
  public boolean writeOver(Handle handle) {
    return SpaceStore.writeAnew(handle);
  }

  @Override
  public void prepareSpace(Handle handle) {
    SpaceStore.prepare(handle);
  }

  @Override
  public long giveSpaceBack(Handle handle) {
    return SpaceStore.giveBack(handle);
  }

  @Override
  public void begin(Handle handle) {
    // The driver begins with the first statement.
    handle.execute("SELECT 1");
  }

  @Override
  public List<FigureStore.Sharing> engines(Handle handle) {
    return List.of();
  }

  /** One writer inserts them one after the other. */
  @Override
  public long completeUpTo(Handle handle) {
    return Long.MAX_VALUE;
  }

  @Override
  public LaneLeases leases(LeaseTimes times, Clock clock) {
    return new OnlyEngine();
  }

  @Override
  public String auditChain() {
    return AuditStore.ENGINE;
  }

  @Override
  public HikariDataSource reading() {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    HikariConfig pooled = new HikariConfig();
    pooled.setDataSource(at(config));
    pooled.setPoolName("journal-readers");
    pooled.setMaximumPoolSize(READERS);
    pooled.setMinimumIdle(0);
    pooled.setReadOnly(true);
    pooled.setInitializationFailTimeout(-1);
    return new HikariDataSource(pooled);
  }

  /** Else a commit between two of them would cost the second one all that the first has read. */
  @Override
  public <T> T atOnce(Handle handle, WriterStore.Work<T> work) {
    return handle.inTransaction(work::run);
  }

  @Override
  public Jdbi adapted(Jdbi jdbi) {
    return jdbi.setStatementBuilderFactory(StatementStore.ofEachConnection());
  }

  @Override
  public Map<String, String> words() {
    return Map.of("identity", "INTEGER PRIMARY KEY AUTOINCREMENT", "bytes", "BLOB");
  }

  @Override
  public String name() {
    return "the journal in " + folder;
  }

  @Override
  public void close() {
    FileChannel held = lock;
    lock = null;
    if (held != null) {
      closeQuietly(held);
    }
  }

  private SQLiteDataSource at(SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + folder.resolve(FILE).toAbsolutePath());
    return source;
  }

  private void makeFolder() {
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
  private FileChannel lockFor() {
    Path path = folder.resolve(LOCK);
    try {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = tryLock(channel);
      if (held == null) {
        closeQuietly(channel);
        throw new JournalException("another engine has " + name() + " open");
      }
      return channel;
    } catch (IOException failure) {
      throw new JournalException(name() + " cannot be written", failure);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
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
