package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Writer;

/** Groups that become several resources, and back. */
class MessageGroupsTest {
  private MappingFolder folder;

  @BeforeEach
  void files(@TempDir Path path) throws IOException {
    folder = new MappingFolder(path);
    folder.write(
        "tables/HL70078.csv",
        """
        # source: test
        # v2-system: http://terminology.hl7.org/CodeSystem/v2-0078
        v2_code,v2_text,fhir_code,fhir_system,fhir_display
        H,High,H,http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation,High
        """);
    folder.segment(
        "PID.yaml",
        "PID",
        "Patient",
        """
          - { v2: PID-7.1, fhir: birthDate, function: date }
        """);
    folder.segment(
        "OBR.yaml",
        "OBR",
        "DiagnosticReport",
        """
          - { v2: OBR-4.1, fhir: code.text }
          - { given: subject, made: Patient, fhir: subject.reference }
          - { made: Observation, fhir: result.reference }
        """);
    folder.segment(
        "OBX.yaml",
        "OBX",
        "Observation",
"""
  - { v2: OBX-3.1, fhir: code.text }
  - { v2: OBX-5, fhir: valueString }
  - { v2: OBX-8, fhir: interpretation, table: HL70078, unknown: hold }
  - { v2: OBX-14.1, fhir: effectiveDateTime, function: date-time }
  - { v2: OBR-7.1, fhir: effectiveDateTime, function: date-time, when: "OBX-14 is empty", direction: v2-to-fhir }
  - { given: subject, made: Patient, fhir: subject.reference }
""");
    folder.write(
        "segments/NTE.yaml",
        """
        segment: NTE
        resource: Observation
        each: note
        source: test
        rules:
          - { v2: NTE-3, fhir: text }
        """);
    folder.segment(
        "NTE-report.yaml",
        "NTE",
        "DiagnosticReport",
        """
          - { v2: NTE-3, fhir: conclusion }
        """);
    folder.write(
        "messages/ORU_R30.yaml",
"""
message: ORU^R30
also: ORU^R31
source: test
groups:
  - group: PATIENT
    starts-at: PID
    segments:
      - { segment: PID, resource: Patient }
  - group: RESULT
    starts-at: OBR
    led-by: ORC
    action: create-report
    segments:
      - { segment: OBR, resource: DiagnosticReport }
      - { segment: NTE, resource: DiagnosticReport }
      - { segment: OBX, resource: Observation, for-each: OBX, when: "OBX-11 != 'X'", action: create-observation }
      - { segment: NTE, resource: Observation, for-each: OBX }
""");
  }

  private static final String[] MESSAGE = {
    "PID|1||1^^^MRN||||19610314",
    "OBR|1|||CBC|||20261101080000-0600",
    "NTE|1||about the report",
    "OBX|1|ST|WBC||7.2|||H|||F|||20261102080000-0600",
    "NTE|1||about WBC",
    "NTE|2||more about WBC",
    "OBX|2|ST|RBC||4.1||||||F",
    "OBX|3|ST|HGB||||||||X",
    "OBR|2|||BMP",
    "OBX|4|ST|NA||140||||||F"
  };

  private Mapper mapper() {
    return new Mapper(Maps.load(folder.path()));
  }

  private MappingRun map(String type, Map<String, String> given, String... segments) {
    return mapper().map(Maps.message(type, segments), Maps.context(given));
  }

  private static JsonNode json(MappingRun run, String anchor) {
    return run.resources().stream()
        .filter(resource -> resource.anchor().equals(anchor))
        .findFirst()
        .orElseThrow()
        .json();
  }

  @Test
  void eachSegmentOfAForEachMakesAResourceWithTheSegmentsAfterIt() {
    MappingRun run = map("ORU^R30", Map.of(), MESSAGE);
    assertThat(run.resources())
        .extracting(MappedResource::anchor)
        .containsExactly("PID[1]", "OBR[1]", "OBX[1]", "OBX[2]", "OBR[2]", "OBX[4]");
    assertThat(json(run, "OBR[1]").path("conclusion").asText()).isEqualTo("about the report");
    assertThat(json(run, "OBX[1]").path("note")).hasSize(2);
    assertThat(json(run, "OBX[2]").has("note")).isFalse();
  }

  @Test
  void aSliceReadsWhatItLacksFromTheNearestSegmentBefore() {
    MappingRun run = map("ORU^R30", Map.of(), MESSAGE);
    assertThat(json(run, "OBX[1]").path("effectiveDateTime").asText()).startsWith("2026-11-02");
    assertThat(json(run, "OBX[2]").path("effectiveDateTime").asText()).startsWith("2026-11-01");
    assertThat(json(run, "OBX[4]").has("effectiveDateTime")).isFalse();
  }

  @Test
  void resourcesOfOneMessageNameEachOther() {
    MappingRun run = map("ORU^R30", Map.of(), MESSAGE);
    Map<String, String> references = new LinkedHashMap<>();
    run.resources().forEach(each -> references.put(each.anchor(), each.reference()));
    assertThat(references.values())
        .doesNotHaveDuplicates()
        .allMatch(r -> r.startsWith("urn:uuid:"));
    assertThat(json(run, "OBX[1]").at("/subject/reference").asText())
        .isEqualTo(references.get("PID[1]"));
    assertThat(json(run, "OBR[1]").findValuesAsText("reference"))
        .containsExactly(
            references.get("PID[1]"), references.get("OBX[1]"), references.get("OBX[2]"));
    assertThat(json(run, "OBR[2]").path("result")).hasSize(1);
    assertThat(map("ORU^R30", Map.of(), MESSAGE)).isEqualTo(run);
  }

  @Test
  void aGivenReferenceGoesBeforeOneThatWasMade() {
    MappingRun run = map("ORU^R30", Map.of("subject", "Patient/12"), MESSAGE);
    assertThat(json(run, "OBX[1]").at("/subject/reference").asText()).isEqualTo("Patient/12");
  }

  @Test
  void theActionOfAGroupIsThatOfItsFirstSegment() {
    MappingRun run = map("ORU^R31", Map.of(), MESSAGE);
    assertThat(run.resources())
        .extracting(MappedResource::action)
        .containsExactly(
            "",
            "create-report",
            "create-observation",
            "create-observation",
            "create-report",
            "create-observation");
  }

  @Test
  void aCodeWithoutARowHoldsItsResourceWhereTheRuleSaysSo() {
    MappingRun run = map("ORU^R30", Map.of(), "OBR|1", "OBX|1|ST|A||1|||ZZ", "OBX|2|ST|B||2|||H");
    assertThat(run.resources().get(0).verdict().code()).isEqualTo("unknown-code");
    assertThat(run.resources().get(0).verdict().decision()).isEqualTo(Verdict.Decision.HOLD);
    assertThat(run.resources().get(0).verdict().path()).isEqualTo("OBX[1]-8");
    assertThat(run.resources().get(0).json()).isEmpty();
    assertThat(run.resources().get(1).verdict().decision()).isEqualTo(Verdict.Decision.FILE);
    assertThat(run.unknownCodes())
        .containsExactly(new UnknownCode("HL70078", "ZZ", "", "OBX[1]-8", true));
    assertThat(run.unknownCodes().get(0).toString()).doesNotContain("ZZ");
  }

  @Test
  void aWholeMessageIsWrittenBackGroupByGroup() throws V2FormatException {
    Mapper mapper = mapper();
    MappingRun run = mapper.map(Maps.message("ORU^R30", MESSAGE), Maps.CONTEXT);
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    run.resources().forEach(each -> resources.put(each.reference(), each.json()));
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    writer.segment("MSH").set(9, 1, "ORU").set(9, 2, "R30");
    Mapper.WrittenRun written = mapper.writeAll(writer, "ORU^R30", resources, Maps.CONTEXT);
    V2Message back = V2Message.read(writer.bytes());
    assertThat(back.segments())
        .extracting(segment -> segment.name() + " " + segment.text(3) + segment.text(4))
        .containsSubsequence(
            "OBR CBC",
            "NTE about the report",
            "OBX WBC",
            "NTE about WBC",
            "NTE more about WBC",
            "OBX RBC",
            "OBR BMP",
            "OBX NA");
    assertThat(written.coverage()).isEmpty();
    assertThat(back.all("OBX").get(0).text(8)).isEqualTo("H");
  }

  @Test
  void aResourceThatNoSegmentTakesIsTold() {
    Map<String, JsonNode> resources = Map.of("Device/1", Maps.json("{'resourceType':'Device'}"));
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    writer.segment("MSH");
    Mapper.WrittenRun written = mapper().writeAll(writer, "ORU^R30", resources, Maps.CONTEXT);
    assertThat(written.coverage())
        .extracting(CoverageNote::path, CoverageNote::kind)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Device", CoverageNote.Kind.UNREAD));
  }

  @Test
  void aVariantCountsWhereItIsAskedFor() throws IOException {
    String variant =
        Files.readString(folder.path().resolve("messages/ORU_R30.yaml"))
            .replace("also: ORU^R31", "variant: plain")
            .replace("action: create-report", "action: create-plain");
    folder.write("messages/ORU_R30-plain.yaml", variant);
    folder.write(
        "senders/LAB@HOSP/messages/ORU_R31.yaml",
        "message: ORU^R31\nsource: test\nlike: messages/ORU_R30-plain.yaml\n");
    Mapper mapper = mapper();
    assertThat(mapper.mappings().messageTypes()).containsExactlyInAnyOrder("ORU^R30", "ORU^R31");
    V2Message message = Maps.message("ORU^R30", "OBR|1|||CBC");
    assertThat(mapper.map(message, Maps.CONTEXT).resources().get(0).action())
        .isEqualTo("create-report");
    assertThat(mapper.map(message, "plain", Maps.CONTEXT).resources().get(0).action())
        .isEqualTo("create-plain");
    V2Message own = Maps.message("ORU^R31", "OBR|1|||CBC");
    assertThat(mapper.map(own, Maps.CONTEXT).resources().get(0).action()).isEqualTo("create-plain");
  }

  @Test
  void numbersAreComparedAsNumbers() throws IOException {
    folder.segment(
        "OBX.yaml",
        "OBX",
        "Observation",
        """
          - { v2: OBX-3.1, fhir: code.text }
          - { v2: OBX-5, fhir: valueString, when: "OBX-5 >= 9 and OBX-5 < 10.5" }
        """);
    MappingRun run =
        map("ORU^R30", Map.of(), "OBR|1", "OBX|1|NM|A||10", "OBX|2|NM|B||8.99", "OBX|3|NM|C||10.5");
    List<Boolean> valued =
        run.resources().stream().map(each -> each.json().has("valueString")).toList();
    assertThat(valued).containsExactly(true, false, false);
  }

  /** DG1 as a resource of its own, and as an element of the visit that names it. */
  private void diagnoses() throws IOException {
    folder.segment(
        "PV1.yaml",
        "PV1",
        "Encounter",
        """
          - { v2: PV1-2, fhir: class.code }
        """);
    folder.segment(
        "DG1.yaml",
        "DG1",
        "Condition",
        """
          - { v2: DG1-4, fhir: code.text }
          - { made: Encounter, fhir: encounter.reference, when: "DG1-18 != 'Y'" }
        """);
    folder.write(
        "segments/DG1-Encounter.yaml",
        """
        segment: DG1
        resource: Encounter
        each: diagnosis
        source: test
        rules:
          - { v2: DG1-15, fhir: rank }
          - { made: Condition, fhir: condition.reference }
        """);
    folder.write(
        "messages/ADT_A01.yaml",
        """
        message: ADT^A01
        source: test
        groups:
          - group: VISIT
            starts-at: PV1
            segments:
              - { segment: PV1, resource: Encounter }
              - { segment: DG1, resource: Condition, for-each: DG1 }
              - { segment: DG1, resource: Encounter }
        """);
  }

  private static final String[] VISIT = {
    "PV1|1|I", "DG1|1|||Cough|||||||||||2|||Y", "DG1|2||||||||||||||9", "DG1|3|||Fever|||||||||||1"
  };

  @Test
  void anElementNamesTheResourceOfItsOwnSegment() throws IOException {
    diagnoses();
    MappingRun run = map("ADT^A01", Map.of(), VISIT);
    assertThat(run.resources())
        .extracting(MappedResource::anchor)
        .containsExactly("PV1[1]", "DG1[1]", "DG1[3]");
    Map<String, String> references = new LinkedHashMap<>();
    run.resources().forEach(each -> references.put(each.anchor(), each.reference()));
    JsonNode diagnoses = json(run, "PV1[1]").path("diagnosis");
    assertThat(diagnoses.findValuesAsText("rank")).containsExactly("2", "9", "1");
    assertThat(diagnoses.at("/0/condition/reference").asText()).isEqualTo(references.get("DG1[1]"));
    assertThat(diagnoses.path(1).has("condition")).isFalse();
    assertThat(diagnoses.at("/2/condition/reference").asText()).isEqualTo(references.get("DG1[3]"));
  }

  @Test
  void aReferenceIsMadeOnlyWhereItsConditionHolds() throws IOException {
    diagnoses();
    MappingRun run = map("ADT^A01", Map.of(), VISIT);
    assertThat(json(run, "DG1[1]").has("encounter")).isFalse();
    assertThat(json(run, "DG1[3]").has("encounter")).isTrue();
  }

  @Test
  void anElementAndTheResourceItNamesAreOneSegment() throws IOException, V2FormatException {
    diagnoses();
    MappingRun run = map("ADT^A01", Map.of(), VISIT[0], VISIT[1], VISIT[3]);
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    run.resources().forEach(each -> resources.put(each.reference(), each.json()));
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    writer.segment("MSH");
    mapper().writeAll(writer, "ADT^A01", resources, Maps.CONTEXT);
    assertThat(V2Message.read(writer.bytes()).all("DG1"))
        .extracting(segment -> segment.text(4) + " " + segment.text(15))
        .containsExactly("Cough 2", "Fever 1");
  }
}
