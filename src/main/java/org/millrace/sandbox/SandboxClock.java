package org.millrace.sandbox;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The sandbox's time: the clock it was started with, or the instant a reset froze it at. */
final class SandboxClock extends Clock {
  private final Clock started;
  private volatile Clock current;

  SandboxClock(Clock started) {
    this.started = started;
    this.current = started;
  }

  void freeze(Instant at) {
    current = Clock.fixed(at, ZoneOffset.UTC);
  }

  void release() {
    current = started;
  }

  @Override
  public Instant instant() {
    return current.instant();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return current.withZone(zone);
  }
}
