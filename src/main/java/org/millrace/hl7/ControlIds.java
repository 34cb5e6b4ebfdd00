package org.millrace.hl7;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Control ids (MSH-10) of our own messages: at most 20 letters and digits, no two alike, also after
 * a restart. The start time in milliseconds, four random characters for a second engine started in
 * the same instant, and a count, all in base 36. Thread-safe.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.14.9.10 (MSH-10, ST of 20).
 */
public final class ControlIds implements Supplier<String> {
  private static final int RANDOM_RANGE = 36 * 36 * 36 * 36;
  private static final int LONGEST = 20;

  private final String prefix;
  private final AtomicLong count = new AtomicLong();

  /**
   * @param clock asked once, here
   */
  public ControlIds(Clock clock) {
    String random = Integer.toString(RANDOM_RANGE + new SecureRandom().nextInt(RANDOM_RANGE), 36);
    this.prefix =
        ("M" + Long.toString(clock.millis(), 36) + random.substring(1)).toUpperCase(Locale.ROOT);
  }

  @Override
  public String get() {
    String id = prefix + Long.toString(count.incrementAndGet(), 36).toUpperCase(Locale.ROOT);
    if (id.length() > LONGEST) {
      throw new IllegalStateException("control ids of this engine run are used up");
    }
    return id;
  }
}
