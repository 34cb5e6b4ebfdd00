package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.mapping.TargetFinding;
import org.millrace.rest.Refusal.Finding;

/**
 * What the server refuses or ignores of the values that a JSON Patch puts in place of whole
 * elements, as {@code /maritalStatus} and {@code /telecom/-}. A value further down is taken as it
 * is: whether it can be stored may hang on what stands beside it.
 *
 * @param faults what is refused, and what would be ignored as a whole
 * @param notTaken what would be ignored, and was taken out of the patch
 */
record PatchValues(List<Finding> faults, List<TargetFinding> notTaken) {
  private static final Pattern WHOLE = Pattern.compile("/([A-Za-z]+)(/-)?");
  private static final Set<String> PUTTING = Set.of("add", "replace");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  PatchValues {
    faults = List.copyOf(faults);
    notTaken = List.copyOf(notTaken);
  }

  /** Tells a finding by what the one who asks has sent. */
  @FunctionalInterface
  interface Told {
    /**
     * @param index of the operation
     * @param path the pointer of the operation
     * @param below what follows behind its value: {@code [1].system}; may be empty
     * @param found by its place in the resource
     */
    TargetFinding by(int index, String path, String below, TargetFinding found);
  }

  /**
   * Tries each value, with those of the other elements beside it.
   *
   * @param patch loses what would be ignored
   */
  static PatchValues check(String type, ArrayNode patch, WriteCheck target, Told told) {
    List<Finding> faults = new ArrayList<>();
    List<TargetFinding> notTaken = new ArrayList<>();
    List<Put> puts = puts(patch);
    Map<String, JsonNode> wholes = new HashMap<>();
    puts.forEach(put -> wholes.put(put.element(), put.whole()));
    for (Put put : puts) {
      ObjectNode tried = put.beside(type, wholes);
      List<TargetFinding> findings = put.found(type, target.check(tried), told);
      JsonNode left = put.in(tried);
      for (TargetFinding finding : findings) {
        if (finding.refused() || left.isMissingNode()) {
          faults.add(new Finding(finding.place(), finding.sentence()));
        } else {
          notTaken.add(finding);
        }
      }
      if (!findings.isEmpty() && !left.isMissingNode()) {
        put.operation().set("value", left);
      }
    }
    return new PatchValues(faults, notTaken);
  }

  private static List<Put> puts(ArrayNode patch) {
    List<Put> puts = new ArrayList<>();
    for (int i = 0; i < patch.size(); i++) {
      ObjectNode operation = (ObjectNode) patch.get(i);
      Matcher whole = WHOLE.matcher(operation.path("path").asText());
      if (PUTTING.contains(operation.path("op").asText()) && whole.matches()) {
        puts.add(new Put(i, operation, whole.group(1), whole.group(2) != null));
      }
    }
    return puts;
  }

  /**
   * An operation that puts an element in.
   *
   * @param one whether the value is one of the element's list
   */
  private record Put(int index, ObjectNode operation, String element, boolean one) {

    JsonNode whole() {
      JsonNode value = operation.path("value");
      return one ? NODES.arrayNode().add(value) : value;
    }

    /** This value and those of the other elements, in a resource of which nothing else is known. */
    ObjectNode beside(String type, Map<String, JsonNode> others) {
      ObjectNode tried = NODES.objectNode().put("resourceType", type);
      others.forEach((name, value) -> tried.set(name, value.deepCopy()));
      tried.set(element, whole().deepCopy());
      return tried;
    }

    JsonNode in(ObjectNode tried) {
      return one ? tried.path(element).path(0) : tried.path(element);
    }

    /** The findings in this element, as the caller is told them. */
    List<TargetFinding> found(String type, List<TargetFinding> findings, Told told) {
      String here = type + "." + element + (one ? "[0]" : "");
      String path = operation.path("path").asText();
      return findings.stream()
          .filter(each -> each.place().equals(here) || isWithin(each.place(), here))
          .map(each -> told.by(index, path, each.place().substring(here.length()), each))
          .toList();
    }

    private static boolean isWithin(String place, String outer) {
      return place.startsWith(outer) && ".[".indexOf(place.charAt(outer.length())) >= 0;
    }
  }
}
