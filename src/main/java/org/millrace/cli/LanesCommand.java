package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.millrace.journal.BacklogStore;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LaneName;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "lanes",
    mixinStandardHelpOptions = true,
    description = {
      "The lanes in which messages wait, that of the oldest message first, and those that are paused.",
      "What stands in a lane is delivered one by one. The name of a lane tells nothing of its patient."
    },
    subcommands = {LanesPause.class, LanesResume.class})
final class LanesCommand implements Callable<Integer> {
  private static final String ROW = "%-12s  %-24s  %8s  %8s  %-9s  %-20s  %-20s  %s%n";

  @Mixin private ListingOptions listing = new ListingOptions();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    List<BacklogStore.OfLane> lanes;
    try (JournalDatabase open = journal.readOnly()) {
      lanes = open.backlog().lanes(listing.limit());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (listing.json()) {
      lanes.forEach(each -> out.println(asJson(each)));
      return 0;
    }
    out.printf(ROW, "lane", "sender", "waiting", "next", "state", "due", "reason", "paused");
    lanes.forEach(
        each ->
            out.printf(
                ROW,
                LaneName.of(each.lane()),
                each.head().map(MessageSummary::sender).map(Printable::of).orElse(""),
                each.waiting(),
                each.head().map(head -> Long.toString(head.id())).orElse(""),
                each.head().map(head -> head.state().name()).orElse(""),
                each.head().map(LanesCommand::due).orElse(""),
                each.head().map(head -> head.reason().code()).orElse(""),
                FeedsCommand.paused(each.pause())));
    return 0;
  }

  private static String due(MessageSummary head) {
    return head.state() == MessageState.RETRYING ? FeedsCommand.seconds(head.nextTryAt()) : "";
  }

  private static ObjectNode asJson(BacklogStore.OfLane each) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("lane", LaneName.of(each.lane())).put("waiting", each.waiting());
    each.head().ifPresent(head -> line.set("next", MessageListing.asJson(head)));
    FeedsCommand.put(line, each.pause());
    return line;
  }
}
