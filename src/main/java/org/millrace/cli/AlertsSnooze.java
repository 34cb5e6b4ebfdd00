package org.millrace.cli;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.SnoozeStore;
import org.millrace.journal.WrittenDuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "snooze",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:No such alert is open.",
    description = {
      "Have nobody told of an alert for a while.",
      "Nor of another one of the same kind and feed that starts meanwhile. If it is open when the time is over, it is told. An alert that is snoozed already is snoozed anew from now on."
    })
final class AlertsSnooze extends AlertRequest {
  @Option(
      names = "--for",
      paramLabel = "TIME",
      required = true,
      description = "For how long, 5m to 30d: 90m, 4h, 2d.")
  private String time = "";

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "Kept with the snooze; everybody who sees the alert sees it.")
  private String why = "";

  @Override
  Outcome change(SnoozeStore snoozes, long number, AuditEvent.Actor who)
      throws PlainException, InterruptedException, ExecutionException {
    if (why.isBlank()) {
      throw new PlainException("--why must say why: it is kept with the snooze");
    }
    return snoozes
        .snooze(number, time(), who, why)
        .get()
        .map(until -> Outcome.done("snoozed until " + FeedsCommand.seconds(until)))
        .orElseGet(() -> new Outcome(Millrace.FAILED, "refused: no such alert is open"));
  }

  private Duration time() throws PlainException {
    try {
      return WrittenDuration.read(time, SnoozeStore.SHORTEST, SnoozeStore.LONGEST);
    } catch (IllegalArgumentException none) {
      throw new PlainException("--for " + none.getMessage());
    }
  }
}
