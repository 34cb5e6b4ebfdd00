package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.millrace.journal.AnsweredQuery;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.Printable;
import org.millrace.journal.QueryAnswer;
import org.millrace.journal.QueryFilter;
import org.millrace.journal.WrittenDuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "queries",
    mixinStandardHelpOptions = true,
    description = {
      "Queries that were answered, newest first: how long that took and what came of it.",
      "Who was asked for is shown by messages show."
    })
final class QueriesCommand implements Callable<Integer> {
  private static final String ROW = "%8s  %-20s  %-9s  %8s  %-4s  %-4s  %-4s  %-24s  %-20s  %s%n";

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      defaultValue = "",
      description = "Only found, not-found or refused; or answered, of earlier versions.")
  private String outcome = "";

  @Mixin private SenderOption from = new SenderOption();

  @Option(
      names = "--feed",
      paramLabel = "NAME",
      description = "Only of this feed, by its route file.")
  private Optional<String> feed = Optional.empty();

  @Mixin private TimeOptions times = new TimeOptions();

  @Option(
      names = "--slower",
      paramLabel = "TIME",
      description = "Only those that took at least so long, for example 500ms or 2s.")
  private Optional<String> slower = Optional.empty();

  @Mixin private ListingOptions shown = new ListingOptions();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    QueryFilter filter =
        new QueryFilter(
            outcome(), feed, from.sender(), times.since(), times.until(), slower(), shown.limit());
    List<AnsweredQuery> queries;
    try (JournalDatabase open = journal.readOnly()) {
      queries = open.queries().list(filter);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (shown.json()) {
      queries.forEach(each -> out.println(line(each)));
      return 0;
    }
    out.printf(
        ROW,
        "message",
        "asked",
        "outcome",
        "took",
        "MSA",
        "QAK",
        "more",
        "sender",
        "control id",
        "told");
    queries.forEach(each -> print(each, out));
    return 0;
  }

  private Optional<QueryAnswer.Outcome> outcome() throws PlainException {
    Optional<QueryAnswer.Outcome> known = QueryAnswer.Outcome.of(outcome);
    if (known.isEmpty() && !outcome.isEmpty()) {
      throw new PlainException(
          "--outcome is one of "
              + Arrays.stream(QueryAnswer.Outcome.values())
                  .map(QueryAnswer.Outcome::word)
                  .collect(Collectors.joining(", ")));
    }
    return known;
  }

  private Optional<Duration> slower() throws PlainException {
    Optional<Duration> time = slower.flatMap(WrittenDuration::read);
    if (slower.isPresent() && time.isEmpty()) {
      throw new PlainException("--slower is no time such as 500ms or 2s");
    }
    return time;
  }

  private static void print(AnsweredQuery each, PrintWriter out) {
    QueryAnswer answer = each.answer();
    out.printf(
        ROW,
        each.id(),
        FeedsCommand.seconds(each.receivedAt()),
        answer.outcome().word(),
        answer.took().map(time -> time.toMillis() + " ms").orElse(""),
        Printable.of(answer.acknowledgment()),
        Printable.of(answer.status()),
        answer.more() ? "yes" : "",
        Printable.of(each.sender()),
        Printable.of(each.controlId()),
        each.reason().sentence());
  }

  private static ObjectNode line(AnsweredQuery each) {
    QueryAnswer answer = each.answer();
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("message", each.id());
    line.put("askedAt", each.receivedAt().toString());
    line.put("outcome", answer.outcome().word());
    answer.took().ifPresent(time -> line.put("tookMillis", time.toMillis()));
    line.put("acknowledgment", answer.acknowledgment()).put("status", answer.status());
    line.put("more", answer.more()).put("told", each.reason().sentence());
    line.put("type", each.type()).put("sender", each.sender());
    return line.put("controlId", each.controlId())
        .put("feed", each.feed())
        .put("peer", each.peer());
  }
}
