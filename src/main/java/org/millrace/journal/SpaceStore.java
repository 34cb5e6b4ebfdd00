package org.millrace.journal;

import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives space in the files of an SQLite database back to the file system. Stateless. */
final class SpaceStore {
  private static final Logger LOG = LoggerFactory.getLogger(SpaceStore.class);

  /** Free pages that stay for what comes next: 8 MB. */
  private static final long SPARE = 2048;

  /** Moved in one step: 256 KB. */
  private static final long STEP = 64;

  private static final int INCREMENTAL = 2;

  private SpaceStore() {}

  /**
   * Has the database keep track of what it needs to be made smaller step by step; an older one is
   * written anew for that, once, which takes as much free disk as it has.
   */
  static void prepare(Handle handle) {
    if (pragma(handle, "auto_vacuum") != INCREMENTAL && !writeAnew(handle)) {
      LOG.warn(
          "the journal file cannot be made smaller: for that it wants as much free disk again");
    }
  }

  /**
   * The file is written anew without what was deleted, and the log of writes is emptied.
   *
   * @return false if the disk has no room for that; everything is as it was
   */
  static boolean writeAnew(Handle handle) {
    try {
      handle.execute("PRAGMA auto_vacuum = INCREMENTAL");
      handle.execute("VACUUM");
      handle.createQuery("PRAGMA wal_checkpoint(TRUNCATE)").mapToMap().list();
      return true;
    } catch (JdbiException noRoom) {
      LOG.warn("the journal file could not be written anew: {}", WriterStore.say(noRoom));
      return false;
    }
  }

  /** How many pages were given back, in one small step; 0 if there are none to give. */
  static long giveBack(Handle handle) {
    long free = pragma(handle, "freelist_count");
    if (free <= SPARE || pragma(handle, "auto_vacuum") != INCREMENTAL) {
      return 0;
    }
    // Each page is a row of an answer without columns, which only this way is read to its end.
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.executeUpdate("PRAGMA incremental_vacuum(" + Math.min(STEP, free - SPARE) + ")");
    } catch (SQLException failure) {
      throw new JournalException("space could not be given back", failure);
    }
    return free - pragma(handle, "freelist_count");
  }

  private static long pragma(Handle handle, String name) {
    return handle.createQuery("PRAGMA " + name).mapTo(Long.class).one();
  }
}
