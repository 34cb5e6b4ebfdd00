package org.millrace.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Assumptions;

/** The databases that a journal may be in; tests that name it run on each. */
public enum TestJournals {
  SQLITE {
    @Override
    public JournalPlace place(Path folder) {
      return new JournalPlace.Folder(folder);
    }
  },

  POSTGRES {
    @Override
    public JournalPlace place(Path folder) {
      return new JournalPlace.Server(TestPostgres.shared().newDatabase());
    }
  };

  /**
   * Room for a new journal.
   *
   * @param folder a folder of the test's own
   */
  public abstract JournalPlace place(Path folder);

  /** A connection to a journal's database, past the engine. */
  public static Connection connect(JournalPlace place) throws SQLException {
    if (place instanceof JournalPlace.Server server) {
      return TestPostgres.shared().connect(server.address().database());
    }
    Path folder = ((JournalPlace.Folder) place).path();
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(SqliteDatabase.FILE));
  }

  /** Skips the test on the others. */
  public void mustBe(TestJournals only, String because) {
    Assumptions.assumeTrue(this == only, because);
  }
}
