package org.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "unlock",
    mixinStandardHelpOptions = true,
    description = "Unlock an account, and forget wrong passwords.")
final class UsersUnlock implements Callable<Integer> {
  @Mixin private AccountName name = new AccountName();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    String account = name.get();
    AccountChange.make(
        journal, (accounts, by) -> accounts.unlock(account, by), AccountChange.none(account));
    spec.commandLine().getOut().println(account + ": unlocked");
    return 0;
  }
}
