package org.millrace.cli;

import java.util.concurrent.Callable;
import org.millrace.guard.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "role",
    mixinStandardHelpOptions = true,
    description = "Give an account another role; who is logged in by it is logged out.")
final class UsersRole implements Callable<Integer> {
  @Mixin private AccountName name = new AccountName();

  @Parameters(index = "1", paramLabel = "ROLE", description = "viewer, operator, analyst or admin.")
  private String role = "";

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    String account = name.get();
    Role as = AccountName.role(role);
    AccountChange.make(
        journal,
        (accounts, by) -> accounts.changeRole(account, as.name(), by),
        AccountChange.none(account));
    spec.commandLine().getOut().println(account + ": is " + as.word() + " now");
    return 0;
  }
}
