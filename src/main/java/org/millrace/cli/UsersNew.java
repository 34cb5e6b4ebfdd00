package org.millrace.cli;

import java.util.concurrent.Callable;
import org.millrace.guard.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "new",
    mixinStandardHelpOptions = true,
    description = {
      "Make an account; its password is asked for.",
      "From the first account on, everybody logs in at the console, on this machine, too."
    })
final class UsersNew implements Callable<Integer> {
  @Mixin private AccountName name = new AccountName();

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      required = true,
      description = {
        "viewer: pages with patients' data covered.",
        "operator: also has them shown, and decides what becomes of messages.",
        "analyst: also has them shown, and has workbench, codes and dry runs.",
        "admin: all of it, and the audit trail."
      })
  private String role = "";

  @Mixin private PasswordInput password = new PasswordInput();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    String account = name.get();
    Role as = AccountName.role(role);
    String hash = password.hashed(account);
    AccountChange.make(
        journal,
        (accounts, by) -> accounts.add(account, as.name(), hash, by),
        "there is an account " + account + " already");
    spec.commandLine().getOut().println(account + ": made, as " + as.word());
    return 0;
  }
}
