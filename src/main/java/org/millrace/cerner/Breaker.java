package org.millrace.cerner;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Stops calls that would be in vain. Closed, it lets calls through and counts those that fail in a
 * row; open, it lets none through until a time is up, and then one: if that succeeds it closes,
 * else it stays open for twice as long. Not thread-safe.
 */
final class Breaker {
  private static final int MOST_DOUBLINGS = 20;

  /** A server that names a later time for everybody has its date wrong. */
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(10);

  private final String what;
  private final int failuresToOpen;
  private final CallLimits limits;
  private long generation;
  private int failures;
  private int failedProbes;
  private boolean probing;
  private Optional<Opened> opened = Optional.empty();

  /**
   * @param what {@link Pause#CONNECTION} or a permission
   * @param failuresToOpen in a row
   */
  Breaker(String what, int failuresToOpen, CallLimits limits) {
    this.what = what;
    this.failuresToOpen = failuresToOpen;
    this.limits = limits;
  }

  /**
   * A call that was let through.
   *
   * @param generation tells whether the breaker has opened since
   */
  record Pass(long generation, boolean probe) {}

  private record Opened(Fault fault, Instant since, Instant until, Duration length) {}

  /** Empty if no call may be made. Whoever has a pass says what came of it. */
  Optional<Pass> enter(Instant now) {
    if (opened.isEmpty()) {
      return Optional.of(new Pass(generation, false));
    }
    if (probing || mustWait(opened.get(), now)) {
      return Optional.empty();
    }
    probing = true;
    return Optional.of(new Pass(generation, true));
  }

  /** A clock that was set back must not make it wait so much longer. */
  private static boolean mustWait(Opened open, Instant now) {
    Duration left = Duration.between(now, open.until());
    return left.compareTo(Duration.ZERO) > 0 && left.compareTo(open.length()) <= 0;
  }

  /** Whether a call that waited meanwhile may still be made. */
  boolean isGood(Pass pass) {
    return pass.generation() == generation;
  }

  void succeeded(Pass pass) {
    if (!isGood(pass)) {
      // It began before the breaker opened, and says nothing of now.
      return;
    }
    failures = 0;
    failedProbes = 0;
    probing = false;
    opened = Optional.empty();
  }

  /**
   * @param forSure whether one failure says all, and the next call would fail as well
   */
  void failed(Pass pass, Fault fault, boolean forSure, Instant now) {
    if (!isGood(pass)) {
      return;
    }
    if (opened.isEmpty() && !forSure && ++failures < failuresToOpen) {
      return;
    }
    failedProbes++;
    open(fault, longer(fault.retryAfter().map(Breaker::limited).orElse(Duration.ZERO)), now);
  }

  /** Cerner lives, and asks to be left alone for just this time. */
  void hold(Pass pass, Fault fault, Duration asked, Instant now) {
    if (isGood(pass)) {
      open(fault, limited(asked), now);
    }
  }

  /** The call came to nothing that tells how Cerner is; another one may be the probe. */
  void learnedNothing(Pass pass) {
    if (isGood(pass) && pass.probe()) {
      probing = false;
    }
  }

  private void open(Fault fault, Duration wait, Instant now) {
    Instant since = opened.map(Opened::since).orElse(now);
    opened = Optional.of(new Opened(fault, since, now.plus(wait), wait));
    generation++;
    failures = 0;
    probing = false;
  }

  private static Duration limited(Duration asked) {
    return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
  }

  private Duration longer(Duration asked) {
    long doubled = limits.firstProbe().toMillis() << Math.min(failedProbes - 1, MOST_DOUBLINGS);
    long wait = Math.max(2, Math.min(doubled, limits.longestProbe().toMillis()));
    // By chance: engines that lost Cerner together must not come back together.
    long backOff = wait / 2 + ThreadLocalRandom.current().nextLong(wait / 2 + 1);
    return Duration.ofMillis(Math.max(backOff, asked.toMillis()));
  }

  Optional<Pause> pause() {
    return opened.map(open -> new Pause(what, open.fault(), open.since(), open.until(), probing));
  }
}
