package org.millrace.hl7;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a message as ERR-2 (ERL) writes it:
 * segment^sequence^field^repetition^component^subcomponent, all 1-based; 0 means not said, and
 * nothing after a 0 is said either.
 *
 * @param sequence which segment of that name in the message, 1 for the first
 */
public record V2Location(
    String segment, int sequence, int field, int repetition, int component, int subcomponent) {
  private static final Pattern SEGMENT =
      Pattern.compile("([A-Z][A-Z0-9]{2})(\\[([1-9][0-9]{0,5})\\])?(-.+)?");

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

  /**
   * The place that a path of ours names: {@code OBR[2]-25}, {@code PID-3[2].1}, {@code OBR[2]}; of
   * {@code OBR[2]/OBX[5]} the last part. A path that says no number means the first.
   *
   * @return empty if the text is no such path
   */
  public static Optional<V2Location> of(String path) {
    Matcher segment = SEGMENT.matcher(path.substring(path.lastIndexOf('/') + 1));
    if (!segment.matches()) {
      return Optional.empty();
    }
    if (segment.group(4) == null) {
      return Optional.of(segment(segment.group(1), number(segment.group(3))));
    }
    try {
      V2Path read = V2Path.parse(segment.group());
      boolean deep = read.component() > 0;
      return Optional.of(
          new V2Location(
              read.segment(),
              Math.max(1, read.occurrence()),
              read.field(),
              deep ? Math.max(1, read.repetition()) : read.repetition(),
              read.component(),
              read.subcomponent()));
    } catch (IllegalArgumentException noPath) {
      return Optional.empty();
    }
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 1 : Integer.parseInt(digits);
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
