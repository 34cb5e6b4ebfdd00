package org.millrace.cli;

import java.util.concurrent.ExecutionException;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalDatabase;

/** Puts on record that somebody looks at patient data, before it is shown. */
final class ViewOnRecord {
  private ViewOnRecord() {}

  /**
   * @param what {@code view} or {@code export}
   * @param subject what is looked at: {@code message 12}
   * @throws PlainException if it cannot be put on record; then it is not to be shown
   */
  static void put(JournalDatabase open, String what, String subject)
      throws PlainException, InterruptedException {
    // Where the key is missing, this says so.
    open.searchKeys().of("view", subject);
    try {
      open.audit().looked(AuditEvent.Actor.user(EngineRequests.who()), what, subject).get();
    } catch (ExecutionException e) {
      throw new PlainException(
          "that you look at it could not be put on record, so it is not shown; is the disk full?");
    }
  }
}
