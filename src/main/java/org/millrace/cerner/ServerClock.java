package org.millrace.cerner;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.millrace.cerner.Exchanged.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far our clock is from the authorization server's, by the Date of its answers. Told in the log
 * when it matters, and taken into account where an assertion would be refused without. Thread-safe.
 * Source: RFC 9110 section 6.6.1, Date.
 */
final class ServerClock {
  private static final Logger LOG = LoggerFactory.getLogger(ServerClock.class);

  /** Below this nobody cares, and Date counts whole seconds only. */
  private static final Duration WORTH_TELLING = Duration.ofSeconds(30);

  /** What an assertion stands by itself, with room for an answer that takes its time. */
  private static final Duration HARMFUL = ClientProof.EITHER_WAY.minusSeconds(30);

  private final Clock clock;
  private Optional<Duration> ahead = Optional.empty();
  private boolean told;

  ServerClock(Clock clock) {
    this.clock = clock;
  }

  /** Takes the Date of an answer, if it has one. */
  void answered(Answer answer) {
    Optional<Instant> date = date(answer.header("Date"));
    if (date.isEmpty()) {
      return;
    }
    // Date was written somewhere within the exchange, and cut to a second.
    Instant there = date.get().plusMillis(500);
    Instant here = clock.instant().minus(answer.took().dividedBy(2));
    Duration measured = Duration.between(there, here);
    boolean worthTelling = measured.abs().compareTo(WORTH_TELLING) > 0;
    boolean toTell;
    synchronized (this) {
      ahead = Optional.of(measured);
      toTell = worthTelling != told;
      told = worthTelling;
    }
    if (toTell && worthTelling) {
      LOG.warn("{}; set ours right, for example by NTP", words(measured));
    } else if (toTell) {
      LOG.info("our clock agrees with the authorization server's again");
    }
  }

  /** How far ours is ahead, negative if behind; empty until an answer has told. */
  synchronized Optional<Duration> ahead() {
    return ahead;
  }

  /** The moment an assertion is made for: ours, unless the server would not take it. */
  Instant forAssertion() {
    Instant now = clock.instant();
    return harmful().map(now::minus).orElse(now);
  }

  /** In words, where it is so much that assertions by our clock would be refused. */
  Optional<String> harm() {
    return harmful().map(ServerClock::words);
  }

  private Optional<Duration> harmful() {
    return ahead().filter(measured -> measured.abs().compareTo(HARMFUL) > 0);
  }

  private static String words(Duration measured) {
    return "our clock is "
        + measured.abs().toSeconds()
        + " seconds "
        + (measured.isNegative() ? "behind" : "ahead of")
        + " the authorization server's";
  }

  private static Optional<Instant> date(String header) {
    try {
      return header.isEmpty()
          ? Optional.empty()
          : Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
