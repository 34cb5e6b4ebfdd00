package org.millrace.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.AccountStore;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalDatabase;

/** Changes accounts in the journal, as whoever is at the command line. */
final class AccountChange {
  private AccountChange() {}

  /** A change, and whether there was something to change. */
  interface Change {
    CompletableFuture<Boolean> in(AccountStore accounts, AuditEvent.Actor by);
  }

  /**
   * Makes a change and waits for it.
   *
   * @param otherwise why there was nothing to change
   * @throws PlainException if there was not, or it could not be put on record
   */
  static void make(JournalOption journal, Change change, String otherwise) throws Exception {
    AuditEvent.Actor by = AuditEvent.Actor.user(EngineRequests.who());
    try (JournalDatabase open = journal.forRequests()) {
      if (!change.in(open.accounts(), by).get()) {
        throw new PlainException(otherwise);
      }
    } catch (ExecutionException e) {
      throw new PlainException("it could not be put into the journal; is its disk full?");
    }
  }

  static String none(String name) {
    return "there is no account " + name;
  }
}
