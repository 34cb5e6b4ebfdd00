package org.millrace.console;

import java.util.Locale;

/**
 * A number in a table, and the list of what it counts.
 *
 * @param text with groups of three: {@code 12,345}
 * @param zero shown faintly
 * @param href where they are listed
 */
record Count(String text, boolean zero, String href) {
  static Count of(long number, Link list) {
    return new Count(text(number), number == 0, list.text());
  }

  static String text(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
