package org.millrace.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.util.List;
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

  /**
   * Before each of the writer's transactions, and without touching its connection.
   *
   * @throws JournalException if what would be written is not the journal any more
   */
  void mustStillBeThere();

  /** Sets up a new connection of the writer. */
  void prepareWriter(Handle handle);

  /** Waits until no other engine is about to start on this journal; until the handle is closed. */
  void takeTurn(Handle handle);

  /**
   * Keeps writers out until the handle is closed.
   *
   * @return false if there are some, also after some seconds
   */
  boolean keepOthersOut(Handle handle);

  /**
   * Has what was changed or deleted written over, where it would stay in the files for long.
   *
   * @return false if it could not be done; everything is as it was
   */
  boolean writeOver(Handle handle);

  /** Has the database keep track of what it needs to give space back, if it does not by itself. */
  void prepareSpace(Handle handle);

  /** How much was given back to the file system, in one small step; 0 if there is none to give. */
  long giveSpaceBack(Handle handle);

  /**
   * The first statement of each of the writer's transactions: fails if the database is locked or
   * gone, and tells other engines from which number on it may insert messages.
   */
  void begin(Handle handle);

  /**
   * Up to which number messages are there for good: whatever is not seen up to here by a statement
   * that begins later never will be.
   */
  long completeUpTo(Handle handle);

  /** The engines on it, by name; none where there can be one only. */
  List<FigureStore.Sharing> engines(Handle handle);

  /** Who may deliver which lanes, if an engine opens it. */
  LaneLeases leases(LeaseTimes times, Clock clock);

  /**
   * The chain of the audit trail that an engine adds to; engines that share one have each its own.
   */
  String auditChain();

  /** Connections that read, beside the writer. */
  HikariDataSource reading();

  /** Runs statements that read, in one transaction where that is cheaper than one for each. */
  <T> T atOnce(Handle handle, WriterStore.Work<T> work);

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
