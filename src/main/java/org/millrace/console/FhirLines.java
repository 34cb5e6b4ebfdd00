package org.millrace.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A resource as lines, each with where its value came from. */
final class FhirLines {
  private static final int LONGEST = 400;
  private final Ways ways;
  private final Cover cover;
  private final List<Line> lines = new ArrayList<>();

  /**
   * A line.
   *
   * @param id by which other places of the page name it
   * @param indent in steps
   * @param name with colon and quotes as JSON has it; empty in a list
   * @param value as JSON has it, or a bracket
   */
  record Line(String id, int indent, String name, String value, List<Ways.Way> ways) {
    /** Blanks before it. */
    String blanks() {
      return "  ".repeat(indent);
    }
  }

  private FhirLines(Ways ways, Cover cover) {
    this.ways = ways;
    this.cover = cover;
  }

  /**
   * The lines of one resource.
   *
   * @param anchor where in the message it comes from: {@code OBR[1]}
   */
  static List<Line> of(String anchor, JsonNode resource, Ways ways, Cover cover) {
    FhirLines all = new FhirLines(ways, cover);
    String type = resource.path("resourceType").asText();
    all.node(anchor + " " + type, "", resource, 0, "");
    return all.lines;
  }

  private void node(String path, String name, JsonNode node, int indent, String comma) {
    if (node.isObject() && !node.isEmpty()) {
      line(path, name, "{", indent);
      int left = node.size();
      for (var each : node.properties()) {
        left--;
        String below = path + "." + each.getKey();
        node(below, quoted(each.getKey()) + ": ", each.getValue(), indent + 1, left > 0 ? "," : "");
      }
      lines.add(new Line("", indent, "", "}" + comma, List.of()));
    } else if (node.isArray() && !node.isEmpty()) {
      line(path, name, "[", indent);
      for (int i = 0; i < node.size(); i++) {
        node(path + "[" + i + "]", "", node.get(i), indent + 1, i < node.size() - 1 ? "," : "");
      }
      lines.add(new Line("", indent, "", "]" + comma, List.of()));
    } else {
      line(path, name, value(path, node) + comma, indent);
    }
  }

  private void line(String path, String name, String value, int indent) {
    lines.add(new Line(Ways.id("t", path), indent, name, value, ways.to(path)));
  }

  private String value(String path, JsonNode node) {
    String text = path.endsWith(".resourceType") ? node.asText() : cover.of(node.asText());
    String shown =
        text.length() > LONGEST
            ? text.substring(0, LONGEST) + "… (" + text.length() + " characters)"
            : text;
    return node.isTextual() || !cover.open()
        ? quoted(shown.replace("\r", "\\r").replace("\n", "\\n"))
        : shown;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
