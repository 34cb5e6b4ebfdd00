package org.millrace.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millrace.hl7.AsRead;
import org.millrace.hl7.Tolerance;
import org.millrace.journal.MappingReport;
import org.millrace.journal.UnmappedCode;
import org.millrace.mapping.MappingRun;

/** What the journal keeps of a mapping. */
final class MappingReports {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MappingReports() {}

  private static void put(AsRead read, ObjectNode report) {
    report
        .putObject("charset")
        .put("name", read.charset().charset().name())
        .put("words", read.charset().words());
    ArrayNode tolerated = report.putArray("tolerated");
    for (Tolerance each : read.departures()) {
      tolerated.addObject().put("what", each.word()).put("sentence", each.sentence());
    }
  }

  /** How it was read, lineage and coverage, and apart from them the codes, which are values. */
  static MappingReport of(MappingRun run) {
    ObjectNode report = JSON.createObjectNode();
    report.set("lineage", JSON.valueToTree(run.lineage()));
    report.set("coverage", JSON.valueToTree(run.coverage()));
    run.asRead().ifPresent(read -> put(read, report));
    return new MappingReport(
        report.toString(),
        run.unknownCodes().stream()
            .map(
                code ->
                    new UnmappedCode(
                        code.table(), code.code(), code.text(), code.path(), code.held()))
            .toList());
  }
}
