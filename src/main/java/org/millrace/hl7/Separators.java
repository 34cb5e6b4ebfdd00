package org.millrace.hl7;

/**
 * The five delimiters of one message, as its MSH-1 and MSH-2 declare them.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.5.4 (message delimiters).
 *
 * @param subcomponent {@link #NONE} where MSH-2 has only three characters; an ampersand is then
 *     ordinary text
 */
public record Separators(
    char field, char component, char repetition, char escape, char subcomponent) {

  /** Stands for a delimiter that the message does not declare; never found in a message. */
  public static final char NONE = '\0';

  /** The recommended set: {@code |^~\&}. */
  public static final Separators STANDARD = new Separators('|', '^', '~', '\\', '&');

  /** MSH-2 as it is written in a message that uses these delimiters. */
  public String encodingCharacters() {
    String three = "" + component + repetition + escape;
    return subcomponent == NONE ? three : three + subcomponent;
  }

  /** True for each of the declared delimiters, the escape character included. */
  boolean contains(char character) {
    return character != NONE
        && (character == field
            || character == component
            || character == repetition
            || character == escape
            || character == subcomponent);
  }

  /**
   * The same with all five declared. What we write may need subcomponents even towards a sender
   * that declares none; it then reads them as text, which loses nothing.
   */
  Separators complete() {
    if (subcomponent != NONE) {
      return this;
    }
    for (char candidate : "&$@!%".toCharArray()) {
      if (!contains(candidate)) {
        return new Separators(field, component, repetition, escape, candidate);
      }
    }
    throw new IllegalStateException("four delimiters cannot use up five candidates");
  }
}
