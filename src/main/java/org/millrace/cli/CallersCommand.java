package org.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "callers",
    mixinStandardHelpOptions = true,
    description = "Who may call over HTTP: make, list, replace and end their keys.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {CallersNew.class, CallersList.class, CallersRotate.class, CallersRevoke.class})
final class CallersCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
