package org.millrace.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = {
      "Ask the engine to try stopped messages again.",
      "The request is left in the journal; a running engine carries it out within a second, a stopped one when it starts."
    })
final class MessagesRetry implements Callable<Integer> {
  @Parameters(
      paramLabel = "MESSAGE",
      arity = "1..*",
      converter = MessageNumber.class,
      description = "Numbers, as the list shows them.")
  private List<Long> messages = List.of();

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Kept with the message.")
  private String why = "";

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description =
          "How long to wait for the engine to take the request; default ${DEFAULT-VALUE}.")
  private int wait;

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    boolean taken = true;
    try (JournalDatabase open = journal.forRequests()) {
      EngineRequests requests = new EngineRequests(open, why, Duration.ofSeconds(wait));
      for (long message : messages) {
        String outcome = requests.outcome(requests.ask("retry", message));
        out.println(message + ": " + outcome);
        taken &= !outcome.startsWith("refused");
      }
    }
    return taken ? 0 : Millrace.FAILED;
  }
}
