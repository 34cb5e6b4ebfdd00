package org.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "messages",
    mixinStandardHelpOptions = true,
    description = "Look into the journal; try stopped messages again.",
    subcommands = {MessagesList.class, MessagesShow.class, MessagesRetry.class})
final class MessagesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Without a subcommand: the list. */
  @Override
  public Integer call() {
    return new CommandLine(new MessagesList())
        .setOut(spec.commandLine().getOut())
        .setErr(spec.commandLine().getErr())
        .setExecutionExceptionHandler(new PlainErrors())
        .execute();
  }
}
