package org.millrace.delivery;

/** A message as an editor shows it, a segment a line, and back. */
public final class SegmentLines {
  private SegmentLines() {}

  /** With LF after each segment. */
  public static byte[] toEdit(byte[] message) {
    return swapped(message, '\r', '\n');
  }

  /** With CR after each segment. */
  public static byte[] edited(byte[] lines) {
    return swapped(lines, '\n', '\r');
  }

  /**
   * Segments end with CR, and editors show lines that end with LF. Where there are both, each stays
   * as it is.
   */
  private static byte[] swapped(byte[] bytes, char from, char to) {
    byte[] swapped = bytes.clone();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == to) {
        return bytes;
      }
      swapped[i] = bytes[i] == from ? (byte) to : bytes[i];
    }
    return swapped;
  }
}
