package org.millrace.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.millrace.journal.WrittenDuration;
import picocli.CommandLine.Option;

/** When a key ends by itself. */
final class KeyEnd {
  private static final Duration MOST = Duration.ofDays(3660);

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = {
        "After how long the key ends by itself, for example 90d; 'never' if it does not.",
        "A first key: 365d if absent. One that takes the place of another: as long as that one."
      })
  private Optional<String> expires = Optional.empty();

  /** Empty if nothing was said. */
  boolean isGiven() {
    return expires.isPresent();
  }

  /**
   * Empty for a key that does not end.
   *
   * @throws PlainException if it is no duration
   */
  Optional<Instant> of(Instant made, Duration otherwise) throws PlainException {
    if (expires.filter("never"::equals).isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          made.plus(
              expires.isPresent()
                  ? WrittenDuration.read(expires.get(), Duration.ofMinutes(1), MOST)
                  : otherwise));
    } catch (IllegalArgumentException none) {
      throw new PlainException("--expires " + none.getMessage());
    }
  }
}
