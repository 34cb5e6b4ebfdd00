package org.millrace.replay;

/**
 * One way in which a case went otherwise than expected.
 *
 * @param place {@code reply[1] MSA-1}, {@code requests[2].body.docStatus}, or an assertion
 */
public record Difference(String place, String expected, String actual) {
  @Override
  public String toString() {
    return place + ": expected " + shown(expected) + ", got " + shown(actual);
  }

  private static String shown(String value) {
    if (value.isEmpty()) {
      return "nothing";
    }
    String line = value.replace("\r", "\\r").replace("\n", "\\n");
    return "'" + (line.length() > 200 ? line.substring(0, 200) + "…" : line) + "'";
  }
}
