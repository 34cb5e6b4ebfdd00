package org.millrace.cli;

import java.util.concurrent.ExecutionException;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.SnoozeStore;
import picocli.CommandLine.Command;

@Command(
    name = "wake",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:No such alert is open, or it is not snoozed.",
    description = {
      "End the snooze of an alert before its time.",
      "An engine tells it again within half a minute."
    })
final class AlertsWake extends AlertRequest {
  @Override
  String change(SnoozeStore snoozes, long number, AuditEvent.Actor who)
      throws InterruptedException, ExecutionException {
    return snoozes.wake(number, who).get()
        ? "snoozed no more; an engine tells it again within half a minute"
        : "refused: no such alert is open, or it is not snoozed";
  }
}
