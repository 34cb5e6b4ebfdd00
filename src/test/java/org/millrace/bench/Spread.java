package org.millrace.bench;

import java.util.Locale;

/**
 * How long something took.
 *
 * @param median in nanoseconds
 * @param p99 in nanoseconds: one in a hundred took longer
 */
record Spread(long median, long p99) {
  /**
   * @param sorted in nanoseconds, ascending
   */
  static Spread of(long[] sorted) {
    return sorted.length == 0
        ? new Spread(0, 0)
        : new Spread(sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)]);
  }

  static String millis(long nanos) {
    double millis = nanos / 1e6;
    return String.format(Locale.ROOT, millis < 100 ? "%.1f" : "%.0f", millis);
  }
}
