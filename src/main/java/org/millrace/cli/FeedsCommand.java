package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.millrace.journal.BacklogStore;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "feeds",
    mixinStandardHelpOptions = true,
    description = {
      "The feeds that have taken messages, and what waits of each.",
      "A paused feed takes and acknowledges messages as before; none of them is delivered until it is resumed."
    },
    subcommands = {FeedsPause.class, FeedsResume.class})
final class FeedsCommand implements Callable<Integer> {
  private static final String ROW = "%-20s  %-8s  %8s  %-20s  %-20s  %s%n";

  @Option(names = "--json", description = "One JSON line for each.")
  private boolean json;

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    List<BacklogStore.OfFeed> feeds;
    try (JournalDatabase open = journal.readOnly()) {
      feeds = open.backlog().feeds();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (!json) {
      out.printf(ROW, "feed", "state", "waiting", "oldest", "types", "paused");
    }
    feeds.forEach(each -> print(each, out));
    return 0;
  }

  private void print(BacklogStore.OfFeed each, PrintWriter out) {
    String state = each.pause().isPresent() ? "paused" : "open";
    String types = String.join(" ", new TreeSet<>(each.feed().messageTypes()));
    if (json) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("feed", each.feed().name()).put("types", types).put("state", state);
      line.put("waiting", each.waiting()).put("oldest", oldest(each.oldest()));
      put(line, each.pause());
      out.println(line);
      return;
    }
    out.printf(
        ROW,
        each.feed().name(),
        state,
        each.waiting(),
        oldest(each.oldest()),
        types,
        paused(each.pause()));
  }

  private static String oldest(Optional<Instant> at) {
    return at.map(FeedsCommand::seconds).orElse("");
  }

  static String seconds(Instant at) {
    return at.toString().substring(0, 19) + "Z";
  }

  /** Since when and by whom; empty if it is not. */
  static String paused(Optional<DeliveryPause> pause) {
    return pause
        .map(each -> "since " + seconds(each.since()) + " by " + OnScreen.text(each.who()))
        .orElse("");
  }

  static void put(ObjectNode line, Optional<DeliveryPause> pause) {
    pause.ifPresent(
        each -> line.put("pausedSince", each.since().toString()).put("pausedBy", each.who()));
  }
}
