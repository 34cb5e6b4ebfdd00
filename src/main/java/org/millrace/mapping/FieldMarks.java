package org.millrace.mapping;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was read of one field. A repetition has few marks, as many as rules name parts of it, but a
 * field may have very many repetitions. Not thread-safe.
 */
final class FieldMarks {
  private static final long[] NO_PARTS = {};
  private static final long[][] NO_REPETITIONS = {};

  private boolean whole;

  /** By repetition: its parts, packed; 0 where none is. */
  private @Nullable long[][] parts = NO_REPETITIONS;

  /** Marks a part; a 0 stands for all that is below. */
  void read(int repetition, int component, int subcomponent) {
    if (repetition == 0) {
      whole = true;
      return;
    }
    if (repetition > parts.length) {
      parts = Arrays.copyOf(parts, Math.max(repetition, parts.length * 2));
    }
    long[] known = parts(repetition);
    long part = packed(component, subcomponent);
    int count = 0;
    while (count < known.length && known[count] != 0) {
      if (known[count] == part) {
        return;
      }
      count++;
    }
    if (count == known.length) {
      known = Arrays.copyOf(known, Math.max(4, count * 2));
      parts[repetition - 1] = known;
    }
    known[count] = part;
  }

  private long[] parts(int repetition) {
    long[] known = repetition > parts.length ? null : parts[repetition - 1];
    return known == null ? NO_PARTS : known;
  }

  /** Never 0. */
  private static long packed(int component, int subcomponent) {
    return ((long) component << 32 | subcomponent) + 1;
  }

  boolean isWhole() {
    return whole;
  }

  boolean isRead(int repetition, int component, int subcomponent) {
    if (whole) {
      return true;
    }
    long exact = packed(component, subcomponent);
    long above = packed(component, 0);
    long all = packed(0, 0);
    for (long part : parts(repetition)) {
      if (part == exact || part == above || part == all) {
        return true;
      }
    }
    return false;
  }
}
