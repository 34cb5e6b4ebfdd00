package org.millrace.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.millrace.journal.MappingReport;
import org.millrace.journal.UnmappedCode;
import org.millrace.mapping.CoverageNote;
import org.millrace.mapping.Lineage;
import org.millrace.mapping.MappingRun;

/** What the journal keeps of a mapping. */
final class MappingReports {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MappingReports() {}

  /** Lineage and coverage, and apart from them the codes, which are values. */
  static MappingReport of(MappingRun run) {
    return new MappingReport(
        written(new Report(run.lineage(), run.coverage())),
        run.unknownCodes().stream()
            .map(
                code ->
                    new UnmappedCode(
                        code.table(), code.code(), code.text(), code.path(), code.held()))
            .toList());
  }

  private record Report(List<Lineage> lineage, List<CoverageNote> coverage) {}

  private static String written(Report report) {
    try {
      return JSON.writeValueAsString(report);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a report of texts and lists is not written", impossible);
    }
  }
}
