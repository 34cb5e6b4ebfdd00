package org.millrace.hl7;

/**
 * How much of everything one message may have, and how many may come as one; what has more is
 * refused before it is read.
 *
 * @param segments of the message
 * @param fields of a segment
 * @param repetitions of a field
 * @param components of a repetition, and subcomponents of a component
 * @param messages of a batch, and of the headers and trailers in it
 */
public record MessageLimits(
    int segments, int fields, int repetitions, int components, int messages) {

  /** Far beyond what is sent anywhere, and read within a moment. */
  public static final MessageLimits DEFAULT =
      new MessageLimits(50_000, 1_000, 20_000, 1_000, 10_000);
}
