package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Printable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The list of messages: what {@code messages} and {@code messages list} both are. */
abstract class MessageListing implements Callable<Integer> {
  private static final String ROW = "%8s  %-20s  %-9s  %-8s  %-24s  %-20s  %s%n";

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description = "Only these: ${COMPLETION-CANDIDATES}.")
  private Set<MessageState> states = Set.of();

  @Option(
      names = "--sender",
      paramLabel = "APP@FACILITY",
      defaultValue = "",
      description = "MSH-3@MSH-4.")
  private String sender = "";

  @Option(names = "--control-id", paramLabel = "ID", defaultValue = "", description = "MSH-10.")
  private String controlId = "";

  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      defaultValue = "",
      description = "Received at or after, for example 2026-11-20T00:00:00Z.")
  private String since = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many; default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(names = "--json", description = "One JSON line for each message.")
  private boolean json;

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (limit < 1) {
      throw new PlainException("--limit must be at least 1");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (JournalDatabase open = journal.readOnly()) {
      List<MessageSummary> messages = open.listing().list(filter());
      if (!json) {
        out.printf(ROW, "message", "received", "state", "type", "sender", "control id", "reason");
      }
      for (MessageSummary each : messages) {
        print(each, out);
      }
    }
    return 0;
  }

  private MessageFilter filter() throws PlainException {
    return new MessageFilter(states, text(sender), text(controlId), instant(), limit);
  }

  private static Optional<String> text(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  private Optional<Instant> instant() throws PlainException {
    try {
      return since.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(since));
    } catch (DateTimeParseException e) {
      throw new PlainException("--since is no instant such as 2026-11-20T00:00:00Z");
    }
  }

  private void print(MessageSummary each, PrintWriter out) {
    if (json) {
      out.println(asJson(each));
      return;
    }
    out.printf(
        ROW,
        each.id(),
        each.receivedAt().toString().substring(0, 19) + "Z",
        each.state(),
        Printable.of(each.type()),
        Printable.of(each.sender()),
        Printable.of(each.controlId()),
        each.reason().code());
  }

  static ObjectNode asJson(MessageSummary each) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("message", each.id());
    line.put("controlId", each.controlId());
    line.put("state", each.state().name());
    line.put("reason", each.reason().code());
    line.put("sentence", each.reason().sentence());
    line.put("remedy", each.reason().remedy());
    line.put("whoActs", each.reason().whoActs());
    line.put("type", each.type());
    line.put("sender", each.sender());
    line.put("feed", each.feed());
    line.put("receivedAt", each.receivedAt().toString());
    line.put("attempts", each.attempts());
    if (each.state() == MessageState.RETRYING) {
      line.put("nextTryAt", each.nextTryAt().toString());
    }
    line.put("reply", each.replyState().name());
    return line;
  }
}
