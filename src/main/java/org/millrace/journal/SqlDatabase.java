package org.millrace.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * All that differs between the databases a journal may be in: how it is opened and what its dialect
 * is. The statements of the stores are the same for both.
 */
interface SqlDatabase extends AutoCloseable {

  /**
   * Makes ready what the engine's own journal needs, and keeps off whoever may not share it.
   *
   * @throws JournalException if it cannot be had
   */
  void claim();

  /**
   * Makes sure that there is a journal to look into.
   *
   * @throws JournalException if there is none
   */
  void mustExist();

  /** Connections that write; {@code migrating} ones may be silent for as long as a table takes. */
  DataSource writing(boolean migrating);

  /** Sets up a new connection of the writer. */
  void prepareWriter(Handle handle);

  /** Connections that read, beside the writer. */
  HikariDataSource reading();

  /** Gives JDBI what the database asks for besides. */
  Jdbi adapted(Jdbi jdbi);

  /** What migrations write differently: {@code identity}, {@code bytes}. */
  Map<String, String> words();

  /** For sentences: {@code the journal in …}. */
  String name();

  /** Lets others claim it. */
  @Override
  void close();
}
