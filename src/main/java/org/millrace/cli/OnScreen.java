package org.millrace.cli;

import java.util.regex.Pattern;

/** Text of a message made fit for a terminal, whole. */
final class OnScreen {
  private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private OnScreen() {}

  /** With control characters shown as {@code ?}, so that a message cannot steer a terminal. */
  static String text(String text) {
    return STEERING.matcher(text).replaceAll("?");
  }
}
