package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.millrace.alert.AlertKind;
import org.millrace.journal.Alert;
import org.millrace.journal.AlertFilter;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.Snooze;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "alerts",
    mixinStandardHelpOptions = true,
    description = {
      "What is the matter now, and what was: alerts that are open, then those that ended last.",
      "What each kind means, and what to do about it, stands in docs/alerts.md."
    },
    subcommands = {AlertsSnooze.class, AlertsWake.class})
final class AlertsCommand implements Callable<Integer> {
  private static final String ROW = "%6s  %-15s  %-20s  %-20s  %-20s  %s%n";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many that have ended; default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      defaultValue = "",
      description = "Only those that are 'open', or only those that have 'ended'.")
  private String state = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "",
      description = "Only those of this kind, such as queue-age.")
  private String kind = "";

  @Option(names = "--json", description = "One JSON line for each.")
  private boolean json;

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (limit < 0) {
      throw new PlainException("--limit must not be negative");
    }
    AlertFilter filter = AlertFilter.of(standing(), known(kind), limit);
    List<Alert> alerts;
    List<Snooze> snoozes;
    Map<String, Long> untold;
    try (JournalDatabase open = journal.readOnly()) {
      alerts = open.alerts().list(filter).all();
      snoozes = open.snoozes().inForceWithoutWords();
      untold = open.alerts().untold();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      alerts.forEach(each -> out.println(line(each, of(each, snoozes))));
      return 0;
    }
    out.printf(ROW, "alert", "kind", "of", "started", "ended", "how it is, or was");
    alerts.forEach(each -> print(each, of(each, snoozes), out));
    Set<Long> listed = alerts.stream().map(Alert::id).collect(Collectors.toSet());
    snoozes.stream()
        .filter(each -> !listed.contains(each.alert()))
        .forEach(
            each -> out.println("alert " + each.alert() + ", not in this list" + snoozed(each)));
    untold.forEach((way, count) -> out.println(count + " notices not taken yet by " + way));
    return 0;
  }

  private Optional<AlertFilter.Standing> standing() throws PlainException {
    if (state.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        AlertFilter.Standing.of(state)
            .orElseThrow(() -> new PlainException("--state is open or ended")));
  }

  private static String known(String kind) throws PlainException {
    if (!kind.isEmpty() && AlertKind.of(kind).isEmpty()) {
      throw new PlainException(
          "--kind is one of "
              + Arrays.stream(AlertKind.values())
                  .map(AlertKind::label)
                  .collect(Collectors.joining(", ")));
    }
    return kind;
  }

  private static Optional<Snooze> of(Alert alert, List<Snooze> snoozes) {
    return snoozes.stream().filter(each -> each.of(alert)).findFirst();
  }

  private static void print(Alert each, Optional<Snooze> snooze, PrintWriter out) {
    out.printf(
        ROW,
        each.id(),
        each.kind(),
        each.subject(),
        FeedsCommand.seconds(each.started()),
        each.ended().map(FeedsCommand::seconds).orElse(snooze.isPresent() ? "snoozed" : "open"),
        each.sentence() + snooze.map(AlertsCommand::snoozed).orElse(""));
  }

  private static String snoozed(Snooze snooze) {
    return "; snoozed by "
        + OnScreen.text(snooze.who())
        + " until "
        + FeedsCommand.seconds(snooze.until());
  }

  private static ObjectNode line(Alert each, Optional<Snooze> snooze) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("number", each.id()).put("kind", each.kind()).put("of", each.subject());
    line.put("state", each.ended().isPresent() ? "ended" : "open");
    line.put("started", each.started().toString()).put("seen", each.seen().toString());
    snooze.ifPresent(
        at -> line.put("snoozedUntil", at.until().toString()).put("snoozedBy", at.who()));
    return line.put("ended", each.ended().map(Instant::toString).orElse(""))
        .put("sentence", each.sentence());
  }
}
