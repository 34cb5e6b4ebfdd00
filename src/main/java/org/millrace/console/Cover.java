package org.millrace.console;

/**
 * What is put in the place of patient data until somebody asks for it. What is covered never leaves
 * the engine.
 *
 * @param open true once it was asked for, and that is on record
 */
record Cover(boolean open) {
  static final String DOTS = "•••";

  /** The text, or dots in its place; nothing stays nothing. */
  String of(String text) {
    return open || text.isEmpty() ? text : DOTS;
  }

  /** A segment as received: its delimiters stay, so that one sees what is there and what is not. */
  String ofSegment(String name, String raw, String delimiters) {
    if (open || name.equals("MSH")) {
      return raw;
    }
    StringBuilder covered = new StringBuilder(name);
    boolean inValue = false;
    for (int i = name.length(); i < raw.length(); i++) {
      boolean delimiter = delimiters.indexOf(raw.charAt(i)) >= 0;
      if (delimiter) {
        covered.append(raw.charAt(i));
      } else if (!inValue) {
        covered.append(DOTS);
      }
      inValue = !delimiter;
    }
    return covered.toString();
  }
}
