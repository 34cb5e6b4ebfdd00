package org.millrace.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millrace.journal.MappingReport;
import org.millrace.journal.UnmappedCode;
import org.millrace.mapping.MappingRun;

/** What the journal keeps of a mapping. */
final class MappingReports {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MappingReports() {}

  /** Charset, lineage and coverage, and apart from them the codes, which are values. */
  static MappingReport of(MappingRun run) {
    ObjectNode report = JSON.createObjectNode();
    report.set("lineage", JSON.valueToTree(run.lineage()));
    report.set("coverage", JSON.valueToTree(run.coverage()));
    run.charset()
        .ifPresent(
            read ->
                report
                    .putObject("charset")
                    .put("name", read.charset().name())
                    .put("words", read.words()));
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
