package org.millrace.console;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a form in parts, as browsers send one with a file in it.
 *
 * <p>Source: RFC 7578.
 */
final class FormParts {
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "(?i)multipart/form-data\\s*;.*?boundary=\"?([A-Za-z0-9'()+_,./:=?-]{1,70})\"?");
  private static final Pattern NAME = Pattern.compile("(?i);\\s*name=\"([^\"\r\n]{0,100})\"");
  private static final Pattern FILE = Pattern.compile("(?i);\\s*filename=");
  private static final int MOST = 1_000;

  private FormParts() {}

  /** What stands between the parts; empty if it is no such form. */
  static Optional<String> boundary(String contentType) {
    Matcher found = BOUNDARY.matcher(contentType);
    return found.lookingAt() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /**
   * The fields by name; a file's is its bytes, one character for each. Empty if it is not written
   * so.
   */
  static Optional<Params> read(byte[] body, String boundary) {
    String text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
    String delimiter = "\r\n--" + boundary;
    Map<String, List<String>> values = new LinkedHashMap<>();
    int at = text.indexOf(delimiter);
    for (int parts = 0; at >= 0 && parts < MOST; parts++) {
      int begin = at + delimiter.length();
      if (text.startsWith("--", begin)) {
        return Optional.of(new Params(values));
      }
      int end = text.indexOf(delimiter, begin);
      int head = text.indexOf("\r\n\r\n", begin);
      if (end < 0 || head < 0 || head > end) {
        return Optional.empty();
      }
      put(text.substring(begin, head), text.substring(Math.min(head + 4, end), end), values);
      at = end;
    }
    return Optional.empty();
  }

  private static void put(String head, String value, Map<String, List<String>> values) {
    Matcher name = NAME.matcher(head);
    if (!name.find() || value.isBlank()) {
      return;
    }
    String read =
        FILE.matcher(head).find()
            ? value
            : new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    values.computeIfAbsent(name.group(1), any -> new ArrayList<>()).add(read);
  }
}
