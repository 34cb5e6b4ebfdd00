package org.millrace.journal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the rows of a journal under its current key: what was plain before the engine takes
 * messages, what an older key encrypted step by step while it runs. Not thread-safe.
 */
final class KeyChangeStore {
  private static final Logger LOG = LoggerFactory.getLogger(KeyChangeStore.class);
  private static final int ROWS_AT_START = 500;

  /** A step of these is a few milliseconds of the writer's time. */
  private static final int ROWS_BESIDE = 50;

  private final String currentId;
  private final SealingStore rows;
  private Optional<SealingStore.Reached> reached = Optional.of(SealingStore.Reached.NOTHING);

  /**
   * @param currentId of the key that encrypts
   */
  KeyChangeStore(String currentId, JournalSecrets secrets) {
    this.currentId = currentId;
    this.rows = new SealingStore(secrets);
  }

  /**
   * Encrypts what is plain, all of it, and has its remains written over. Broken off, it goes on at
   * the next start.
   *
   * @param cleaning writes over what is free in the files; false if it could not
   */
  void encryptPlainRows(Handle handle, BooleanSupplier cleaning, long now) {
    if (!ContentKeyStore.mustBeCleaned(handle)) {
      return;
    }
    LOG.info("contents that are plain are encrypted with key {} before the start", currentId);
    Optional<SealingStore.Reached> far = Optional.of(SealingStore.Reached.NOTHING);
    while (far.isPresent()) {
      SealingStore.Reached from = far.get();
      far = handle.inTransaction(one -> rows.step(one, from, ROWS_AT_START));
    }
    if (cleaning.getAsBoolean()) {
      ContentKeyStore.cleaned(handle, now);
    } else {
      LOG.error("plain contents may remain in free space of the journal; make room, and restart");
    }
  }

  /**
   * A step of bringing rows of older keys under the current one; the older keys are given up at the
   * end.
   *
   * @return completes with whether there is more to do
   */
  CompletableFuture<Boolean> step(JournalDatabase journal) {
    if (reached.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    SealingStore.Reached from = reached.get();
    return journal
        .write(handle -> step(handle, from, journal.clock().millis()))
        .thenApply(
            far -> {
              reached = far;
              return far.isPresent();
            });
  }

  private Optional<SealingStore.Reached> step(Handle handle, SealingStore.Reached from, long now) {
    if (from.equals(SealingStore.Reached.NOTHING)
        && !ContentKeyStore.hasOldKeys(handle, currentId)) {
      return Optional.empty();
    }
    Optional<SealingStore.Reached> far = rows.step(handle, from, ROWS_BESIDE);
    if (far.isEmpty()) {
      ContentKeyStore.retireOthers(handle, currentId, now);
      LOG.info("all contents are encrypted with key {}; older keys are not needed", currentId);
    }
    return far;
  }
}
