package org.millrace.healtheintent;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FaultKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves HealtheIntent alone for a while after it said 429, refused the account, or failed some
 * times in a row: each pause is twice as long as the one before. Thread-safe.
 *
 * <p>HealtheIntent names no limits and sends no Retry-After; it asks for exponential backoff. A
 * query must not wait in vain each time for a HealtheIntent that is down. An account that was
 * closed stays so until a person acts; asked all the time, with a fresh token each, it would look
 * like somebody who guesses.
 */
final class Backoff {
  private static final Logger LOG = LoggerFactory.getLogger(Backoff.class);
  private static final int FAILURES = 5;
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Clock clock;
  private int failures;
  private Duration next = FIRST;
  private Instant until = Instant.MIN;
  private Optional<Fault> cause = Optional.empty();

  Backoff(Clock clock) {
    this.clock = clock;
  }

  /** Why nothing is asked now; empty if it may be. */
  synchronized Optional<Fault> pause() {
    Instant now = clock.instant();
    return cause
        .filter(fault -> now.isBefore(until))
        .map(
            fault ->
                new Fault(
                    fault.code(),
                    "HealtheIntent was not asked, it would be in vain: " + fault.sentence(),
                    "",
                    0,
                    fault.requestId(),
                    Optional.of(Duration.between(now, until)),
                    true));
  }

  synchronized boolean paused() {
    return cause.isPresent() && clock.instant().isBefore(until);
  }

  synchronized void succeeded() {
    if (cause.isPresent()) {
      LOG.info("HealtheIntent answers again");
    }
    failures = 0;
    next = FIRST;
    cause = Optional.empty();
  }

  /** Faults that speak of the request alone say nothing of HealtheIntent, but that it answers. */
  synchronized void failed(Fault fault) {
    boolean ofAccount = fault.code() == FaultCode.CREDENTIALS_REFUSED;
    boolean ofRequest =
        fault.kind() != FaultKind.RETRY || fault.code() == FaultCode.UNREADABLE_ANSWER;
    if (ofRequest && !ofAccount) {
      if (fault.status() != 0) {
        failures = 0;
      }
      return;
    }
    failures++;
    Instant now = clock.instant();
    boolean already = cause.isPresent() && now.isBefore(until);
    boolean atOnce = ofAccount || fault.code() == FaultCode.THROTTLED;
    if (already || (!atOnce && failures < FAILURES)) {
      return;
    }
    cause = Optional.of(fault);
    until = now.plus(next);
    LOG.warn("HealtheIntent is left alone for {} s: {}", next.toSeconds(), fault);
    next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
  }
}
