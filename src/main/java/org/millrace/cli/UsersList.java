package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millrace.guard.PasswordLogIn;
import org.millrace.journal.Account;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "The accounts, with their roles, and when somebody last logged in.")
final class UsersList implements Callable<Integer> {
  private static final String ROW = "%-20s  %-10s  %-8s  %-20s  %-20s  %s%n";

  @Option(names = "--json", description = "One JSON line for each.")
  private boolean json;

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    List<Account> accounts;
    try (JournalDatabase open = journal.readOnly()) {
      accounts = open.accounts().all();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (!json) {
      out.printf(ROW, "name", "role", "state", "made", "logged in", "wrong passwords since");
    }
    Instant now = Clock.systemUTC().instant();
    accounts.forEach(account -> print(account, now, out));
    return 0;
  }

  /** Shut: for a while, after too many wrong passwords. */
  private void print(Account account, Instant now, PrintWriter out) {
    Optional<Instant> shutUntil = PasswordLogIn.lockedOutUntil(account, now);
    String free = shutUntil.isPresent() ? "shut" : "open";
    String state = account.locked().isPresent() ? "locked" : free;
    String role = account.role().toLowerCase(Locale.ROOT);
    int failures = account.tries().failures();
    if (json) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("name", account.name()).put("role", role).put("state", state);
      line.put("made", account.made().toString());
      line.put("loggedIn", account.loggedIn().map(Instant::toString).orElse(""));
      line.put("failures", failures);
      line.put("shutUntil", shutUntil.map(Instant::toString).orElse(""));
      out.println(line);
      return;
    }
    out.printf(
        ROW,
        account.name(),
        role,
        state,
        seconds(Optional.of(account.made())),
        seconds(account.loggedIn()),
        failures);
  }

  private static String seconds(Optional<Instant> at) {
    return at.map(each -> each.toString().substring(0, 19) + "Z").orElse("never");
  }
}
