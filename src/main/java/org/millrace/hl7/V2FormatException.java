package org.millrace.hl7;

/**
 * The bytes hold no message that could be read: no MSH, or an MSH whose delimiters are unusable.
 */
public final class V2FormatException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String sentence;

  /** The sentence says what is wrong and holds nothing of the message. */
  public V2FormatException(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  /** What is wrong, fit for a reply and for logs. */
  public String sentence() {
    return sentence;
  }
}
