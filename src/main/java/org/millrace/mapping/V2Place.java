package org.millrace.mapping;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in v2 as a rule names it, read once at load: a field of a segment ({@code PID-5}, {@code
 * PID-5.1}, {@code OBX-5[2].1}) or a part of a data type ({@code XPN.1.1}, {@code HD} for the
 * whole).
 *
 * @param owner the segment or the data type
 * @param field 0 in a data type
 * @param repetition 0 for all
 * @param component 0 for the whole
 * @param subcomponent 0 for the whole
 */
record V2Place(String owner, int field, int repetition, int component, int subcomponent) {
  private static final Pattern IN_SEGMENT =
      Pattern.compile(
          "([A-Z][A-Z0-9]{2})-(\\d{1,3})(?:\\[(\\d{1,3})])?(?:\\.(\\d+))?(?:\\.(\\d+))?");
  private static final Pattern IN_TYPE =
      Pattern.compile("([A-Z][A-Z0-9]{1,2})(?:\\.(\\d+))?(?:\\.(\\d+))?");

  /** Reads a path; empty if the text is none. */
  static Optional<V2Place> parse(String text) {
    Matcher segment = IN_SEGMENT.matcher(text);
    if (segment.matches()) {
      return Optional.of(
          new V2Place(
              segment.group(1),
              number(segment.group(2)),
              number(segment.group(3)),
              number(segment.group(4)),
              number(segment.group(5))));
    }
    Matcher type = IN_TYPE.matcher(text);
    if (type.matches()) {
      return Optional.of(
          new V2Place(type.group(1), 0, 0, number(type.group(2)), number(type.group(3))));
    }
    return Optional.empty();
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  boolean inSegment() {
    return field > 0;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(owner);
    if (field > 0) {
      text.append('-').append(field);
    }
    if (repetition > 0) {
      text.append('[').append(repetition).append(']');
    }
    if (component > 0) {
      text.append('.').append(component);
    }
    if (subcomponent > 0) {
      text.append('.').append(subcomponent);
    }
    return text.toString();
  }
}
