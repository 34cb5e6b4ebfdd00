package org.millrace.hl7;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a place in a message: {@code PID-5.1}, {@code PID-3[2].1}, {@code OBX[3]-5.2.1}, {@code
 * MSH-9}. All numbers are 1-based; 0 means not said.
 *
 * @param occurrence which segment of that name, {@code OBX[3]}; 0 when the path says none and the
 *     first is meant
 * @param repetition {@code PID-3[2]}; 0 when the path says none and the first is meant
 */
public record V2Path(
    String segment, int occurrence, int field, int repetition, int component, int subcomponent) {

  private static final String NUMBER = "([1-9][0-9]{0,5})";
  private static final Pattern PATH =
      Pattern.compile(
          "([A-Z][A-Z0-9]{2})(?:\\[%1$s\\])?-%1$s(?:\\[%1$s\\])?(?:\\.%1$s(?:\\.%1$s)?)?"
              .replace("%1$s", NUMBER));

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException if the text is no path, with a sentence that quotes it
   */
  public static V2Path parse(String text) {
    Matcher path = PATH.matcher(text);
    if (!path.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no HL7 path; write PID-5.1, PID-3[2].1 or OBX[3]-5.2.1");
    }
    return new V2Path(
        path.group(1),
        number(path, 2),
        number(path, 3),
        number(path, 4),
        number(path, 5),
        number(path, 6));
  }

  private static int number(Matcher path, int group) {
    String digits = path.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** The path as it is written, leaving out what is not said. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(segment);
    if (occurrence > 0) {
      text.append('[').append(occurrence).append(']');
    }
    text.append('-').append(field);
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
