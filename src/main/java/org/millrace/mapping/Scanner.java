package org.millrace.mapping;

/** Walks over the text of a path or a condition. For use while files are read. */
final class Scanner {
  private final String text;
  private int at;

  Scanner(String text) {
    this.text = text;
  }

  /** What is wrong with a text; the sentence is told with file and line. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String sentence) {
      super(sentence);
    }

    String sentence() {
      return String.valueOf(getMessage());
    }
  }

  boolean atEnd() {
    return at >= text.length();
  }

  char peek() {
    return atEnd() ? '\0' : text.charAt(at);
  }

  void skipBlanks() {
    while (peek() == ' ' || peek() == '\n') {
      at++;
    }
  }

  /** Takes a text if it stands here. */
  boolean take(String expected) {
    if (text.startsWith(expected, at)) {
      at += expected.length();
      return true;
    }
    return false;
  }

  void expect(String expected) throws Unreadable {
    if (!take(expected)) {
      throw new Unreadable("Expected " + expected + " at '" + text.substring(at) + "'.");
    }
  }

  /** Takes letters, digits and the given others. */
  String word(String others) {
    int from = at;
    while (!atEnd() && (isPlain(peek()) || others.indexOf(peek()) >= 0)) {
      at++;
    }
    return text.substring(from, at);
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /** Takes a text in single quotes. */
  String quoted() throws Unreadable {
    expect("'");
    int end = text.indexOf('\'', at);
    if (end < 0) {
      throw new Unreadable("A quote is not closed in '" + text + "'.");
    }
    String quoted = text.substring(at, end);
    at = end + 1;
    return quoted;
  }

  /** Takes what stands between two brackets, quotes and inner brackets respected. */
  String bracketed(char open, char close) throws Unreadable {
    expect(String.valueOf(open));
    int from = at;
    int depth = 1;
    boolean inQuotes = false;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\'') {
        inQuotes = !inQuotes;
      } else if (!inQuotes && c == open) {
        depth++;
      } else if (!inQuotes && c == close && --depth == 0) {
        return text.substring(from, at++);
      }
    }
    throw new Unreadable("A bracket is not closed in '" + text + "'.");
  }

  String rest() {
    return text.substring(at);
  }

  int position() {
    return at;
  }

  void back(int position) {
    at = position;
  }
}
