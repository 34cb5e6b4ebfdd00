package org.millrace.app;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Ids that open something to whoever names them, such as a continuation pointer: 16 characters, 80
 * random bits. Thread-safe.
 */
final class UnguessableIds implements Supplier<String> {
  private static final int BITS = 80;
  private static final int LENGTH = 16;

  private final SecureRandom random = new SecureRandom();

  @Override
  public String get() {
    String text = new BigInteger(BITS, random).toString(32).toUpperCase(Locale.ROOT);
    return "0".repeat(LENGTH - text.length()) + text;
  }
}
