package org.millrace.cerner;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millrace.cerner.Exchanged.Answer;

/** The Retry-After header in both its forms. Source: RFC 9110, section 10.2.3. */
final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  /** A server that asks for more than a day has its date wrong. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private RetryAfter() {}

  /** Empty if the answer has none, or one that cannot be read; never negative, a day at most. */
  static Optional<Duration> of(Answer answer, Clock clock) {
    String value = answer.header("Retry-After").strip();
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(limited(Duration.ofSeconds(Long.parseLong(value))));
    }
    // The date is of Cerner's clock; its Date header says how far that is from ours.
    Instant now = httpDate(answer.header("Date")).orElseGet(clock::instant);
    return httpDate(value).map(moment -> limited(Duration.between(now, moment)));
  }

  private static Duration limited(Duration asked) {
    if (asked.isNegative()) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }

  private static Optional<Instant> httpDate(String value) {
    try {
      return Optional.of(
          ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
