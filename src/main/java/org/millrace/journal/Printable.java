package org.millrace.journal;

/** Text from the wire made fit for a terminal and a log line. */
public final class Printable {
  private static final int LONGEST = 80;

  private Printable() {}

  /**
   * The text with each control character (CR, LF, escape sequences of terminals) as {@code ?}, and
   * at most 80 characters of it: a control id must not forge a log line.
   */
  public static String of(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(point -> printable.appendCodePoint(shown(point) ? point : '?'));
    return printable.toString();
  }

  private static boolean shown(int point) {
    int type = Character.getType(point);
    return !Character.isISOControl(point)
        && type != Character.FORMAT
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }
}
