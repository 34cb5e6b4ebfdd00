package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "The keys of callers, without the keys themselves.")
final class CallersList implements Callable<Integer> {
  private static final String ROW = "%-20s  %-10s  %-8s  %-20s  %-20s  %-16s  %s%n";

  @Option(names = "--all", description = "Also those that are over.")
  private boolean all;

  @Option(names = "--json", description = "One JSON line for each.")
  private boolean json;

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    List<CallerKey> keys;
    try (JournalDatabase open = journal.readOnly()) {
      keys = open.callers().all();
    }
    Instant now = Clock.systemUTC().instant();
    PrintWriter out = spec.commandLine().getOut();
    if (!json) {
      out.printf(ROW, "caller", "key", "state", "expires", "last used", "made by", "scopes");
    }
    keys.stream()
        .filter(key -> all || key.inForce(now))
        .forEach(key -> print(key, state(key, now), out));
    return 0;
  }

  private static String state(CallerKey key, Instant now) {
    return key.inForce(now) ? "in force" : key.revoked().isPresent() ? "revoked" : "expired";
  }

  private void print(CallerKey key, String state, PrintWriter out) {
    String more =
        (key.rights().tenant().isEmpty() ? "" : "; tenant " + key.rights().tenant())
            + (key.rights().senders().isEmpty() ? "" : "; sends as " + key.rights().senders());
    if (json) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("caller", key.caller()).put("key", key.id()).put("state", state);
      line.put("expires", text(key.expires())).put("lastUsed", text(key.used()));
      line.put("made", key.made().at().toString()).put("madeBy", key.made().who());
      key.revoked()
          .ifPresent(act -> line.put("revoked", act.at().toString()).put("revokedBy", act.who()));
      line.put("scopes", key.rights().scopes()).put("tenant", key.rights().tenant());
      line.put("senders", key.rights().senders());
      out.println(line);
      return;
    }
    out.printf(
        ROW,
        key.caller(),
        key.id(),
        state,
        key.expires().map(CallersList::seconds).orElse("never"),
        key.used().map(CallersList::seconds).orElse("never"),
        key.made().who(),
        key.rights().scopes() + more);
  }

  private static String text(Optional<Instant> at) {
    return at.map(Instant::toString).orElse("");
  }

  private static String seconds(Instant at) {
    return at.toString().substring(0, 19) + "Z";
  }
}
