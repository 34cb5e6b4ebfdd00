package org.millrace.hl7;

/**
 * The five delimiters of one message, as its MSH-1 and MSH-2 declare them.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.5.4 (message delimiters).
 */
public record Separators(
    char field, char component, char repetition, char escape, char subcomponent) {

  /** The recommended set: {@code |^~\&}. */
  public static final Separators STANDARD = new Separators('|', '^', '~', '\\', '&');

  /** MSH-2 as it is written in a message that uses these delimiters. */
  public String encodingCharacters() {
    return "" + component + repetition + escape + subcomponent;
  }
}
