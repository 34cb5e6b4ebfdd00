package org.millrace.cli;

import java.util.concurrent.ExecutionException;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.SnoozeStore;
import picocli.CommandLine.Command;

@Command(
    name = "wake",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:There is no such alert, or it is not snoozed.",
    description = {
      "End the snooze of an alert before its time.",
      "If it is open, an engine tells it again within half a minute. One that has ended would not be told if it started again; it is then."
    })
final class AlertsWake extends AlertRequest {
  @Override
  Outcome change(SnoozeStore snoozes, long number, AuditEvent.Actor who)
      throws InterruptedException, ExecutionException {
    return snoozes.wake(number, who).get()
        ? Outcome.done("snoozed no more; if it is open, an engine tells it within half a minute")
        : new Outcome(Millrace.FAILED, "refused: there is no such alert, or it is not snoozed");
  }
}
