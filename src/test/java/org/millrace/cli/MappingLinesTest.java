package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.journal.UnmappedCode;
import org.millrace.mapping.CoverageNote;
import org.millrace.mapping.Lineage;

/** The report of a mapping as an analyst reads it. */
final class MappingLinesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static String printed(
      List<Lineage> lineage, List<CoverageNote> coverage, List<UnmappedCode> codes) {
    ObjectNode report = JSON.createObjectNode();
    report.set("lineage", JSON.valueToTree(lineage));
    report.set("coverage", JSON.valueToTree(coverage));
    StringWriter out = new StringWriter();
    MappingLines.print(report, codes, new PrintWriter(out));
    return out.toString();
  }

  @Test
  void everyKindOfLossIsTold() {
    List<CoverageNote> all = new ArrayList<>();
    for (CoverageNote.Kind kind : CoverageNote.Kind.values()) {
      all.add(new CoverageNote(kind, "OBX[3]-5", "It is so."));
    }

    assertThat(printed(List.of(), all, List.of()).lines())
        .containsAll(
            Arrays.stream(CoverageNote.Kind.values())
                .map(kind -> "  OBX[3]-5  " + kind + "  It is so.")
                .toList())
        .contains("Not mapped as it was");
  }

  @Test
  void whatMadeAValueAndWhatWasUsedOtherwiseStandApart() {
    String lines =
        printed(
            List.of(
                new Lineage(
                    "used for: finding the patient", "PID-3", "messages/ORU_R01.yaml:9", ""),
                new Lineage(
                    "OBR[1] DocumentReference.type",
                    "OBR[1]-4",
                    "segments/OBR.yaml:9",
                    "HL70074:3")),
            List.of(),
            List.of());

    assertThat(lines.lines())
        .containsExactly(
            "Where each value comes from",
            "  OBR[1] DocumentReference.type  <-  OBR[1]-4  (segments/OBR.yaml:9, HL70074:3)",
            "Used for something else",
            "  PID-3  (messages/ORU_R01.yaml:9)  for finding the patient",
            "Everything was mapped.");
  }

  @Test
  void codesAreToldWithoutSteeringTheTerminal() {
    String lines =
        printed(
            List.of(),
            List.of(),
            List.of(
                new UnmappedCode("HL70001", "X\u001b[2J", "", "PID-8", true),
                new UnmappedCode("HL70002", "Y", "Why", "PID-16", false)));

    assertThat(lines)
        .contains("  PID-8  table HL70001  X?[2J  held")
        .contains("  PID-16  table HL70002  Y (Why)  passed");
  }
}
