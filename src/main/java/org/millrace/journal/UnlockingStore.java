package org.millrace.journal;

import java.time.Clock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What an engine does with its keys before it uses a journal. Engines that share one take turns.
 * Stateless.
 */
final class UnlockingStore {
  private UnlockingStore() {}

  /**
   * Unlocks the engine's own journal; with a first key, encrypts what is plain in it.
   *
   * @throws JournalException if a key is missing or wrong, or one would be taken into use while
   *     others have the journal open; nothing was changed
   */
  static JournalSecrets unlock(SqlDatabase database, ContentKeys keys, Clock clock) {
    // What is claimed here goes with the connection.
    try (Handle handle = database.adapted(Jdbi.create(database.writing(true))).open()) {
      database.takeTurn(handle);
      JournalSecrets secrets = unlock(handle, database, keys, clock);
      if (!keys.isNone()) {
        new KeyChangeStore(keys.keys().get(0).id(), secrets)
            .encryptPlainRows(handle, () -> database.writeOver(handle), clock.millis());
      }
      database.prepareSpace(handle);
      return secrets;
    }
  }

  private static JournalSecrets unlock(
      Handle handle, SqlDatabase database, ContentKeys keys, Clock clock) {
    try {
      return handle.inTransaction(
          one -> {
            boolean wasPlain = ContentKeyStore.states(one).isEmpty();
            JournalSecrets secrets =
                ContentKeyStore.unlock(
                    one, keys, clock.millis(), () -> database.keepOthersOut(one));
            if (wasPlain && secrets.searchKeys().keyed()) {
              AuditSealStore.sealEnds(one, secrets.searchKeys());
            }
            return secrets;
          });
    } catch (JournalException wrongKey) {
      throw new JournalException(
          database.name() + " was left as it is: " + wrongKey.getMessage(), wrongKey);
    }
  }
}
