package org.millrace.hl7;

/**
 * Names a place in a message: {@code PID-5.1}, {@code PID-3[2].1}, {@code OBX[3]-5.2.1}, {@code
 * MSH-9}. All numbers are 1-based; 0 means not said.
 *
 * @param occurrence which segment of that name, {@code OBX[3]}; 0 when the path says none and the
 *     first is meant
 * @param repetition {@code PID-3[2]}; 0 when the path says none and the first is meant
 */
public record V2Path(
    String segment, int occurrence, int field, int repetition, int component, int subcomponent) {

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException if the text is no path, with a sentence that quotes it
   */
  public static V2Path parse(String text) {
    Scan scan = new Scan(text);
    String segment = scan.segment();
    int occurrence = scan.bracketed();
    int field = scan.behind('-');
    int repetition = scan.bracketed();
    int component = scan.at('.') ? scan.behind('.') : 0;
    int subcomponent = component > 0 && scan.at('.') ? scan.behind('.') : 0;
    if (!scan.isWhole()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no HL7 path; write PID-5.1, PID-3[2].1 or OBX[3]-5.2.1");
    }
    return new V2Path(segment, occurrence, field, repetition, component, subcomponent);
  }

  /** A path being read; reports name one for each line of a note. */
  private static final class Scan {
    private static final int MOST_DIGITS = 6;
    private final String text;
    private int at;
    private boolean wrong;

    Scan(String text) {
      this.text = text;
    }

    boolean at(char wanted) {
      return at < text.length() && text.charAt(at) == wanted;
    }

    boolean isWhole() {
      return !wrong && at == text.length();
    }

    String segment() {
      for (; at < 3; at++) {
        char each = at < text.length() ? text.charAt(at) : ' ';
        boolean digit = at > 0 && each >= '0' && each <= '9';
        if (!digit && (each < 'A' || each > 'Z')) {
          wrong = true;
          return "";
        }
      }
      return text.substring(0, at);
    }

    /** The number in square brackets; 0 where none begin. */
    int bracketed() {
      if (!at('[')) {
        return 0;
      }
      int number = behind('[');
      wrong |= !at(']');
      at++;
      return number;
    }

    /** The number behind a character that must stand here. */
    int behind(char before) {
      wrong |= !at(before);
      at++;
      int first = at;
      int number = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        number = at - first < MOST_DIGITS ? number * 10 + (text.charAt(at) - '0') : 0;
        at++;
      }
      int digits = at - first;
      wrong |= digits == 0 || digits > MOST_DIGITS || text.charAt(first) == '0';
      return number;
    }
  }

  /** The path as it is written, leaving out what is not said. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(segment);
    if (occurrence > 0) {
      text.append('[').append(occurrence).append(']');
    }
    text.append('-').append(field);
    if (repetition > 0) {
      text.append('[').append(repetition).append(']');
    }
    if (component > 0) {
      text.append('.').append(component);
    }
    if (subcomponent > 0) {
      text.append('.').append(subcomponent);
    }
    return text.toString();
  }
}
