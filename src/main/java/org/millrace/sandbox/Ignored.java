package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Finds what of a resource that was sent is not kept: names of elements only, never values. */
final class Ignored {
  private Ignored() {}

  /**
   * The elements, with dots and without indexes, that stand in what was sent and not in what is
   * kept: {@code Patient.contact.name}. Where an element is gone as a whole, it alone.
   */
  static Set<String> of(ObjectNode sent, ObjectNode kept) {
    Set<String> ignored = new TreeSet<>();
    compare(sent.path("resourceType").asText(), sent, kept, ignored);
    return ignored;
  }

  private static void compare(String path, JsonNode sent, JsonNode kept, Set<String> ignored) {
    if (sent.isObject()) {
      for (Map.Entry<String, JsonNode> member : sent.properties()) {
        String below = path + "." + member.getKey();
        if (kept.has(member.getKey())) {
          compare(below, member.getValue(), kept.path(member.getKey()), ignored);
        } else if (!isExpected(path, member.getKey()) && !isExpected(below, member.getValue())) {
          ignored.add(below);
        }
      }
    } else if (sent.isArray()) {
      compareLists(path, sent, kept, ignored);
    }
  }

  /** Lists may be kept in another order; an element is held against the one most like it. */
  private static void compareLists(String path, JsonNode sent, JsonNode kept, Set<String> ignored) {
    for (JsonNode element : sent) {
      if (isExpected(path, element)) {
        continue;
      }
      Set<String> fewest = Set.of(path);
      for (JsonNode candidate : kept) {
        Set<String> missing = new TreeSet<>();
        compare(path, element, candidate, missing);
        fewest = missing.size() < fewest.size() || fewest.contains(path) ? missing : fewest;
      }
      ignored.addAll(fewest);
    }
  }

  /** Whether all that it holds is expected to be gone. */
  private static boolean isExpected(String path, JsonNode node) {
    if (node.isArray()) {
      return StreamSupport.stream(node.spliterator(), false).allMatch(one -> isExpected(path, one));
    }
    return node.isObject()
        && node.properties().stream().allMatch(member -> isExpected(path, member.getKey()));
  }

  /** The data of an attachment is kept in a Binary; an identifier's assigner enrolls. */
  private static boolean isExpected(String path, String member) {
    return (path.endsWith(".attachment") && member.equals("data"))
        || (path.equals("Patient.identifier") && member.equals("assigner"));
  }
}
