package org.millrace.hl7;

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

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException if the text is no path, with a sentence that quotes it
   */
  public static V2Path parse(String text) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The path as it is written, leaving out what is not said. */
  @Override
  public String toString() {
    throw new UnsupportedOperationException("not built yet");
  }
}
