package org.millrace.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millrace.hl7.AsRead;
import org.millrace.journal.MappingReport;
import org.millrace.journal.UnmappedCode;
import org.millrace.mapping.MappingRun;

/** What the journal keeps of a mapping. */
final class MappingReports {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MappingReports() {}

  private record Charset(String name, String words) {}

  private record Tolerated(String what, String sentence) {}

  /** How it was read, lineage and coverage, and apart from them the codes, which are values. */
  static MappingReport of(MappingRun run) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("lineage", run.lineage());
    report.put("coverage", run.coverage());
    run.asRead().ifPresent(read -> put(read, report));
    return new MappingReport(
        written(report),
        run.unknownCodes().stream()
            .map(
                code ->
                    new UnmappedCode(
                        code.table(), code.code(), code.text(), code.path(), code.held()))
            .toList());
  }

  private static void put(AsRead read, Map<String, Object> report) {
    report.put("charset", new Charset(read.charset().charset().name(), read.charset().words()));
    List<Tolerated> tolerated =
        read.departures().stream()
            .map(each -> new Tolerated(each.word(), each.sentence()))
            .toList();
    report.put("tolerated", tolerated);
  }

  private static String written(Map<String, Object> report) {
    try {
      return JSON.writeValueAsString(report);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a report of texts and lists is not written", impossible);
    }
  }
}
