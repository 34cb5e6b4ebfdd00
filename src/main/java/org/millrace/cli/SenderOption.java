package org.millrace.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --sender}, for commands that can keep to one. */
final class SenderOption {
  @Option(
      names = "--sender",
      paramLabel = "APP@FACILITY",
      description = "Only of this sender: MSH-3@MSH-4.")
  private Optional<String> sender = Optional.empty();

  /** As listed; empty for all. */
  Optional<String> sender() {
    return sender.filter(text -> !text.isEmpty());
  }
}
