package org.millrace.console;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.QueryAnswer;
import org.millrace.journal.QueryFilter;
import org.millrace.journal.WrittenDuration;

/**
 * Which queries an address asks for.
 *
 * @param messages feed, sender, times and page of it, as of messages
 * @param slower as durations are written, {@code 2s}; empty for all
 * @param faults what of the address cannot be understood, a sentence each
 */
record QueryChoice(
    MessageQuery messages,
    Optional<QueryAnswer.Outcome> outcome,
    String slower,
    List<String> faults) {

  static QueryChoice read(Params params) {
    MessageQuery messages = MessageQuery.read(params);
    List<String> faults = new ArrayList<>(messages.faults());
    Optional<QueryAnswer.Outcome> outcome = QueryAnswer.Outcome.of(params.text("outcome"));
    if (outcome.isEmpty() && params.has("outcome")) {
      faults.add("There is no such outcome as the address names.");
    }
    String slower = params.text("slower");
    if (!slower.isEmpty() && WrittenDuration.read(slower).isEmpty()) {
      faults.add("'slower' is no time such as 500ms or 2s.");
      slower = "";
    }
    return new QueryChoice(messages, outcome, slower, faults);
  }

  /** What it asks of the journal, but for the page. */
  QueryFilter filter(ZoneId zone, int limit) {
    MessageFilter times = messages.filter(zone);
    return new QueryFilter(
        outcome,
        times.feed(),
        times.sender(),
        times.since(),
        times.until(),
        WrittenDuration.read(slower),
        limit);
  }

  /** The address of the same list from its newest query on. */
  Link link() {
    return Link.to("/queries")
        .with("outcome", word())
        .with("feed", messages.feed())
        .with("sender", messages.sender())
        .with("since", messages.since())
        .with("until", messages.until())
        .with("slower", slower);
  }

  /** The newest are among what is shown. */
  boolean first() {
    return messages.before() == 0 && messages.after() == 0;
  }

  String word() {
    return outcome.map(QueryAnswer.Outcome::word).orElse("");
  }

  /** The same at the command line. */
  String command(ZoneId zone) {
    QueryFilter filter = filter(zone, 1);
    StringBuilder command = new StringBuilder("./millrace queries");
    option(command, "--outcome", word());
    option(command, "--feed", messages.feed());
    option(command, "--sender", messages.sender());
    option(command, "--since", filter.since().map(Instant::toString).orElse(""));
    option(command, "--until", filter.until().map(Instant::toString).orElse(""));
    option(command, "--slower", slower);
    return command.toString();
  }

  private static void option(StringBuilder command, String name, String value) {
    if (!value.isEmpty()) {
      command.append(' ').append(name).append(' ').append(ShellWord.of(value));
    }
  }
}
