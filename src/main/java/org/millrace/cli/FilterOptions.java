package org.millrace.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which messages a command is about; without any of these options, all. */
final class FilterOptions {
  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description = "Only in these: ${COMPLETION-CANDIDATES}.")
  private Set<MessageState> states = Set.of();

  @Option(
      names = "--reason",
      paramLabel = "CODE",
      description = "Only with this reason, for example no-such-patient.")
  private Optional<String> reason = Optional.empty();

  @Mixin private SenderOption from = new SenderOption();

  @Option(
      names = "--feed",
      paramLabel = "NAME",
      description = "Only of this feed, by its route file.")
  private Optional<String> feed = Optional.empty();

  @Option(names = "--control-id", paramLabel = "ID", description = "Only with this MSH-10.")
  private Optional<String> controlId = Optional.empty();

  @Mixin private NumberOptions numbers = new NumberOptions();

  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      description = "Only received at or after, for example 2026-11-20T00:00:00Z.")
  private Optional<String> since = Optional.empty();

  @Option(names = "--until", paramLabel = "INSTANT", description = "Only received before.")
  private Optional<String> until = Optional.empty();

  /**
   * @throws PlainException if a time is none
   */
  MessageFilter filter() throws PlainException {
    MessageFilter filter = numbers.narrow(MessageFilter.any()).in(states);
    filter = reason.map(filter::because).orElse(filter);
    filter = from.sender().map(filter::ofSender).orElse(filter);
    filter = feed.map(filter::ofFeed).orElse(filter);
    filter = controlId.map(filter::withControlId).orElse(filter);
    if (since.isPresent()) {
      filter = filter.since(instant("--since", since.get()));
    }
    return until.isPresent() ? filter.until(instant("--until", until.get())) : filter;
  }

  /** Whether any of them was given. */
  boolean given() throws PlainException {
    return !filter().equals(MessageFilter.any());
  }

  private static Instant instant(String option, String text) throws PlainException {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new PlainException(option + " is no instant such as 2026-11-20T00:00:00Z");
    }
  }
}
