package org.millrace.journal;

import java.time.Clock;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The ways to open a journal; whoever opens it closes it.
 *
 * @param keys of its contents
 */
record OpeningStore(JournalPlace place, ContentKeys keys, Clock clock) {

  /** As {@link JournalDatabase#open(JournalPlace, ContentKeys, Clock, LeaseTimes)}. */
  JournalDatabase engine(LeaseTimes times) {
    SqlDatabase database = at(place);
    database.claim();
    try {
      SchemaStore.migrate(database, "classpath:" + SchemaStore.MIGRATIONS);
      JournalSecrets secrets = UnlockingStore.unlock(database, keys, clock);
      WriterStore writer =
          new WriterStore(database, handle -> ContentKeyStore.mustStillFit(handle, secrets));
      JournalDatabase journal =
          new JournalDatabase(
              database,
              clock,
              Optional.of(writer),
              database.leases(times, clock),
              database.auditChain());
      journal.unlockedBy(secrets);
      return loaded(journal);
    } catch (FlywayException | JdbiException failure) {
      database.close();
      throw cannotBeOpened(database, failure);
    } catch (RuntimeException failure) {
      database.close();
      throw failure;
    }
  }

  private JournalDatabase loaded(JournalDatabase journal) {
    try {
      journal.load(keys);
      return journal;
    } catch (RuntimeException failure) {
      journal.close();
      throw failure;
    }
  }

  /** As {@link JournalDatabase#openAlone}. */
  JournalDatabase alone() {
    SqlDatabase database = at(place);
    database.mustExist();
    database.claim();
    try (Handle handle = Jdbi.open(database.writing(true))) {
      if (!database.keepOthersOut(handle)) {
        throw new JournalException(database.name() + " is in use: stop its engines first");
      }
    } catch (JdbiException failure) {
      throw cannotBeOpened(database, failure);
    } finally {
      database.close();
    }
    return engine(LeaseTimes.DEFAULT);
  }

  /** As {@link JournalDatabase#openReadOnly(JournalPlace, ContentKeys, Clock)}. */
  JournalDatabase readOnly() {
    return toLook(existing(), Optional.empty());
  }

  /** As {@link JournalDatabase#openForRequests(JournalPlace, ContentKeys, Clock)}. */
  JournalDatabase forRequests() {
    SqlDatabase database = existing();
    return toLook(database, Optional.of(new WriterStore(database, handle -> {})));
  }

  private SqlDatabase existing() {
    SqlDatabase database = at(place);
    database.mustExist();
    return database;
  }

  private JournalDatabase toLook(SqlDatabase database, Optional<WriterStore> writer) {
    JournalDatabase journal =
        new JournalDatabase(database, clock, writer, new OnlyEngine(), AuditStore.COMMANDS);
    try {
      journal.unlockedBy(
          journal.read(
              handle -> {
                SchemaStore.mustBeCurrent(handle, database);
                return ContentKeyStore.unlockToLook(handle, keys);
              }));
      return journal;
    } catch (JournalException failure) {
      journal.close();
      throw failure;
    }
  }

  private static JournalException cannotBeOpened(SqlDatabase database, Exception failure) {
    return new JournalException(database.name() + " cannot be opened", WriterStore.root(failure));
  }

  static SqlDatabase at(JournalPlace place) {
    if (place instanceof JournalPlace.Server server) {
      return new PostgresDatabase(server.address());
    }
    return new SqliteDatabase(((JournalPlace.Folder) place).path());
  }
}
