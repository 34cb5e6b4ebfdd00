package org.millrace.hl7;

import java.security.SecureRandom;
import java.time.Clock;
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
  private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final int RANDOM_RANGE = 36 * 36 * 36 * 36;
  private static final int LONGEST = 20;

  private final String prefix;
  private final AtomicLong count = new AtomicLong();

  /**
   * @param clock asked once, here
   */
  public ControlIds(Clock clock) {
    String random = written(RANDOM_RANGE + new SecureRandom().nextInt(RANDOM_RANGE));
    this.prefix = "M" + written(clock.millis()) + random.substring(1);
  }

  @Override
  public String get() {
    String id = prefix + written(count.incrementAndGet());
    if (id.length() > LONGEST) {
      throw new IllegalStateException("control ids of this engine run are used up");
    }
    return id;
  }

  /** In base 36, with capitals. */
  private static String written(long number) {
    char[] digits = new char[Long.SIZE / 5 + 1];
    int from = digits.length;
    for (long left = number; left > 0 || from == digits.length; left /= DIGITS.length()) {
      digits[--from] = DIGITS.charAt((int) (left % DIGITS.length()));
    }
    return new String(digits, from, digits.length - from);
  }
}
