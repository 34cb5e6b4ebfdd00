package org.millrace.hl7;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A way in which messages depart from the standard and can be read all the same. A sender's {@code
 * sender.yaml} names those that are refused of it, or taken of it alone.
 */
public enum Tolerance {
  LINE_ENDS(true, 0, "Segments end with a line feed instead of a carriage return alone"),
  BEFORE_HEADER(true, 0, "Blanks or a byte order mark stand before MSH"),
  ESCAPE_DOUBLED(true, 2, "MSH-2 holds the escape character twice"),
  CHARSET_GUESSED(true, 18, "MSH-18 does not name the charset that the message is in"),
  BROKEN_LINES(true, 0, "Lines that are no segments stand in the message"),
  UNKNOWN_VERSION(false, 12, "MSH-12 must be a version from 2.1 to 2.8.2"),
  NO_PROCESSING_ID(false, 11, "MSH-11 is empty");

  private final boolean byDefault;
  private final int field;
  private final String sentence;

  Tolerance(boolean byDefault, int field, String sentence) {
    this.byDefault = byDefault;
    this.field = field;
    this.sentence = sentence;
  }

  /** Whether it is taken of senders of whom nothing is said. */
  public boolean byDefault() {
    return byDefault;
  }

  /** The field of MSH in which it stands, 0 for none. */
  public int field() {
    return field;
  }

  /** What is not as it should be. */
  public String sentence() {
    return sentence;
  }

  /** As files and metrics write it: {@code line-ends}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one that a word stands for. */
  public static Optional<Tolerance> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }
}
