package org.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import org.millrace.replay.CaseResult;
import org.millrace.replay.Difference;

/**
 * Prints results as they come: a row each, the differences of a failed case below it, and a last
 * line that counts.
 */
final class ResultTable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROW = "%-4s  %-44s  %-26s  %-44s  %-18s  %6s%n";

  private final PrintWriter out;
  private final boolean json;
  private boolean headed;

  ResultTable(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void row(CaseResult result) throws JsonProcessingException {
    if (json) {
      out.println(JSON.writeValueAsString(asJson(result)));
      return;
    }
    if (!headed) {
      out.printf(ROW, "", "case", "sent", "Cerner was asked", "came back", "ms");
      headed = true;
    }
    out.printf(
        ROW,
        result.passed() ? "ok" : "FAIL",
        result.sample().name(),
        fit(result.sent(), 26),
        fit(result.asked(), 44),
        fit(result.cameBack(), 18),
        result.took().toMillis());
    for (Difference each : result.differences()) {
      out.println("      " + each);
    }
    out.flush();
  }

  private static String fit(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "…";
  }

  private static ObjectNode asJson(CaseResult result) {
    ObjectNode line = JSON.createObjectNode();
    line.put("case", result.sample().name());
    line.put("passed", result.passed());
    line.put("sent", result.sent());
    line.put("asked", result.asked());
    line.put("cameBack", result.cameBack());
    line.put("milliseconds", result.took().toMillis());
    result.differences().forEach(each -> line.withArray("differences").add(each.toString()));
    return line;
  }

  void close(List<CaseResult> results) {
    long passed = results.stream().filter(CaseResult::passed).count();
    if (!json) {
      out.println();
      out.println(passed + " of " + results.size() + " cases passed");
    }
  }
}
