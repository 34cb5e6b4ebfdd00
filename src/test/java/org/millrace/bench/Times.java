package org.millrace.bench;

import java.util.Arrays;

/** How long each of many things took, in nanoseconds. Not thread-safe. */
final class Times {
  private long[] times = new long[1024];
  private int count;

  void add(long nanos) {
    if (count == times.length) {
      times = Arrays.copyOf(times, 2 * count);
    }
    times[count++] = nanos;
  }

  long[] all() {
    return Arrays.copyOf(times, count);
  }
}
