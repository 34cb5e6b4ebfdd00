package org.millrace.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The stretch of time that a listing is of; all of it without these options. */
final class TimeOptions {
  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      description = "Only at or after, for example 2026-11-20T00:00:00Z.")
  private Optional<String> since = Optional.empty();

  @Option(names = "--until", paramLabel = "INSTANT", description = "Only before.")
  private Optional<String> until = Optional.empty();

  /**
   * @throws PlainException if it is no time
   */
  Optional<Instant> since() throws PlainException {
    return instant("--since", since);
  }

  /**
   * @throws PlainException if it is no time
   */
  Optional<Instant> until() throws PlainException {
    return instant("--until", until);
  }

  private static Optional<Instant> instant(String option, Optional<String> text)
      throws PlainException {
    try {
      return text.map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw new PlainException(option + " is no instant such as 2026-11-20T00:00:00Z");
    }
  }
}
