package org.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "password",
    mixinStandardHelpOptions = true,
    description = {
      "Give an account another password, which is asked for.",
      "Who is logged in by it is logged out; wrong passwords are forgotten."
    })
final class UsersPassword implements Callable<Integer> {
  @Mixin private AccountName name = new AccountName();
  @Mixin private PasswordInput password = new PasswordInput();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    String account = name.get();
    String hash = password.hashed(account);
    AccountChange.make(
        journal,
        (accounts, by) -> accounts.changePassword(account, hash, by),
        AccountChange.none(account));
    spec.commandLine().getOut().println(account + ": has another password now");
    return 0;
  }
}
