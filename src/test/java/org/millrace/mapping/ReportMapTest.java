package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.millrace.mapping.Verdict.Decision;

class ReportMapTest {
  private static final String PID = "PID|1||A123^^^MRN||ZZTEST^Ada||19800131|F";
  private static final Map<String, String> GIVEN =
      Map.of("subject", "Patient/12", "encounter", "Encounter/7", "document-type", "11506-3");

  private static MappingRun map(Map<String, String> more, String... segments) {
    Map<String, String> given = new HashMap<>(GIVEN);
    given.putAll(more);
    return Maps.MAPPER.map(Maps.message("ORU^R01", segments), Maps.context(given));
  }

  private static MappedResource one(String... segments) {
    List<MappedResource> resources = map(Map.of(), segments).resources();
    assertThat(resources).hasSize(1);
    return resources.get(0);
  }

  private static String text(JsonNode json) {
    byte[] data = Base64.getDecoder().decode(json.at("/content/0/attachment/data").asText());
    return new String(data, StandardCharsets.UTF_8);
  }

  private static String obr(String status) {
    return "OBR|1|P1|F1|18842-5^Discharge summary^LN|||20260101|20260102030405-0500||||||||||||||20260103|||"
        + status;
  }

  @Test
  void aFinalReportIsOneDocument() {
    MappedResource made =
        one(PID, "PV1|1|I", obr("F"), "OBX|1|TX|||Line one||||||F", "OBX|2|TX|||Line two||||||F");
    assertThat(made.verdict()).isEqualTo(new Verdict(Decision.FILE, "final", "OBR[1]-25", "", ""));
    assertThat(made.action()).isEqualTo("create-document");
    assertThat(made.keys()).isEqualTo(Map.of("filler", "F1", "placer", "P1"));
    JsonNode json = made.json();
    assertThat(json.path("status").asText()).isEqualTo("current");
    assertThat(json.path("docStatus").asText()).isEqualTo("final");
    assertThat(json.path("type").toString())
        .isEqualTo(
            "{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"18842-5\",\"display\":\"Discharge summary\"}],\"text\":\"Discharge summary\"}");
    assertThat(json.at("/subject/reference").asText()).isEqualTo("Patient/12");
    assertThat(json.at("/context/encounter/0/reference").asText()).isEqualTo("Encounter/7");
    assertThat(json.at("/context/period/end").asText()).isEqualTo("2026-01-02T03:04:05-05:00");
    assertThat(json.at("/content/0/attachment/contentType").asText())
        .isEqualTo("text/plain;charset=utf-8");
    assertThat(json.at("/content/0/attachment/title").asText()).isEqualTo("Discharge summary F1");
    assertThat(json.at("/content/0/attachment/creation").asText())
        .isEqualTo("2026-01-03T00:00:00-06:00");
    assertThat(text(json)).contains("Line one").contains("Line two");
    assertThat(json.has("author")).isFalse();
  }

  @Test
  void theVerdictFollowsTheStatusTables() {
    String obx = "OBX|1|TX|||Text||||||";
    assertThat(one(PID, obr("C"), obx + "F").json().path("docStatus").asText())
        .isEqualTo("amended");
    assertThat(one(PID, obr("C"), obx + "F").verdict())
        .extracting(Verdict::decision, Verdict::code, Verdict::path)
        .containsExactly(Decision.CORRECT, "amended", "OBR[1]-25");
    assertThat(one(PID, obr("F"), obx + "F", obx + "C").verdict())
        .as("some senders say it of the part only")
        .extracting(Verdict::decision, Verdict::code, Verdict::path)
        .containsExactly(Decision.CORRECT, "amended", "OBX[2]-11");
    assertThat(one(PID, obr("P"), obx + "C").verdict().code()).isEqualTo("preliminary");
    assertThat(one(PID, obr("P"), obx + "F").verdict())
        .extracting(Verdict::decision, Verdict::code)
        .containsExactly(Decision.FILTER, "preliminary");
    assertThat(one(PID, obr("X"), obx + "F").verdict().code()).isEqualTo("cancelled");
    assertThat(one(PID, obr("F"), obx + "W").verdict())
        .extracting(Verdict::decision, Verdict::code, Verdict::path)
        .containsExactly(Decision.WITHDRAW, "wrong", "OBX[1]-11");
    assertThat(one(PID, obr(""), obx + "F", obx + "P").verdict().code()).isEqualTo("preliminary");
    assertThat(one(PID, obr(""), obx + "F", obx + "X").verdict().decision())
        .isEqualTo(Decision.FILE);
    assertThat(one(PID, obr(""), obx).verdict())
        .extracting(Verdict::decision, Verdict::code)
        .containsExactly(Decision.HOLD, "status-missing");
    assertThat(one(PID, obr("Q"), obx).verdict().code()).isEqualTo("status-unknown");
    assertThat(one(PID, obr("F")).verdict().code()).isEqualTo("no-content");
  }

  @Test
  void aStatusWithoutAValueIsAStatusToo() {
    String bare = "OBX|1|TX|A^Note||||||||";
    assertThat(one(PID, obr(""), bare + "X").verdict())
        .extracting(Verdict::decision, Verdict::code, Verdict::path)
        .containsExactly(Decision.FILTER, "cancelled", "OBX[1]-11");
    assertThat(one(PID, obr(""), bare + "I").verdict())
        .extracting(Verdict::decision, Verdict::code)
        .containsExactly(Decision.FILTER, "registered");
    assertThat(one(PID, obr("P"), bare + "D").verdict())
        .extracting(Verdict::decision, Verdict::code)
        .containsExactly(Decision.WITHDRAW, "deleted");
    assertThat(one(PID, obr("F"), "OBX|1|TX|||Text||||||F", bare + "W").verdict())
        .as("a report cannot be withdrawn in part")
        .extracting(Verdict::decision, Verdict::code)
        .containsExactly(Decision.HOLD, "wrong");
    assertThat(one(PID, obr(""), "OBX|1|TX|||Text||||||F", bare + "X").verdict().decision())
        .isEqualTo(Decision.FILE);
  }

  @Test
  void aWithdrawalNamesEachDocumentThatTheReportBecame() {
    MappingRun run =
        map(
            Map.of(),
            PID,
            obr("F"),
            "OBX|1|TX|A^Note||Text||||||D",
            "OBX|2|ED|B^Scan||||||||D",
            "OBX|3|TX|A^Note||||||||W");
    assertThat(run.resources())
        .extracting(MappedResource::anchor)
        .containsExactly("OBR[1]/OBX[2]", "OBR[1]");
    assertThat(run.resources())
        .allSatisfy(
            each -> {
              assertThat(each.verdict().decision()).isEqualTo(Decision.WITHDRAW);
              assertThat(each.verdict().remedy()).isNotEmpty();
              assertThat(each.keys()).containsEntry("filler", "F1");
              assertThat(each.json().isEmpty()).isTrue();
            });
  }

  @Test
  void aTimeThatCannotBeReadGivesWayToTheNext() {
    for (String unread : List.of("00000000", "2026", "\"\"", "20261399")) {
      MappingRun run =
          map(
              Map.of(),
              PID,
              "OBR|1||F1|PN^Note|||20260102030405-0500|" + unread + "|||||||||||||||||F",
              "OBX|1|TX|||Text||||||F");
      MappedResource made = run.resources().get(0);
      assertThat(made.verdict().decision()).as(unread).isEqualTo(Decision.FILE);
      assertThat(made.json().at("/context/period/end").asText())
          .isEqualTo("2026-01-02T03:04:05-05:00");
      assertThat(run.coverage()).anyMatch(note -> note.path().startsWith("OBR[1]-8"));
    }
  }

  @Test
  void theReportOfAPlainMessageTellsOnlyWhatIsLost() {
    MappingRun run =
        map(Map.of(), PID, "PV1|1|I", obr("F"), "OBX|1|TX|||Line one||||||F", "OBX|2|TX|||Two");
    assertThat(run.coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
        .extracting(CoverageNote::path)
        .containsExactly("PID-8", "PV1-2");
  }

  @Test
  void aLoincCodeThatIsNoKindOfDocumentGetsTheSitesDefault() {
    JsonNode panel =
        one(
                PID,
                "OBR|1||F1|58410-2^CBC panel^LN|||20260101||||||||||||||||||F",
                "OBX|1|TX|||Text||||||F")
            .json()
            .path("type");
    assertThat(panel.at("/coding/0/code").asText()).isEqualTo("11506-3");
    assertThat(panel.path("text").asText()).isEqualTo("CBC panel");
    JsonNode beside =
        one(
                PID,
                "OBR|1||F1|L77^Austrittsbericht^L^18842-5^Discharge summary^LN|||20260101||||||||||||||||||F",
                "OBX|1|TX|||Text||||||F")
            .json()
            .path("type");
    assertThat(beside.at("/coding/0/code").asText()).isEqualTo("18842-5");
    assertThat(beside.path("coding")).hasSize(1);
  }

  @Test
  void settingsFileWhatWouldBeHeldOrFiltered() {
    MappingRun preliminary =
        map(Map.of("preliminary", "file"), PID, obr("P"), "OBX|1|TX|||Text||||||P");
    MappedResource made = preliminary.resources().get(0);
    assertThat(made.json().path("docStatus").asText()).isEqualTo("final");
    assertThat(made.json().at("/content/0/attachment/title").asText())
        .isEqualTo("PRELIMINARY Discharge summary F1");
    assertThat(text(made.json())).startsWith("PRELIMINARY\n");
    MappingRun missing = map(Map.of("status-missing", "final"), PID, obr(""), "OBX|1|TX|||Text");
    assertThat(missing.resources().get(0).json().path("docStatus").asText()).isEqualTo("final");
  }

  @Test
  void eachReportIsItsOwnAndOrcBelongsToTheNext() {
    MappingRun run =
        map(
            Map.of(),
            PID,
            "ORC|RE|P1|F1",
            obr("F"),
            "OBX|1|TX|||One||||||F",
            "ORC|RE|P2|F2",
            "OBR|2|P2|F2|PN^Note|||20260101|||||||||||||||||F"
                .replace("|||20260101|||||||||||||||||F", "|||20260101||||||||||||||||||F"),
            "OBX|1|TX|||Two||||||F");
    assertThat(run.resources())
        .extracting(MappedResource::anchor)
        .containsExactly("OBR[1]", "OBR[2]");
    assertThat(text(run.resources().get(1).json())).contains("Two").doesNotContain("One");
    assertThat(run.resources().get(1).json().at("/type/coding/0/code").asText())
        .isEqualTo("11506-3");
  }

  @Test
  void aReportUnderASecondPatientIsHeld() {
    MappingRun run =
        map(
            Map.of(),
            PID,
            obr("F"),
            "OBX|1|TX|||One||||||F",
            "PID|2||B9^^^MRN||OTHER^Bob",
            obr("F"),
            "OBX|1|TX|||Two||||||F");
    assertThat(run.resources().get(0).verdict().decision()).isEqualTo(Decision.FILE);
    assertThat(run.resources().get(1).verdict().code()).isEqualTo("several-patients");
  }

  @Test
  void anUnknownReportTypeBecomesTheDefaultAndSaysSo() {
    MappingRun run =
        map(
            Map.of(),
            PID,
            "OBR|1||F1|77^Local thing^L|||20260101||||||||||||||||||F",
            "OBX|1|TX|||Text||||||F");
    JsonNode type = run.resources().get(0).json().path("type");
    assertThat(type.at("/coding/0/code").asText()).isEqualTo("11506-3");
    assertThat(type.path("text").asText()).isEqualTo("Local thing");
    assertThat(run.coverage())
        .anyMatch(
            note -> note.kind() == CoverageNote.Kind.DEFAULTED && note.path().equals("OBR[1]-4"));
  }

  @Test
  void aReportThatNamesNoKindGetsTheSitesDefault() {
    for (String none : new String[] {"", "\"\""}) {
      MappingRun run =
          map(
              Map.of("document-type", "34133-9"),
              PID,
              "OBR|1||F1|" + none + "|||20260101||||||||||||||||||F",
              "OBX|1|TX|||Text||||||F");
      assertThat(run.resources().get(0).verdict().decision()).isEqualTo(Decision.FILE);
      assertThat(run.resources().get(0).json().at("/type/coding/0/code").asText())
          .isEqualTo("34133-9");
    }
  }

  @Test
  void withoutASubjectNothingIsFiled() {
    MappingRun run =
        Maps.MAPPER.map(
            Maps.message("ORU^R01", PID, obr("F"), "OBX|1|TX|||Text||||||F"),
            Maps.context(Map.of()));
    assertThat(run.resources().get(0).verdict().code()).isEqualTo("incomplete");
  }

  @Test
  void aLongTitleKeepsRoomForTheMarker() {
    String name = "N".repeat(300);
    MappingRun run =
        map(
            Map.of(),
            PID,
            "OBR|1||F1|77^" + name + "|||20260101||||||||||||||||||F",
            "OBX|1|TX|||Text||||||F");
    assertThat(run.resources().get(0).json().at("/content/0/attachment/title").asText())
        .hasSize(215)
        .endsWith("N F1");
    assertThat(run.coverage()).anyMatch(note -> note.kind() == CoverageNote.Kind.SHORTENED);
  }
}
