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
    return of(text, LONGEST);
  }

  /** The whole text, however long, with each control character as {@code ?}. */
  public static String whole(String text) {
    return of(text, Integer.MAX_VALUE);
  }

  private static String of(String text, int longest) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .limit(longest)
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
