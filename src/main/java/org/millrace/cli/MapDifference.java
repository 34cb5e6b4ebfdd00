package org.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.RunDifference;

/**
 * What two runs over the same file of messages make differently, as lines to read.
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
      RunDifference difference =
          RunDifference.between(old.getOrDefault(number, none), now.getOrDefault(number, none));
      difference.values().forEach(each -> values.add(line(head, each)));
      difference.notes().forEach(each -> notes.add(line(head, each)));
    }
    return new MapDifference(values, notes);
  }

  /**
   * What is different in one resource, by path.
   *
   * @param head what the paths begin with
   */
  static List<String> values(String head, JsonNode before, JsonNode after) {
    return RunDifference.between(head, before, after).stream().map(each -> line("", each)).toList();
  }

  private static Map<Integer, MappingRun> byNumber(FileMapping.Result result) {
    Map<Integer, MappingRun> runs = new LinkedHashMap<>();
    result.messages().forEach(each -> runs.put(each.number(), each.run()));
    return runs;
  }

  private static String line(String head, RunDifference.Change change) {
    String path = head + change.path();
    return switch (change.kind()) {
      case VANISHED -> "- " + path + shown(change.before());
      case APPEARED -> "+ " + path + shown(change.after());
      case CHANGED -> "~ " + path + shown(change.before()) + "  ->" + shown(change.after());
    };
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
