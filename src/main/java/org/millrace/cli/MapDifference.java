package org.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.mapping.CoverageNote;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.MappingRun;

/**
 * What two runs over the same file of messages make differently: values by their path, verdicts,
 * and notes of the coverage.
 *
 * @param values of one message: appeared, vanished, changed
 * @param notes of one message: came, went
 */
record MapDifference(List<String> values, List<String> notes) {
  private static final int SHOWN = 160;

  MapDifference {
    values = List.copyOf(values);
    notes = List.copyOf(notes);
  }

  static MapDifference between(FileMapping.Result before, FileMapping.Result after) {
    List<String> values = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Map<Integer, MappingRun> old = byNumber(before);
    Map<Integer, MappingRun> now = byNumber(after);
    boolean several = Math.max(old.size(), now.size()) > 1;
    Set<Integer> numbers = new LinkedHashSet<>(old.keySet());
    numbers.addAll(now.keySet());
    MappingRun none = new MappingRun(List.of(), List.of(), List.of());
    for (int number : numbers) {
      String head = several ? "message " + number + " " : "";
      MappingRun was = old.getOrDefault(number, none);
      MappingRun is = now.getOrDefault(number, none);
      compare(head, values(was), values(is), values);
      compare(head, notes(was), notes(is), notes);
    }
    return new MapDifference(values, notes);
  }

  /**
   * What is different in one resource, by path.
   *
   * @param head what the paths begin with
   */
  static List<String> values(String head, JsonNode before, JsonNode after) {
    Map<String, String> was = new LinkedHashMap<>();
    Map<String, String> is = new LinkedHashMap<>();
    leaves(head, before, was);
    leaves(head, after, is);
    List<String> values = new ArrayList<>();
    compare("", was, is, values);
    return values;
  }

  private static Map<Integer, MappingRun> byNumber(FileMapping.Result result) {
    Map<Integer, MappingRun> runs = new LinkedHashMap<>();
    result.messages().forEach(each -> runs.put(each.number(), each.run()));
    return runs;
  }

  private static void compare(
      String head, Map<String, String> was, Map<String, String> is, List<String> into) {
    was.forEach(
        (path, value) -> {
          String now = is.get(path);
          if (now == null) {
            into.add("- " + head + path + shown(value));
          } else if (!now.equals(value)) {
            into.add("~ " + head + path + shown(value) + "  ->" + shown(now));
          }
        });
    is.forEach(
        (path, value) -> {
          if (!was.containsKey(path)) {
            into.add("+ " + head + path + shown(value));
          }
        });
  }

  /** Every value of every resource by its path, as the lineage writes it, and the verdicts. */
  private static Map<String, String> values(MappingRun run) {
    Map<String, String> values = new LinkedHashMap<>();
    for (MappedResource each : run.resources()) {
      String type = each.json().path("resourceType").asText("");
      String head = each.anchor() + (type.isEmpty() ? "" : " " + type);
      String verdict = each.verdict().decision() + " " + each.verdict().code();
      String unique = head;
      for (int i = 2; values.putIfAbsent(unique + " verdict", verdict) != null; i++) {
        unique = head + "(" + i + ")";
      }
      leaves(unique, each.json(), values);
    }
    return values;
  }

  private static void leaves(String path, JsonNode node, Map<String, String> into) {
    if (node.isObject()) {
      node.properties().forEach(each -> leaves(path + "." + each.getKey(), each.getValue(), into));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        leaves(path + "[" + i + "]", node.get(i), into);
      }
    } else {
      into.put(path, node.asText());
    }
  }

  private static Map<String, String> notes(MappingRun run) {
    Map<String, String> notes = new LinkedHashMap<>();
    for (CoverageNote each : run.coverage()) {
      notes.put(each.path() + "  " + each.kind() + "  " + each.sentence(), "");
    }
    return notes;
  }

  private static String shown(String value) {
    if (value.isEmpty()) {
      return "";
    }
    String line = value.replace("\r", "\\r").replace("\n", "\\n");
    return "  " + (line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line);
  }

  boolean isNothing() {
    return values.isEmpty() && notes.isEmpty();
  }

  void print(PrintWriter out) {
    if (isNothing()) {
      out.println("Nothing is different");
      return;
    }
    out.println("What is different (+ appeared, - vanished, ~ changed)");
    values.forEach(each -> out.println("  " + each));
    if (!notes.isEmpty()) {
      out.println("Notes (+ came, - went)");
      notes.forEach(each -> out.println("  " + each));
    }
  }
}
