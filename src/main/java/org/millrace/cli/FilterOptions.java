package org.millrace.cli;

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

  @Mixin private SenderOption sender = new SenderOption();

  @Option(
      names = "--feed",
      paramLabel = "NAME",
      description = "Only of this feed, by its route file.")
  private Optional<String> feed = Optional.empty();

  @Option(names = "--control-id", paramLabel = "ID", description = "Only with this MSH-10.")
  private Optional<String> controlId = Optional.empty();

  @Mixin private NumberOptions numbers = new NumberOptions();

  @Mixin private TimeOptions times = new TimeOptions();

  /**
   * @throws PlainException if a time is none
   */
  MessageFilter filter() throws PlainException {
    return filter(MessageFilter.any());
  }

  /**
   * The same, from another choice on; what an option says goes before what that says.
   *
   * @throws PlainException if a time is none
   */
  MessageFilter filter(MessageFilter from) throws PlainException {
    MessageFilter filter = numbers.narrow(from);
    filter = states.isEmpty() ? filter : filter.in(states);
    filter = reason.map(filter::because).orElse(filter);
    filter = sender.sender().map(filter::ofSender).orElse(filter);
    filter = feed.map(filter::ofFeed).orElse(filter);
    filter = controlId.map(filter::withControlId).orElse(filter);
    filter = times.since().map(filter::since).orElse(filter);
    return times.until().map(filter::until).orElse(filter);
  }

  /** Whether any of them was given. */
  boolean given() throws PlainException {
    return !filter().equals(MessageFilter.any());
  }
}
