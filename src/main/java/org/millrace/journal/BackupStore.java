package org.millrace.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Copies of a journal in a folder: makes one beside a running engine, and puts one back. */
public final class BackupStore {
  /** What a backup puts on record in the journal before it copies it. */
  public static final String ENTRY = "backup";

  private static final String STAGING = "restoring";
  private static final String PARTIAL = ".partial";

  private BackupStore() {}

  /**
   * What a restore came to.
   *
   * @param takenAt when the backup was made
   * @param paused the feeds that were not paused before
   */
  public record Result(Instant takenAt, List<String> paused) {}

  /**
   * Copies the journal of a folder, as it is at one moment, while an engine may write it. The copy
   * holds nothing of what was deleted, is as encrypted as the journal, and is looked through.
   *
   * @param file that is not there yet; its owner alone may read it
   * @throws JournalException if it cannot be made; nothing is left of it then
   */
  public static void copy(Path folder, Path file) {
    new SqliteDatabase(folder).mustExist();
    Path partial = file.resolveSibling(file.getFileName() + PARTIAL);
    try {
      mustNotBeThere(file);
      Files.createFile(partial, ownerOnly(partial));
    } catch (IOException failure) {
      throw cannot(partial, failure);
    }
    try {
      try (Handle handle = reading(folder.resolve(SqliteDatabase.FILE))) {
        handle.execute("VACUUM INTO ?", partial.toString());
      }
      mustBeWhole(partial);
      keep(partial);
      mustNotBeThere(file);
      Files.move(partial, file);
      keep(file.toAbsolutePath().resolveSibling(""));
    } catch (IOException failure) {
      throw cannot(file, failure);
    } catch (JdbiException failure) {
      throw new JournalException("the journal cannot be copied", WriterStore.root(failure));
    } finally {
      removeQuietly(partial);
    }
  }

  /**
   * Puts a backup into a folder without a journal, and pauses delivery of all its feeds.
   *
   * @param keys of the backup's contents
   * @param why of the pauses
   * @throws JournalException if the folder has a journal, an engine runs on it, or the file is no
   *     backup, is damaged, or of other keys; the folder has no journal then
   */
  public static Result restore(
      Path file, Path folder, ContentKeys keys, Clock clock, String who, String why) {
    SqliteDatabase target = new SqliteDatabase(folder);
    target.claim();
    Path staging = folder.resolve(STAGING);
    try {
      mustHaveNoJournal(folder);
      Path staged = staged(file, staging);
      Instant takenAt = takenAt(staged, file);
      List<String> paused;
      // The engine does not see it before all of it is done.
      try (JournalDatabase journal =
          JournalDatabase.open(new JournalPlace.Folder(staging), keys, clock)) {
        paused = journal.restores().put(takenAt, who, why).join();
      }
      if (Files.exists(staging.resolve(SqliteDatabase.FILE + "-wal"))) {
        throw new JournalException("the log of writes could not be brought into the journal");
      }
      mustBeWhole(staged);
      keep(staged);
      Files.move(staged, folder.resolve(SqliteDatabase.FILE));
      keep(folder);
      return new Result(takenAt, paused);
    } catch (IOException failure) {
      throw cannot(folder, failure);
    } catch (CompletionException failure) {
      throw new JournalException("the journal cannot be put back", failure);
    } finally {
      clear(staging);
      target.close();
    }
  }

  /** A file that somebody else put there, or an engine uses, is never touched. */
  private static void mustHaveNoJournal(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      if (files.anyMatch(each -> each.getFileName().toString().startsWith(SqliteDatabase.FILE))) {
        throw new JournalException(
            "there is a journal in " + folder + "; move it away, or name another folder");
      }
    }
  }

  private static Path staged(Path file, Path staging) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new JournalException("there is no file " + file);
    }
    if (Files.exists(file.resolveSibling(file.getFileName() + "-wal"))) {
      throw new JournalException(
          file + " has a log of writes beside it: it is a journal in use, and no backup");
    }
    clear(staging);
    Files.createDirectory(staging);
    Path staged = Files.createFile(staging.resolve(SqliteDatabase.FILE), ownerOnly(staging));
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to = FileChannel.open(staged, StandardOpenOption.WRITE)) {
      for (long done = 0; done < from.size(); ) {
        done += from.transferTo(done, from.size() - done, to);
      }
    }
    mustBeWhole(staged);
    return staged;
  }

  /** By the entry that a backup begins with: it is in the copy. */
  private static Instant takenAt(Path staged, Path file) {
    try (Handle handle = reading(staged)) {
      return handle
          .createQuery("SELECT at FROM audit_entry WHERE what = :what ORDER BY id DESC LIMIT 1")
          .bind("what", ENTRY)
          .mapTo(Long.class)
          .findOne()
          .map(Instant::ofEpochMilli)
          .orElseThrow(() -> noBackup(file));
    } catch (JdbiException noJournal) {
      throw noBackup(file);
    }
  }

  private static JournalException noBackup(Path file) {
    return new JournalException(file + " is no backup as 'millrace journal backup' makes it");
  }

  private static void mustBeWhole(Path database) {
    try (Handle handle = reading(database)) {
      List<String> faults =
          handle.createQuery("PRAGMA integrity_check(1)").mapTo(String.class).list();
      if (!faults.equals(List.of("ok"))) {
        throw new JournalException(database.getFileName() + " is damaged; it was not used");
      }
    } catch (JdbiException unreadable) {
      throw new JournalException(
          database.getFileName() + " is no database, or is damaged", WriterStore.root(unreadable));
    }
  }

  private static Handle reading(Path database) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(SqliteDatabase.BUSY_MILLIS);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + database.toAbsolutePath());
    return Jdbi.open(source);
  }

  private static void mustNotBeThere(Path file) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
  }

  /** On disk, whatever becomes of the machine. */
  private static void keep(Path fileOrFolder) throws IOException {
    boolean folder = Files.isDirectory(fileOrFolder);
    if (folder && !isPosix(fileOrFolder)) {
      // Windows opens no folder.
      return;
    }
    try (FileChannel channel =
        FileChannel.open(
            fileOrFolder, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static JournalException cannot(Path path, IOException failure) {
    if (failure instanceof FileAlreadyExistsException there) {
      return new JournalException(there.getFile() + " is there already and is not written over");
    }
    if (failure instanceof NoSuchFileException none) {
      return new JournalException("there is no folder for " + none.getFile());
    }
    return new JournalException(path + " cannot be written", failure);
  }

  private static void clear(Path staging) {
    for (String each : List.of("", "-wal", "-shm", "-journal")) {
      removeQuietly(staging.resolve(SqliteDatabase.FILE + each));
    }
    removeQuietly(staging.resolve(SqliteDatabase.LOCK));
    removeQuietly(staging);
  }

  private static void removeQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException left) {
      // It is in nobody's way: the next one says that it is there.
      return;
    }
  }
}
