package org.millrace.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Compares JSON as trees: order of properties does not matter, order of lists does. */
final class JsonComparison {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern PAGE = Pattern.compile("_page=[A-Za-z0-9_-]+");
  private static final Pattern MARKER = Pattern.compile("\\[mr-[0-9a-z]{1,12}(?:-[0-9a-z]{1,8})?]");

  private final RunTimes times;
  private final List<Difference> differences = new ArrayList<>();

  private JsonComparison(RunTimes times) {
    this.times = times;
  }

  static List<Difference> compare(
      String place, JsonNode expected, JsonNode actual, RunTimes times) {
    JsonComparison comparison = new JsonComparison(times);
    comparison.nodes(place, expected, actual);
    return comparison.differences;
  }

  private void nodes(String place, JsonNode expected, JsonNode actual) {
    if (expected.isObject() && actual.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      expected.fieldNames().forEachRemaining(names::add);
      actual.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        nodes(place + "." + name, expected.path(name), actual.path(name));
      }
    } else if (expected.isArray() && actual.isArray()) {
      for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
        nodes(place + "[" + (i + 1) + "]", expected.path(i), actual.path(i));
      }
    } else if (!same(expected, actual)) {
      differences.add(new Difference(place, text(expected), text(actual)));
    }
  }

  private boolean same(JsonNode expected, JsonNode actual) {
    if (expected.equals(actual)) {
      return true;
    }
    if (!expected.isTextual() || !actual.isTextual()) {
      return false;
    }
    String wanted = expected.asText();
    String got = actual.asText();
    if (wanted.startsWith("MSH") && got.startsWith("MSH")) {
      return MessageComparison.compare("", bytes(wanted), bytes(got), times).isEmpty();
    }
    return times.same(wanted, got) || byShape(wanted).equals(byShape(got));
  }

  private static byte[] bytes(String message) {
    return message.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Ids that are made anew each time, and the marker that delivery adds to a title, only have to be
   * there.
   */
  private static String byShape(String text) {
    String shape = UUID.matcher(text).replaceAll("{uuid}");
    shape = MARKER.matcher(shape).replaceAll("[{marker}]");
    return PAGE.matcher(shape).replaceAll("_page={page}");
  }

  private static String text(JsonNode node) {
    if (node.isMissingNode()) {
      return "";
    }
    return node.isValueNode() ? node.asText() : node.toString();
  }
}
