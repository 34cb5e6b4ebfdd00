package org.millrace.delivery;

import java.time.Instant;
import org.millrace.SettableClock;

/** A clock that stands until it is moved, and can fail whoever delivers. */
final class TestClock extends SettableClock {
  private volatile boolean failing;

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
    return super.instant();
  }
}
