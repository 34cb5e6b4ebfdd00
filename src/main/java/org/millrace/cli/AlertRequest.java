package org.millrace.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.SnoozeStore;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Begins or ends the snooze of an alert. */
abstract class AlertRequest implements Callable<Integer> {
  @Parameters(paramLabel = "ALERT", description = "Its number, as the list shows it.")
  private long alert;

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  abstract Outcome change(SnoozeStore snoozes, long number, AuditEvent.Actor who)
      throws PlainException, InterruptedException, ExecutionException;

  @Override
  public Integer call() throws Exception {
    try (JournalDatabase open = journal.forRequests()) {
      Outcome outcome = change(open.snoozes(), alert, AuditEvent.Actor.user(EngineRequests.who()));
      spec.commandLine().getOut().println("alert " + alert + ": " + outcome.sentence());
      return outcome.exitCode();
    } catch (ExecutionException e) {
      throw new PlainException("the snooze could not be put into the journal; is its disk full?");
    }
  }
}
