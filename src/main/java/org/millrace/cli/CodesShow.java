package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millrace.journal.CodeFilter;
import org.millrace.journal.CodeInMessage;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "The messages in which a code stands, the newest first.")
final class CodesShow implements Callable<Integer> {
  private static final String ROW = "%8s  %-20s  %-9s  %-24s  %-6s  %-16s  %s%n";

  @Parameters(index = "0", paramLabel = "TABLE", description = "As the list shows it.")
  private String table = "";

  @Parameters(index = "1", paramLabel = "CODE", description = "As received; '' for none.")
  private String code = "";

  @Mixin private SenderOption from = new SenderOption();
  @Mixin private ListingOptions shown = new ListingOptions();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    int limit = shown.limit();
    CodeFilter filter = new CodeFilter(Optional.of(table), Optional.of(code), from.sender());
    List<CodeInMessage> found;
    try (JournalDatabase open = journal.readOnly()) {
      found = open.codes().messages(filter, limit);
    }
    if (found.isEmpty()) {
      throw new PlainException("no message on record has this code, unknown to this table");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (!shown.json()) {
      out.printf(ROW, "message", "received", "state", "sender", "code", "place", "text");
    }
    found.forEach(each -> print(each, out));
    return 0;
  }

  private void print(CodeInMessage each, PrintWriter out) {
    String held = each.code().held() ? "held" : "passed";
    if (shown.json()) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("message", each.messageId());
      line.put("receivedAt", each.receivedAt().toString());
      line.put("state", each.state().name());
      line.put("sender", each.sender());
      line.put("path", each.code().path());
      line.put("text", each.code().text());
      line.put("held", each.code().held());
      out.println(line);
      return;
    }
    out.printf(
        ROW,
        each.messageId(),
        each.receivedAt().toString().substring(0, 19) + "Z",
        each.state(),
        OnScreen.text(each.sender()),
        held,
        each.code().path(),
        OnScreen.text(each.code().text()));
  }
}
