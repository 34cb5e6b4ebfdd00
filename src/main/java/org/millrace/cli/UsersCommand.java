package org.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "users",
    mixinStandardHelpOptions = true,
    description = "Who may log in at the console: make, list, lock and unlock accounts.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UsersNew.class,
      UsersList.class,
      UsersRole.class,
      UsersPassword.class,
      UsersLock.class,
      UsersUnlock.class
    })
final class UsersCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
