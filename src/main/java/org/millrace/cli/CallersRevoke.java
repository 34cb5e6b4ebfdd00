package org.millrace.cli;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = "End the keys of a caller, or one of them; engines follow within two seconds.")
final class CallersRevoke implements Callable<Integer> {
  @Parameters(
      paramLabel = "CALLER",
      description = "The caller's name, for all its keys; or the id of one key.")
  private String callerOrId = "";

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    CallerKey.Act act = new CallerKey.Act(Clock.systemUTC().instant(), EngineRequests.who());
    try (JournalDatabase open = journal.forRequests()) {
      List<CallerKey> ended = open.callers().revoke(callerOrId, act).get();
      if (ended.isEmpty()) {
        throw new PlainException(
            "nobody of this name has a key that is in force, and no key this id");
      }
      for (CallerKey key : ended) {
        spec.commandLine().getOut().println(key.id() + " of " + key.caller() + ": revoked");
      }
      return 0;
    } catch (ExecutionException e) {
      throw new PlainException("it could not be put into the journal; is its disk full?");
    }
  }
}
