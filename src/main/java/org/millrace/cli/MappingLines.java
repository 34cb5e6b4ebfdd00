package org.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import org.millrace.journal.UnmappedCode;

/** What the journal keeps of a message's mapping, as lines to read. */
final class MappingLines {
  private static final String USED_FOR = "used for: ";

  private MappingLines() {}

  /**
   * Prints the charset, the way of each value, then what was used for something else, what was not
   * mapped as it was, and the codes that no table knew.
   *
   * @param report charset, lineage and coverage, as they were kept
   */
  static void print(JsonNode report, List<UnmappedCode> codes, PrintWriter out) {
    JsonNode charset = report.path("charset");
    if (!charset.isMissingNode()) {
      out.println("Read as " + text(charset, "words"));
    }
    for (JsonNode each : report.path("tolerated")) {
      out.println("  tolerated: " + text(each, "sentence") + " (" + text(each, "what") + ")");
    }
    out.println("Where each value comes from");
    for (JsonNode each : report.path("lineage")) {
      if (!isUse(each)) {
        out.println("  " + text(each, "target") + "  <-  " + source(each));
      }
    }
    uses(report.path("lineage"), out);
    JsonNode coverage = report.path("coverage");
    out.println(coverage.isEmpty() ? "Everything was mapped." : "Not mapped as it was");
    for (JsonNode each : coverage) {
      out.println(
          "  " + text(each, "path") + "  " + text(each, "kind") + "  " + text(each, "sentence"));
    }
    if (!codes.isEmpty()) {
      out.println("Codes that no table knows ('millrace codes' has the lines to add)");
    }
    for (UnmappedCode each : codes) {
      String called = each.text().isEmpty() ? "" : " (" + OnScreen.text(each.text()) + ")";
      out.println(
          "  "
              + each.path()
              + "  table "
              + each.table()
              + "  "
              + OnScreen.text(each.code())
              + called
              + (each.held() ? "  held" : "  passed"));
    }
  }

  private static void uses(JsonNode lineage, PrintWriter out) {
    boolean headed = false;
    for (JsonNode each : lineage) {
      if (isUse(each)) {
        if (!headed) {
          out.println("Used for something else");
          headed = true;
        }
        out.println(
            "  " + source(each) + "  for " + text(each, "target").substring(USED_FOR.length()));
      }
    }
  }

  private static boolean isUse(JsonNode lineage) {
    return text(lineage, "target").startsWith(USED_FOR);
  }

  private static String source(JsonNode lineage) {
    String through = text(lineage, "through");
    return text(lineage, "source")
        + "  ("
        + text(lineage, "rule")
        + (through.isEmpty() ? "" : ", " + through)
        + ")";
  }

  private static String text(JsonNode node, String name) {
    return OnScreen.text(node.path(name).asText());
  }
}
