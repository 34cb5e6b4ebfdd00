package org.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "lock",
    mixinStandardHelpOptions = true,
    description = "Lock an account until it is unlocked; who is logged in by it is logged out.")
final class UsersLock implements Callable<Integer> {
  @Mixin private AccountName name = new AccountName();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    String account = name.get();
    AccountChange.make(
        journal, (accounts, by) -> accounts.lock(account, by), AccountChange.none(account));
    spec.commandLine().getOut().println(account + ": locked");
    return 0;
  }
}
