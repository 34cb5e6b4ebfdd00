package org.millrace.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Compares JSON as trees: order of properties does not matter, order of lists does. */
final class JsonComparison {
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
    return expected.equals(actual)
        || (expected.isTextual()
            && actual.isTextual()
            && times.bothOfThisRun(expected.asText(), actual.asText()));
  }

  private static String text(JsonNode node) {
    if (node.isMissingNode()) {
      return "";
    }
    return node.isValueNode() ? node.asText() : node.toString();
  }
}
