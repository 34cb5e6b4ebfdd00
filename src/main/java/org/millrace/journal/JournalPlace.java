package org.millrace.journal;

import java.nio.file.Path;

/** Where a journal is kept. */
public sealed interface JournalPlace {

  /** In a SQLite database of its own, for one engine. */
  record Folder(Path path) implements JournalPlace {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** In a PostgreSQL database, which several engines may share. */
  record Server(PostgresAddress address) implements JournalPlace {
    @Override
    public String toString() {
      return address.shown();
    }
  }
}
