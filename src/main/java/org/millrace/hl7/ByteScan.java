package org.millrace.hl7;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks through bytes eight at a time: a document of many megabytes is one field of one line.
 * Thread-safe.
 *
 * <p>Whether one of the eight bytes of a word is zero is seen by what borrows when each is taken
 * one from (Warren, Hacker's Delight, 6-1); a byte that is looked for becomes zero by XOR.
 */
public final class ByteScan {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private ByteScan() {}

  /** Whether all are ASCII: none is above 7F. */
  static boolean ascii(byte[] bytes) {
    int at = 0;
    for (; at <= bytes.length - Long.BYTES; at += Long.BYTES) {
      if (((long) WORDS.get(bytes, at) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; at < bytes.length; at++) {
      if (bytes[at] < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Where one of two bytes stands first.
   *
   * @param end where to stop, at most the length of the array
   * @return {@code end} if neither is there
   */
  public static int either(byte[] bytes, int start, int end, byte one, byte other) {
    long ones = (one & 0xFF) * ONES;
    long others = (other & 0xFF) * ONES;
    int at = start;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long word = (long) WORDS.get(bytes, at);
      long found = zeros(word ^ ones) | zeros(word ^ others);
      if (found != 0) {
        // The first byte of the array is the lowest one of the word.
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (at < end && bytes[at] != one && bytes[at] != other) {
      at++;
    }
    return at;
  }

  /** The high bit of the lowest byte that is zero is set, and none below it. */
  private static long zeros(long word) {
    return (word - ONES) & ~word & HIGH_BITS;
  }
}
