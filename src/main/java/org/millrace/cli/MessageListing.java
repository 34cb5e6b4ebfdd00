package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
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

  @Mixin private FilterOptions filter = new FilterOptions();

  @Option(
      names = "--view",
      paramLabel = "NAME",
      description =
          "Only those of this view, as 'messages views' lists it; other options go before what it"
              + " says.")
  private Optional<String> view = Optional.empty();

  @Mixin private ListingOptions shown = new ListingOptions();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    // Before the journal is opened: what is typed wrong needs none.
    MessageFilter typed = filter.filter().atMost(shown.limit());
    PrintWriter out = spec.commandLine().getOut();
    try (JournalDatabase open = journal.readOnly()) {
      MessageFilter wanted =
          view.isEmpty()
              ? typed
              : filter.filter(MessagesViews.find(open, view.get()).filter()).atMost(shown.limit());
      List<MessageSummary> messages = open.listing().list(wanted);
      if (shown.json()) {
        messages.forEach(each -> out.println(asJson(each)));
      } else {
        print(messages, out);
      }
    }
    return 0;
  }

  /** A line for each, without patient data. */
  static void print(List<MessageSummary> messages, PrintWriter out) {
    out.printf(ROW, "message", "received", "state", "type", "sender", "control id", "reason");
    for (MessageSummary each : messages) {
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
