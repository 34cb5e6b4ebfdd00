package org.millrace.hl7;

/**
 * How much of everything one message may have; what has more is refused before it is read.
 *
 * @param segments of the message
 * @param fields of a segment
 * @param repetitions of a field
 * @param components of a repetition, and subcomponents of a component
 */
public record MessageLimits(int segments, int fields, int repetitions, int components) {

  /** Far beyond what is sent anywhere, and read within a moment. */
  public static final MessageLimits DEFAULT = new MessageLimits(50_000, 1_000, 20_000, 1_000);
}
