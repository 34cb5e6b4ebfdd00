package org.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "messages",
    mixinStandardHelpOptions = true,
    description = "Look into the journal, and ask the engine to try a stopped message again.",
    subcommands = {MessagesList.class, MessagesShow.class, MessagesRetry.class})
final class MessagesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Without a subcommand: the list. */
  @Override
  public Integer call() {
    return spec.commandLine().getSubcommands().get("list").execute();
  }
}
