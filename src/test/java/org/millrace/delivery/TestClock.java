package org.millrace.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands until it is moved. */
final class TestClock extends Clock {
  private volatile Instant now = Instant.parse("2026-11-20T16:15:00Z");

  private volatile boolean failing;

  synchronized void forward(Duration time) {
    now = now.plus(time);
  }

  /** The dispatcher's next look at the clock fails, as anything may. */
  void failTheDispatcherOnce() {
    failing = true;
  }

  boolean hasFailed() {
    return !failing;
  }

  @Override
  public Instant instant() {
    if (failing && Thread.currentThread().getName().equals("delivery")) {
      failing = false;
      throw new IllegalStateException("on purpose");
    }
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
