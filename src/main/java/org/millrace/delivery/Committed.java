package org.millrace.delivery;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.JournalException;

/** Waits until something is on disk. */
final class Committed {

  private Committed() {}

  /**
   * @throws JournalException if it could not be written, or if we are told to stop: then it may be
   *     on disk or not, and the next start finds out
   */
  static <T> T await(CompletableFuture<T> write) {
    try {
      return write.get();
    } catch (ExecutionException failure) {
      throw new JournalException("the journal could not be written", failure);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new JournalException("stopped while the journal was being written", stop);
    }
  }
}
