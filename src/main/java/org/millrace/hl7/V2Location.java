package org.millrace.hl7;

/**
 * A place in a message as ERR-2 (ERL) writes it:
 * segment^sequence^field^repetition^component^subcomponent, all 1-based; 0 means not said, and
 * nothing after a 0 is said either.
 *
 * @param sequence which segment of that name in the message, 1 for the first
 */
public record V2Location(
    String segment, int sequence, int field, int repetition, int component, int subcomponent) {

  /** The whole field, for example {@code QRD^1^8}. */
  public static V2Location field(String segment, int sequence, int field) {
    return new V2Location(segment, sequence, field, 0, 0, 0);
  }

  /** One component of one repetition, for example {@code QRD^1^8^1^9}. */
  public static V2Location component(
      String segment, int sequence, int field, int repetition, int component) {
    return new V2Location(segment, sequence, field, repetition, component, 0);
  }

  /** The whole segment, for example {@code PID^1}. */
  public static V2Location segment(String segment, int sequence) {
    return new V2Location(segment, sequence, 0, 0, 0, 0);
  }

  /** The parts that are said, in order, without the segment name. */
  int[] numbers() {
    int[] all = {sequence, field, repetition, component, subcomponent};
    int said = 0;
    while (said < all.length && all[said] > 0) {
      said++;
    }
    return java.util.Arrays.copyOf(all, said);
  }

  /** ERL with standard separators: {@code QRD^1^8}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(segment);
    for (int number : numbers()) {
      text.append('^').append(number);
    }
    return text.toString();
  }
}
