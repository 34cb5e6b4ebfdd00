package org.millrace.mapping;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.millrace.hl7.V2Value;

/**
 * OBX-5 of a discrete type as a reader would write it: {@code >100}, {@code 1:128}, {@code
 * 2026-01-02 15:30 +01:00}, a code's text. Nothing is rounded and no zone is added.
 *
 * <p>Source: HL7 v2.5.1 ch. 2A (the types by their names).
 */
final class ReportValue {

  private static final Pattern TIME_STAMP =
      Pattern.compile(
          "(\\d{4})(\\d{2})?(\\d{2})?(\\d{2})?(\\d{2})?(\\d{2}(?:\\.\\d{1,4})?)?([+-]\\d{4})?");

  private static final Pattern TIME =
      Pattern.compile("(\\d{2})(\\d{2})?(\\d{2}(?:\\.\\d{1,4})?)?([+-]\\d{4})?");

  private ReportValue() {}

  /**
   * One repetition as text; empty if it holds nothing.
   *
   * @param type OBX-2 in upper case
   */
  static String of(String type, V2Value value) {
    return switch (type) {
      case "CE", "CWE", "CNE", "CF" -> coded(value);
      case "SN" -> joined(value, "", 1, 2, 3, 4);
      case "DT", "TS", "DTM" -> timeStamp(value.text());
      case "TM" -> time(value.text());
      case "DR" -> range(timeStamp(part(value, 1)), timeStamp(part(value, 2)));
      case "NR" -> range(part(value, 1), part(value, 2));
      case "PN", "XPN" -> joined(value, " ", 5, 2, 3, 1, 4, 6);
      case "XCN", "CN" -> person(value);
      case "CX", "CK", "EI", "XON", "HD" -> value.text();
      case "XTN", "TN" -> telephone(value);
      case "XAD", "AD" -> joined(value, ", ", 1, 2, 3, 4, 5, 6);
      case "NA", "MA" -> all(value, ", ");
      case "NM", "ID", "IS", "SI" -> value.whole();
      default -> all(value, " ");
    };
  }

  /** A coded value's words: its text, else the alternate or original text, else the code. */
  static String coded(V2Value value) {
    return Stream.of(2, 5, 9, 1, 4)
        .map(component -> part(value, component))
        .filter(text -> !text.isEmpty() && !text.equals("\"\""))
        .findFirst()
        .orElse("");
  }

  private static String person(V2Value value) {
    String name = joined(value, " ", 6, 3, 4, 2, 5, 7);
    return name.isEmpty() ? part(value, 1) : name;
  }

  private static String telephone(V2Value value) {
    String whole = part(value, 1);
    return whole.isEmpty() ? joined(value, " ", 5, 6, 7, 12, 4) : whole;
  }

  private static String range(String low, String high) {
    return low.isEmpty() && high.isEmpty() ? "" : (low + " to " + high).strip();
  }

  private static String joined(V2Value value, String between, int... components) {
    return IntStream.of(components)
        .mapToObj(component -> part(value, component))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(between));
  }

  private static String all(V2Value value, String between) {
    List<V2Value> components = value.components();
    return components.stream()
        .map(V2Value::whole)
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(between));
  }

  private static String part(V2Value value, int component) {
    return value.component(component).text().strip();
  }

  private static String timeStamp(String written) {
    Matcher time = TIME_STAMP.matcher(written.strip());
    if (!time.matches()) {
      return written;
    }
    StringBuilder text = new StringBuilder(time.group(1));
    append(text, "-", time.group(2));
    append(text, "-", time.group(3));
    append(text, " ", time.group(4));
    append(text, ":", time.group(5));
    append(text, ":", time.group(6));
    return text.append(hourSign(time.group(4), time.group(5)))
        .append(offset(time.group(7)))
        .toString();
  }

  private static String time(String written) {
    Matcher time = TIME.matcher(written.strip());
    if (!time.matches()) {
      return written;
    }
    StringBuilder text = new StringBuilder(time.group(1));
    append(text, ":", time.group(2));
    append(text, ":", time.group(3));
    return text.append(hourSign(time.group(1), time.group(2)))
        .append(offset(time.group(4)))
        .toString();
  }

  /** An hour without minutes keeps its precision and must not be read as a day or a minute. */
  private static String hourSign(@Nullable String hour, @Nullable String minute) {
    return hour != null && minute == null ? "h" : "";
  }

  private static String offset(@Nullable String offset) {
    return offset == null ? "" : " " + offset.substring(0, 3) + ":" + offset.substring(3);
  }

  private static void append(StringBuilder text, String before, @Nullable String added) {
    if (added != null) {
      text.append(before).append(added);
    }
  }
}
