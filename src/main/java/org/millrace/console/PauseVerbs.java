package org.millrace.console;

import java.util.concurrent.ExecutionException;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;

/** Begins and ends pauses of feeds and lanes, as the commands do. Thread-safe. */
final class PauseVerbs {
  private final JournalDatabase journal;

  PauseVerbs(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * @param name of a feed its name, of a lane its key
   * @param request whose form says why, which is needed to pause
   */
  MessageVerbs.Told ask(DeliveryPause.Kind kind, String name, boolean pause, Request request)
      throws InterruptedException {
    String why = request.form().text("why");
    AuditEvent.Actor who = request.person().actor();
    if (pause && why.isEmpty()) {
      return new MessageVerbs.Told(false, "Nothing was done: say why; it is kept with the pause.");
    }
    try {
      boolean changed =
          pause
              ? journal.pauses().pause(kind, name, who, why).get()
              : journal.pauses().resume(kind, name, who).get();
      if (!changed) {
        return new MessageVerbs.Told(false, pause ? "it is paused already" : "it is not paused");
      }
      return new MessageVerbs.Told(
          true, pause ? "paused; engines follow within a second" : "resumed");
    } catch (ExecutionException e) {
      throw new JournalException("the pause could not be put on record", e);
    }
  }
}
