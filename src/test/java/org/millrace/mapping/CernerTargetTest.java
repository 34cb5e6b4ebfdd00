package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Cerner takes, held against whole messages. */
class CernerTargetTest {
  private static final String PV1 =
      "PV1|1|I|4N^401^A^NORTH||||||||||||||||V100^^^FIN&urn:fin&URI^VN|||||||||||||||||01||||||||20261118080000-0600|20261120101500-0600";
  @TempDir Path folder;
  private Mapper mapper = Maps.MAPPER;

  /** The repository's files, and message files that ask for actions still to come. */
  @BeforeEach
  void setUp() throws IOException {
    copy(Path.of("mappings"), folder);
    Files.delete(folder.resolve("messages/ADT_A01.yaml"));
    message("ADT_A03", "PV1", "Encounter", "patch-encounter");
    message("ADT_A02", "PV1", "Encounter", "patch-encounter");
    message("ADT_A28", "PID", "Patient", "create-patient");
    message("ADT_A31", "PID", "Patient", "patch-patient");
    mapper = new Mapper(Maps.load(folder)).forTarget("cerner");
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path copy = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
  }

  private void message(String type, String segment, String resource, String action)
      throws IOException {
    Files.writeString(
        folder.resolve("messages/" + type + ".yaml"),
        String.join(
            "\n",
            "message: " + type.replace('_', '^'),
            "source: a test",
            "groups:",
            "  - group: ONE",
            "    starts-at: " + segment,
            "    action: " + action,
            "    segments: [ { segment: " + segment + ", resource: " + resource + " } ]",
            ""));
  }

  private MappingRun map(String event, String... segments) {
    MappingContext site = Maps.context(Map.of("organization", "Organization/1"));
    return mapper.map(Maps.message("ADT^" + event, segments), site);
  }

  /** The one that an action sends; persons and places that it names are sent by none. */
  private static MappedResource only(MappingRun run) {
    List<MappedResource> sent =
        run.resources().stream().filter(each -> !each.action().isEmpty()).toList();
    assertThat(sent).hasSize(1);
    return sent.get(0);
  }

  private static List<String> notTaken(MappingRun run) {
    return run.coverage().stream()
        .filter(note -> note.kind() == CoverageNote.Kind.NOT_TAKEN)
        .map(note -> note.path() + " " + note.sentence())
        .toList();
  }

  @Test
  void aDischargeDispositionCannotBeStoredOnAnExistingEncounter() {
    MappingRun run = map("A03", PV1);
    Verdict verdict = only(run).verdict();
    assertThat(verdict.decision()).isEqualTo(Verdict.Decision.HOLD);
    assertThat(verdict.code()).isEqualTo("target-refuses");
    assertThat(verdict.path()).isEqualTo("PV1-36");
    assertThat(verdict.reason())
        .isEqualTo(
            "Cerner cannot store PV1-36 on an existing encounter"
                + " (Encounter.hospitalization.dischargeDisposition). Of a discharge, a patch takes"
                + " the time only.");
    assertThat(verdict.remedy()).contains("by hand");
    assertThat(only(run).json()).isEmpty();
    assertThat(notTaken(run)).contains("PV1-36 " + verdict.reason());
  }

  @Test
  void withoutATargetTheSameMessageIsFiled() {
    mapper = mapper.forTarget("none");
    MappingRun run = map("A03", PV1);
    assertThat(only(run).verdict().decision()).isEqualTo(Verdict.Decision.FILE);
    assertThat(only(run).json().has("hospitalization")).isTrue();
    assertThat(notTaken(run)).isEmpty();
  }

  @Test
  void whatAnUpdateOnlyRepeatsIsTakenOutAndNotedByItsField() {
    MappingRun run = map("A03", PV1.replace("|01|", "||"));
    ObjectNode encounter = only(run).json();
    assertThat(only(run).verdict().decision()).isEqualTo(Verdict.Decision.FILE);
    assertThat(encounter)
        .isEqualTo(
            Maps.json(
                "{'resourceType':'Encounter','period':{'start':'2026-11-18T08:00:00-06:00',"
                    + "'end':'2026-11-20T10:15:00-06:00'}}"));
    assertThat(notTaken(run))
        .contains(
            "PV1-2 Cerner ignores PV1-2 on an existing encounter (Encounter.class). Cerner derives"
                + " the class from the type.",
            "PV1-3 Cerner ignores PV1-3 on an existing encounter (Encounter.location[0]). A patch"
                + " changes type, start and end only.",
            "PV1-19 Cerner ignores PV1-19 on an existing encounter (Encounter.identifier[0]). A"
                + " patch changes type, start and end only.");
    assertThat(run.lineage())
        .extracting(Lineage::target)
        .filteredOn(target -> target.startsWith("PV1[1] "))
        .isNotEmpty()
        .allMatch(target -> target.startsWith("PV1[1] Encounter.period."));
  }

  @Test
  void whoAndWhereIsTakenOnlyAsCernerKnowsThem() throws IOException {
    message("ADT_A04", "PV1", "Encounter", "create-encounter");
    mapper = new Mapper(Maps.load(folder)).forTarget("cerner");
    MappingRun run = map("A04", "PV1|1|I|ICU^12|E||||77^Welby^Marcus~^Kildare^James");
    assertThat(notTaken(run))
        .anyMatch(note -> note.startsWith("PV1-8") && note.contains("only as a Practitioner"))
        .anyMatch(note -> note.startsWith("PV1-3") && note.contains("only as a Location"));
    assertThat(only(run).json().toString()).doesNotContain("urn:uuid");
  }

  @Test
  void whatTheEventIsAboutIsRefused() {
    Verdict verdict = only(map("A02", PV1.replace("|01|", "||"))).verdict();
    assertThat(verdict.code()).isEqualTo("target-refuses");
    assertThat(verdict.path()).isEqualTo("PV1-3");
    assertThat(verdict.reason()).endsWith("A transfer is entered in Cerner itself.");
  }

  @Test
  void everyRefusalIsNotedAndTheVerdictNamesTheFirst() {
    MappingRun run = map("A02", PV1);
    Verdict verdict = only(run).verdict();
    assertThat(verdict.path()).isEqualTo("PV1-36");
    assertThat(verdict.reason()).endsWith("One more element is refused; the coverage names each.");
    assertThat(notTaken(run))
        .anyMatch(note -> note.startsWith("PV1-36 Cerner cannot store"))
        .anyMatch(note -> note.startsWith("PV1-3 Cerner cannot store"));
  }

  @Test
  void aPatientsDeathCannotBePatched() {
    String pid = "PID|1||9900101^^^MRN^MR||ZZTESTMILLER^ANNA^^^^^L||19610314|F";
    assertThat(only(map("A31", pid)).verdict().decision()).isEqualTo(Verdict.Decision.FILE);
    Verdict verdict = only(map("A31", pid + "|||||||||||||||||||||20261101|Y")).verdict();
    assertThat(verdict.code()).isEqualTo("target-refuses");
    assertThat(verdict.path()).isEqualTo("PID-29");
  }

  @Test
  void listsCloseUpAndLineageFollows() {
    MappingRun run =
        map(
            "A28",
            "PID|1||9900101^^^MRN^MR||ZZTESTMILLER^ANNA^^^^^L||19610314|F|||"
                + "^^^^^^H~1 Main St^^Town^^^^H|||||EN");
    ObjectNode patient = only(run).json();
    assertThat(only(run).verdict().reason()).isEmpty();
    assertThat(patient.path("address")).hasSize(1);
    assertThat(run.lineage())
        .anySatisfy(
            way -> {
              assertThat(way.target()).isEqualTo("PID[1] Patient.address[0].city");
              assertThat(way.source()).isEqualTo("PID-11[2].3");
            })
        .noneMatch(way -> way.target().contains("address[1]"));
    assertThat(notTaken(run)).anyMatch(note -> note.startsWith("PID-11[1] Cerner ignores"));
    assertThat(patient.path("address").path(0).path("line").path(0).asText())
        .isEqualTo("1 Main St");
  }

  @Test
  void aPatientOfAMessageIsEnrolledWhereTheSiteSays() {
    String pid = "PID|1||9900101^^^MRN^MR||ZZTESTMILLER^ANNA^^^^^L||19610314|F";
    MappingRun run = map("A28", pid);
    assertThat(only(run).json().at("/identifier/0/assigner/reference").asText())
        .isEqualTo("Organization/1");
    assertThat(run.lineage())
        .extracting(Lineage::target)
        .contains("PID[1] Patient.identifier[1].value")
        .doesNotContain("PID[1] Patient.identifier[0].value");

    Verdict verdict = only(mapper.map(Maps.message("ADT^A28", pid), Maps.CONTEXT)).verdict();
    assertThat(verdict.code()).isEqualTo("target-refuses");
    assertThat(verdict.reason()).contains("MILLRACE_ORGANIZATION_ID");
  }

  @Test
  void anAddressWithoutUseIsHeldUnderItsField() {
    Verdict verdict =
        only(map(
                "A28",
                "PID|1||9900101^^^MRN^MR||ZZTESTMILLER^ANNA^^^^^L||19610314|F|||"
                    + "1 Main St^^Town"))
            .verdict();
    assertThat(verdict.path()).isEqualTo("PID-11");
    assertThat(verdict.reason())
        .isEqualTo(
            "Cerner stores no patient without Patient.address[0].use. It files each address by its"
                + " use.");
  }

  @Test
  void aReportIsTakenAsItIs() {
    Map<String, String> given =
        Map.of(
            "subject", "Patient/1",
            "encounter", "Encounter/2",
            "document-type", "11506-3",
            "preliminary", "filter",
            "status-missing", "hold");
    var message =
        Maps.message(
            "ORU^R01",
            "PID|1||9900101^^^MRN^MR||ZZTESTMILLER^ANNA||19610314|F",
            "OBR|1|P1|F1|11506-3^Note^LN|||20261119143000|||||||||||||||20261119151500|||F",
            "OBX|1|TX|11506-3^Note^LN||Seen.||||||F");
    MappingRun taken = mapper.map(message, Maps.context(given));
    assertThat(taken).isEqualTo(mapper.forTarget("none").map(message, Maps.context(given)));
    assertThat(only(taken).verdict().decision()).isEqualTo(Verdict.Decision.FILE);
  }

  @Test
  void manyElementsAreCheckedInLinearTime() {
    StringBuilder addresses = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      addresses.append("1 Main St^^Town~");
    }
    long start = System.nanoTime();
    MappingRun run =
        map("A28", "PID|1||9900101^^^MRN^MR||ZZTESTMILLER^ANNA^^^^^L||19610314|F|||" + addresses);
    assertThat(notTaken(run)).hasSize(20_000);
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @Test
  void theActionsOfTheRepositoryMakeNothingThatCernerIgnores() {
    ObjectNode patient =
        Maps.json(
            "{'assigningOrganizationId':'1','familyName':'ZZTESTNEW','givenName':'IDA',"
                + "'ssn':'900-12-3456','birthDate':'1990-02-03','gender':'female',"
                + "'email':'ida.zztestnew@example.org'}");
    Mapper.ActionRun run =
        mapper.toFhir(
            "create-patient", patient, Maps.context(Map.of("now", "2026-11-20T12:00:00Z")));
    assertThat(run.faults()).isEmpty();
    assertThat(run.notTaken()).isEmpty();
    assertThat(run.resource())
        .isEqualTo(
            mapper
                .forTarget("none")
                .toFhir("create-patient", patient, Maps.context(Map.of()))
                .resource());
  }

  @Test
  void aFieldOfAnActionThatCernerRefusesIsAFaultOfThatField() throws IOException {
    Path action = folder.resolve("actions/create-patient.yaml");
    Files.writeString(
        action,
        Files.readString(action)
            .replace(
                "rules:\n  - { fhir: active, fixed: true }",
                "  - name: nickname\n    description: a name\n    rules:\n"
                    + "      - { fhir: \"name[1].given[0]\", content: data }\n"
                    + "  - name: remark\n    description: a remark\n    rules:\n"
                    + "      - { fhir: \"photo[0].title\", content: data }\n"
                    + "rules:\n  - { fhir: active, fixed: true }"));
    mapper = new Mapper(Maps.load(folder)).forTarget("cerner");
    String needed = "'assigningOrganizationId':'1','familyName':'A','givenName':'B'";
    Mapper.ActionRun refused =
        mapper.toFhir("create-patient", Maps.json("{" + needed + ",'nickname':'C'}"), Maps.CONTEXT);
    assertThat(refused.faults())
        .containsExactly(
            new Mapper.FieldFault(
                "nickname",
                "Patient.name[1].use is required by Cerner. It files each name by its use."));
    assertThat(refused.resource()).isEmpty();
    Mapper.ActionRun ignored =
        mapper.toFhir("create-patient", Maps.json("{" + needed + ",'remark':'C'}"), Maps.CONTEXT);
    assertThat(ignored.faults()).isEmpty();
    assertThat(ignored.notTaken())
        .extracting(TargetFinding::place)
        .containsExactly("Patient.photo");
    assertThat(ignored.resource().has("photo")).isFalse();
  }
}
