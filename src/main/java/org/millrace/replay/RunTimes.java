package org.millrace.replay;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Times that the engine or the sandbox took from the case's clock: they tick on while the case
 * runs, so two of them are the same when both fall into the case's run. Immutable.
 *
 * @param byShape any two times are the same: a running engine has its own clock and zone
 */
record RunTimes(Instant clock, boolean byShape) {
  private static final Duration RUN = Duration.ofMinutes(10);
  private static final DateTimeFormatter V2 = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

  /** Whether two texts are times that count as the same. */
  boolean same(String one, String other) {
    return byShape
        ? parse(one).isPresent() && parse(other).isPresent()
        : isOfThisRun(one) && isOfThisRun(other);
  }

  private boolean isOfThisRun(String text) {
    return parse(text)
        .map(at -> at.isAfter(clock.minus(RUN)) && at.isBefore(clock.plus(RUN)))
        .orElse(false);
  }

  private static Optional<Instant> parse(String comparison) {
    String text = comparison.replaceFirst("^(ge|gt|le|lt)", "");
    try {
      if (text.matches("\\d{14}(\\.\\d{1,4})?[+-]\\d{4}")) {
        LocalDateTime local = LocalDateTime.parse(text.substring(0, 14), V2);
        return Optional.of(local.toInstant(ZoneOffset.of(text.substring(text.length() - 5))));
      }
      if (text.matches("\\d{4}-\\d{2}-\\d{2}T.*")) {
        return Optional.of(OffsetDateTime.parse(text).toInstant());
      }
    } catch (DateTimeParseException e) {
      // Not a time after all: it is compared as text.
    }
    return Optional.empty();
  }
}
