package org.millrace;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock of UTC that stands until it is moved. Thread-safe. */
public class SettableClock extends Clock {
  /** A Friday. */
  public static final Instant BEGIN = Instant.parse("2026-11-20T16:15:00Z");

  private volatile Instant now;

  public SettableClock() {
    this(BEGIN);
  }

  public SettableClock(Instant now) {
    this.now = now;
  }

  public synchronized void forward(Duration time) {
    now = now.plus(time);
  }

  public synchronized void set(Instant at) {
    now = at;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    InstantSource same = this::instant;
    return same.withZone(zone);
  }
}
