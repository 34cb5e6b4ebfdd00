package org.millrace.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Bytes as they came, sixteen a line. */
final class HexLines {
  private static final int ROW = 16;
  private static final int MOST = 64 * 1024;

  private HexLines() {}

  /** One line. */
  record Line(String offset, String hex, String text) {}

  /** The first 64 KB. */
  static List<Line> of(byte[] bytes) {
    List<Line> lines = new ArrayList<>();
    for (int from = 0; from < Math.min(bytes.length, MOST); from += ROW) {
      StringBuilder hex = new StringBuilder();
      StringBuilder text = new StringBuilder();
      for (int i = from; i < Math.min(from + ROW, bytes.length); i++) {
        int value = bytes[i] & 0xff;
        hex.append(String.format(Locale.ROOT, i == from + ROW / 2 ? "  %02x" : " %02x", value));
        text.append(value >= 0x20 && value < 0x7f ? (char) value : '.');
      }
      lines.add(
          new Line(String.format(Locale.ROOT, "%06x", from), hex.toString(), text.toString()));
    }
    return lines;
  }
}
