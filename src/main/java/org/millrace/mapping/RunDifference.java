package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What two runs over the same message make differently: values by their path, verdicts, and notes
 * of the coverage.
 *
 * @param values that appeared, vanished or changed, in message order
 * @param notes that came or went; only their path is set, which says all
 */
public record RunDifference(List<Change> values, List<Change> notes) {
  public RunDifference {
    values = List.copyOf(values);
    notes = List.copyOf(notes);
  }

  /** What became of a value. */
  public enum Kind {
    APPEARED,
    VANISHED,
    CHANGED
  }

  /**
   * One difference; patient data.
   *
   * @param path as the lineage writes it: {@code OBR[1] DocumentReference.type.text}
   * @param before empty for what appeared
   * @param after empty for what vanished
   */
  public record Change(Kind kind, String path, String before, String after) {

    /** Kind and path only. */
    @Override
    public String toString() {
      return kind + " " + path;
    }
  }

  /** From the first run to the second. */
  public static RunDifference between(MappingRun was, MappingRun is) {
    return new RunDifference(compared(values(was), values(is)), compared(notes(was), notes(is)));
  }

  /**
   * What is different in one resource.
   *
   * @param head what the paths begin with
   */
  public static List<Change> between(String head, JsonNode was, JsonNode is) {
    Map<String, String> before = new LinkedHashMap<>();
    Map<String, String> after = new LinkedHashMap<>();
    leaves(head, was, before);
    leaves(head, is, after);
    return compared(before, after);
  }

  private static List<Change> compared(Map<String, String> was, Map<String, String> is) {
    List<Change> changes = new ArrayList<>();
    was.forEach(
        (path, value) -> {
          String now = is.get(path);
          if (now == null) {
            changes.add(new Change(Kind.VANISHED, path, value, ""));
          } else if (!now.equals(value)) {
            changes.add(new Change(Kind.CHANGED, path, value, now));
          }
        });
    is.forEach(
        (path, value) -> {
          if (!was.containsKey(path)) {
            changes.add(new Change(Kind.APPEARED, path, "", value));
          }
        });
    return changes;
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

  public boolean isNothing() {
    return values.isEmpty() && notes.isEmpty();
  }

  /** The numbers only: values are a patient's. */
  @Override
  public String toString() {
    return values.size() + " values and " + notes.size() + " notes are different";
  }
}
