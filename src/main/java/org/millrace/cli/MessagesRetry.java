package org.millrace.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.OperatorRequest;
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
  private static final Duration POLL = Duration.ofMillis(100);

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
      for (long message : messages) {
        long request = ask(open, message);
        String outcome = outcome(open, request);
        out.println(message + ": " + outcome);
        taken &= !outcome.startsWith("refused");
      }
    }
    return taken ? 0 : Millrace.FAILED;
  }

  private long ask(JournalDatabase open, long message) throws InterruptedException, PlainException {
    String who = System.getProperty("user.name", "unknown");
    try {
      return open.requests().ask("retry", message, who, why).get();
    } catch (ExecutionException e) {
      throw new PlainException("the request could not be left in the journal; is its disk full?");
    }
  }

  private String outcome(JournalDatabase open, long request) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
    while (true) {
      Optional<OperatorRequest> found = open.requests().find(request);
      if (found.isPresent() && !found.get().waiting()) {
        return found.get().outcome();
      }
      if (System.nanoTime() > until) {
        return "asked; no engine has taken the request yet, one will when it runs";
      }
      Thread.sleep(POLL.toMillis());
    }
  }
}
