package org.millrace.hl7;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds MSH in bytes whose charset is not known yet. Delimiters are ASCII in every charset that can
 * travel over MLLP, so this much is readable first.
 */
final class Msh {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] NAME = {'M', 'S', 'H'};

  /** MSH-1 and MSH-2 as nearly all senders write them, to the separator before MSH-3. */
  private static final byte[] STANDARD = {'|', '^', '~', '\\', '&', '|'};

  private static final int LONGEST_ENCODING_CHARACTERS = 5;

  /** Bytes that MSH may have: what it says is repeated in the reply and kept in the open. */
  static final int LONGEST = 32 * 1024;

  private Msh() {}

  /** Whether fields 1 and 2 of a segment are the delimiters: of MSH and the headers of batches. */
  static boolean declaresDelimiters(String segment) {
    return segment.equals("MSH") || segment.equals("BHS") || segment.equals("FHS");
  }

  /** Offset of the {@code M} of MSH, or -1: a byte order mark and blanks before it are skipped. */
  static int find(byte[] bytes) {
    int at = 0;
    boolean skipping = true;
    while (skipping) {
      while (at < bytes.length && bytes[at] >= 0 && bytes[at] <= ' ') {
        at++;
      }
      skipping = startsWith(bytes, at, BYTE_ORDER_MARK);
      at += skipping ? BYTE_ORDER_MARK.length : 0;
    }
    return startsWith(bytes, at, NAME) ? at : -1;
  }

  /** Why bytes without MSH are no message, as a sentence without anything of them. */
  static String insteadOf(byte[] bytes) {
    if (bytes.length == 0) {
      return "The message is empty";
    }
    if (bytes.length > 3 && (utf16(bytes[0], bytes[1]) || utf16(bytes[1], bytes[0]))) {
      return "The message is UTF-16, whose bytes cannot be framed; send it in UNICODE UTF-8";
    }
    int at = startsWith(bytes, 0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    while (at < bytes.length && bytes[at] >= 0 && bytes[at] <= ' ') {
      at++;
    }
    byte first = at < bytes.length ? bytes[at] : 0;
    if (first == '<') {
      return "The message is XML; only the form with delimiters, from MSH on, is taken";
    }
    if (first == '{') {
      return "The message is JSON; only the form with delimiters, from MSH on, is taken";
    }
    return "The message does not begin with an MSH segment";
  }

  /** The mark of UTF-16, or M as it writes it. */
  private static boolean utf16(byte high, byte low) {
    return (high == (byte) 0xFE && low == (byte) 0xFF) || (high == 0 && low == 'M');
  }

  /**
   * Whether MSH-2 holds the escape character doubled, as it stands in the source code of scripts.
   */
  static boolean doublesEscape(byte[] bytes, int msh) {
    int escape = msh + 6;
    return bytes.length > escape + 1
        && bytes[escape] == bytes[escape + 1]
        && bytes[escape] != bytes[msh + 3];
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] prefix) {
    if (bytes.length - at < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[at + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads MSH-1 and MSH-2.
   *
   * @param msh what {@link #find} gave
   */
  static Separators separators(byte[] bytes, int msh) throws V2FormatException {
    if (startsWith(bytes, msh + NAME.length, STANDARD)) {
      return Separators.STANDARD;
    }
    if (bytes.length < msh + 4 || !usable(bytes[msh + 3])) {
      throw new V2FormatException("MSH-1 holds no usable field separator");
    }
    byte field = bytes[msh + 3];
    StringBuilder declared = new StringBuilder();
    for (int at = msh + 4; at < bytes.length && bytes[at] != field && !lineEnd(bytes[at]); at++) {
      if (!usable(bytes[at]) || declared.length() > LONGEST_ENCODING_CHARACTERS) {
        throw new V2FormatException("MSH-2 does not hold three to five usable delimiters");
      }
      declared.append((char) bytes[at]);
    }
    return separators((char) field, declared.toString());
  }

  private static Separators separators(char field, String declared) throws V2FormatException {
    String characters = declared;
    // Test tools and scripts send the escape character doubled, as it stands in their source code.
    if (characters.length() > 3 && characters.charAt(2) == characters.charAt(3)) {
      characters = characters.substring(0, 3) + characters.substring(4);
    }
    if (characters.length() < 3 || characters.length() > LONGEST_ENCODING_CHARACTERS) {
      throw new V2FormatException("MSH-2 does not hold three to five usable delimiters");
    }
    Set<Character> distinct = new HashSet<>();
    distinct.add(field);
    for (char character : characters.toCharArray()) {
      if (!distinct.add(character)) {
        throw new V2FormatException("MSH-1 and MSH-2 name the same delimiter twice");
      }
    }
    return new Separators(
        field,
        characters.charAt(0),
        characters.charAt(1),
        characters.charAt(2),
        characters.length() > 3 ? characters.charAt(3) : Separators.NONE);
  }

  private static boolean usable(byte character) {
    return character > 0
        && character != ' '
        && character != 0x7F
        && character != 0x0B
        && character != 0x1C
        && !lineEnd(character)
        && !letterOrDigit(character);
  }

  /**
   * Where the line ends that begins at an offset: at CR, LF or the end. Documents of many megabytes
   * are one line, so this looks at nothing else.
   */
  static int lineEnd(byte[] bytes, int start, int end) {
    return ByteScan.either(bytes, start, end, (byte) '\r', (byte) '\n');
  }

  static boolean lineEnd(byte character) {
    return character == '\r' || character == '\n';
  }

  static boolean letterOrDigit(byte character) {
    return (character >= '0' && character <= '9')
        || (character >= 'A' && character <= 'Z')
        || (character >= 'a' && character <= 'z');
  }

  /** MSH-18 as received, the empty string when there is none or no MSH. */
  static String characterSet(byte[] bytes) {
    int msh = find(bytes);
    if (msh < 0 || bytes.length < msh + 4) {
      return "";
    }
    byte separator = bytes[msh + 3];
    int field = 1;
    int start = -1;
    int at = msh + 3;
    for (; at < bytes.length && !lineEnd(bytes[at]); at++) {
      if (bytes[at] == separator) {
        if (start >= 0) {
          break;
        }
        field++;
        start = field == 18 ? at + 1 : -1;
      }
    }
    return start < 0 ? "" : new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
  }
}
