package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.SavedView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "views",
    mixinStandardHelpOptions = true,
    description = {
      "The lists of messages that people have named at the console.",
      "'messages --view NAME' shows the messages of one."
    })
final class MessagesViews implements Callable<Integer> {
  private static final String ROW = "%-30s  %-20s  %s%n";

  @Option(names = "--json", description = "One JSON line for each.")
  private boolean json;

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    List<SavedView> views;
    try (JournalDatabase open = journal.readOnly()) {
      views = open.savedViews().all();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (!json) {
      out.printf(ROW, "view", "for", "shows");
    }
    for (SavedView each : views) {
      if (json) {
        out.println(asJson(each));
      } else {
        out.printf(ROW, OnScreen.text(each.name()), owner(each), shows(each.filter()));
      }
    }
    return 0;
  }

  private static String owner(SavedView view) {
    return view.shared() ? "all" : view.owner();
  }

  /** As options of a listing. */
  private static String shows(MessageFilter filter) {
    StringBuilder shown = new StringBuilder();
    option(shown, "--state", states(filter));
    option(shown, "--reason", filter.reasonCode().orElse(""));
    option(shown, "--sender", filter.sender().orElse(""));
    option(shown, "--feed", filter.feed().orElse(""));
    option(shown, "--since", filter.since().map(Instant::toString).orElse(""));
    option(shown, "--until", filter.until().map(Instant::toString).orElse(""));
    return shown.toString();
  }

  private static void option(StringBuilder shown, String name, String value) {
    if (!value.isEmpty()) {
      shown.append(shown.isEmpty() ? "" : " ").append(name).append(' ');
      shown.append(OnScreen.text(value));
    }
  }

  private static String states(MessageFilter filter) {
    return filter.states().stream().map(Enum::name).sorted().collect(Collectors.joining(","));
  }

  private static ObjectNode asJson(SavedView view) {
    MessageFilter filter = view.filter();
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("view", view.name()).put("for", owner(view)).put("states", states(filter));
    line.put("reason", filter.reasonCode().orElse(""));
    line.put("sender", filter.sender().orElse(""));
    line.put("feed", filter.feed().orElse(""));
    filter.since().ifPresent(at -> line.put("since", at.toString()));
    filter.until().ifPresent(at -> line.put("until", at.toString()));
    return line;
  }

  /**
   * The view of this name: everybody's, else the only one, else that of {@code OWNER:NAME}.
   *
   * @throws PlainException if there is none, or several people have one
   */
  static SavedView find(JournalDatabase journal, String name) throws PlainException {
    List<SavedView> all = journal.savedViews().all();
    List<SavedView> named = having(all, each -> each.name().equals(name));
    List<SavedView> shared = having(named, SavedView::shared);
    if (!shared.isEmpty()) {
      return shared.get(0);
    }
    if (named.size() > 1) {
      throw new PlainException(
          "several people have a view of this name; say whose: "
              + named.get(0).owner()
              + ":"
              + OnScreen.text(name));
    }
    List<SavedView> found =
        named.isEmpty()
            ? having(all, each -> (owner(each) + ":" + each.name()).equals(name))
            : named;
    if (found.isEmpty()) {
      throw new PlainException("there is no view of this name; see 'millrace messages views'");
    }
    return found.get(0);
  }

  private static List<SavedView> having(List<SavedView> views, Predicate<SavedView> what) {
    return views.stream().filter(what).toList();
  }
}
