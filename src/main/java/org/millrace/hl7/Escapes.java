package org.millrace.hl7;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;

/**
 * Escape sequences, in one pass each way.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.7 (use of escape sequences in text fields); {@code \P\} is of 2.7.
 */
final class Escapes {
  private static final int MOST_LINES = 20;
  private static final int MOST_BLANKS = 80;
  private static final String HEX = "0123456789ABCDEF";

  private Escapes() {}

  /**
   * Text of {@code raw[start, end)}.
   *
   * @param lost takes each sequence that has no text: local ones ({@code \Z..\}) and charset
   *     switches ({@code \C..\}, {@code \M..\})
   */
  static String decode(String raw, int start, int end, Dialect dialect, List<String> lost) {
    int escape = find(raw, dialect.separators().escape(), start, end);
    if (escape < 0) {
      return raw.substring(start, end);
    }
    return new Decoding(raw, start, end, dialect, lost).from(start, escape);
  }

  static int find(String text, char wanted, int start, int end) {
    for (int at = start; at < end; at++) {
      if (text.charAt(at) == wanted) {
        return at;
      }
    }
    return -1;
  }

  /** Text with every delimiter, control character and line end written as an escape. */
  static String encode(String text, Separators separators, boolean linesAsBreaks) {
    int plain = 0;
    while (plain < text.length() && isPlain(text.charAt(plain), separators)) {
      plain++;
    }
    if (plain == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, plain);
    for (int at = plain; at < text.length(); at++) {
      char character = text.charAt(at);
      if (linesAsBreaks && (character == '\n' || character == '\r')) {
        boolean pair = character == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n';
        at += pair ? 1 : 0;
        out.append(separators.escape()).append(".br").append(separators.escape());
      } else if (separators.contains(character)) {
        out.append(separators.escape()).append(letterOf(character, separators));
        out.append(separators.escape());
      } else {
        appendSafe(out, character, separators.escape());
      }
    }
    return out.toString();
  }

  private static boolean isPlain(char character, Separators separators) {
    return character >= ' ' && character != 0x7F && !separators.contains(character);
  }

  /**
   * Already encoded text made safe: control characters and field separators cannot end the field.
   */
  static String guard(String encoded, Separators separators) {
    int safe = 0;
    while (safe < encoded.length() && isSafe(encoded.charAt(safe), separators)) {
      safe++;
    }
    if (safe == encoded.length()) {
      return encoded;
    }
    StringBuilder out = new StringBuilder(encoded.length() + 16).append(encoded, 0, safe);
    for (int at = safe; at < encoded.length(); at++) {
      char character = encoded.charAt(at);
      if (character == separators.field()) {
        out.append(separators.escape()).append('F').append(separators.escape());
      } else if (separators.contains(character)) {
        out.append(character);
      } else {
        appendSafe(out, character, separators.escape());
      }
    }
    return out.toString();
  }

  private static boolean isSafe(char character, Separators separators) {
    return character >= ' ' && character != 0x7F && character != separators.field();
  }

  /** A whole encoded segment made safe: its delimiters stay, control characters are escaped. */
  static String guardSegment(String encoded, Separators separators) {
    StringBuilder out = new StringBuilder(encoded.length());
    for (int at = 0; at < encoded.length(); at++) {
      char character = encoded.charAt(at);
      if (separators.contains(character)) {
        out.append(character);
      } else {
        appendSafe(out, character, separators.escape());
      }
    }
    return out.toString();
  }

  private static void appendSafe(StringBuilder out, char character, char escape) {
    if (character < ' ' || character == 0x7F) {
      out.append(escape).append('X');
      out.append(HEX.charAt(character >> 4)).append(HEX.charAt(character & 0xF));
      out.append(escape);
    } else {
      out.append(character);
    }
  }

  private static char letterOf(char delimiter, Separators separators) {
    if (delimiter == separators.field()) {
      return 'F';
    }
    if (delimiter == separators.component()) {
      return 'S';
    }
    if (delimiter == separators.repetition()) {
      return 'R';
    }
    return delimiter == separators.escape() ? 'E' : 'T';
  }

  /** One value being decoded. */
  private static final class Decoding {
    private final String raw;
    private final int end;
    private final Separators separators;
    private final Charset charset;
    private final List<String> lost;
    private final StringBuilder out;

    /** Bytes of \X..\ sequences that follow each other: a character may be split over several. */
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4);

    Decoding(String raw, int start, int end, Dialect dialect, List<String> lost) {
      this.raw = raw;
      this.end = end;
      this.out = new StringBuilder(end - start);
      this.separators = dialect.separators();
      this.charset = dialect.charset();
      this.lost = lost;
    }

    String from(int start, int firstEscape) {
      int at = start;
      int open = firstEscape;
      while (open >= 0) {
        text(at, open);
        int close = find(raw, separators.escape(), open + 1, end);
        if (close < 0) {
          at = open;
          break;
        }
        if (sequence(open + 1, close)) {
          at = close + 1;
          open = find(raw, separators.escape(), at, end);
        } else {
          // A lone escape character stays text: Windows paths and units are full of them.
          at = open;
          open = close;
        }
      }
      text(at, end);
      flush();
      return out.toString();
    }

    private void text(int from, int to) {
      if (to > from) {
        flush();
        out.append(raw, from, to);
      }
    }

    private void flush() {
      if (bytes.size() > 0) {
        out.append(V2Charset.decode(bytes.toByteArray(), charset));
        bytes.reset();
      }
    }

    /** Decodes the sequence whose body is {@code raw[from, to)}; false if it is none. */
    private boolean sequence(int from, int to) {
      if (from == to) {
        return false;
      }
      char kind = raw.charAt(from);
      if ((kind == 'X' || kind == 'x') && hex(from + 1, to)) {
        for (int at = from + 1; at < to; at += 2) {
          bytes.write(
              Character.digit(raw.charAt(at), 16) << 4 | Character.digit(raw.charAt(at + 1), 16));
        }
        return true;
      }
      if (to - from == 1) {
        return letter(kind);
      }
      if (kind == '.') {
        return to - from <= 8 && formatting(raw.substring(from + 1, to).toLowerCase(Locale.ROOT));
      }
      if (kind == 'Z' ? local(from + 1, to) : charsetSwitch(kind, from + 1, to)) {
        flush();
        lost.add(raw.substring(from, to));
        return true;
      }
      return false;
    }

    private boolean letter(char kind) {
      char text;
      switch (kind) {
        case 'F' -> text = separators.field();
        case 'S' -> text = separators.component();
        case 'T' ->
            text = separators.subcomponent() == Separators.NONE ? '&' : separators.subcomponent();
        case 'R' -> text = separators.repetition();
        case 'E' -> text = separators.escape();
        case 'P' -> text = '#';
        case 'H', 'N' -> {
          flush();
          return true;
        }
        default -> {
          return false;
        }
      }
      flush();
      out.append(text);
      return true;
    }

    private boolean formatting(String command) {
      if (command.length() < 2) {
        return false;
      }
      int number = number(command.substring(2).strip());
      String text;
      switch (command.substring(0, 2)) {
        case "br", "ce" -> text = "\n";
        case "sp" -> text = "\n".repeat(Math.min(Math.max(number, 1), MOST_LINES));
        case "sk" -> text = " ".repeat(Math.min(Math.max(number, 1), MOST_BLANKS));
        case "in", "ti" -> text = " ".repeat(Math.min(Math.max(number, 0), MOST_BLANKS));
        case "fi", "nf" -> text = "";
        default -> {
          return false;
        }
      }
      flush();
      out.append(text);
      return true;
    }

    private static int number(String written) {
      String digits = written.startsWith("+") ? written.substring(1) : written;
      int number = 0;
      for (int at = 0; at < digits.length(); at++) {
        int digit = digits.charAt(at) - '0';
        if (digit < 0 || digit > 9) {
          return 0;
        }
        number = number * 10 + digit;
      }
      return number;
    }

    private boolean local(int from, int to) {
      if (to - from > 20) {
        return false;
      }
      for (int at = from; at < to; at++) {
        char each = raw.charAt(at);
        boolean plain = each < 0x80 && (Character.isLetterOrDigit(each) || each == '.');
        if (!plain) {
          return false;
        }
      }
      return true;
    }

    private boolean charsetSwitch(char kind, int from, int to) {
      int length = to - from;
      return (kind == 'C' && length == 4 || kind == 'M' && (length == 4 || length == 6))
          && hex(from, to);
    }

    private boolean hex(int from, int to) {
      if (to == from || (to - from) % 2 != 0) {
        return false;
      }
      for (int at = from; at < to; at++) {
        char each = raw.charAt(at);
        if (each >= 0x80 || Character.digit(each, 16) < 0) {
          return false;
        }
      }
      return true;
    }
  }
}
