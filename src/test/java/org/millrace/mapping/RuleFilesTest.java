package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.QueryHabits;
import org.millrace.hl7.SenderProfile;

class RuleFilesTest {
  private MappingFolder folder;

  @BeforeEach
  void copyTheMappings(@TempDir Path path) throws IOException {
    folder = new MappingFolder(path);
    folder.copyOurs();
  }

  private List<String> faults() {
    RuleFaultsException faults =
        catchThrowableOfType(RuleFaultsException.class, () -> Mappings.load(folder.path()));
    return faults.faults().stream().map(RuleFault::toString).toList();
  }

  private void pd1(String... rules) throws IOException {
    folder.segment("PD1.yaml", "PD1", "Patient", rules);
  }

  @Test
  void theRepositorysOwnFilesHaveNeitherFaultsNorWarnings() {
    assertThat(Maps.MAPPER.mappings().warnings()).isEmpty();
    assertThat(Maps.MAPPER.mappings().messageTypes()).contains("ORU^R01", "ADR^A19");
  }

  @Test
  void whatIsNamedAndUsedAgainMustBeWrittenOut() throws IOException {
    folder.write(
        "segments/PD1.yaml",
        "segment: PD1",
        "resource: Patient",
        "source: a test",
        "a: &a [x, x]",
        "b: &b [*a, *a]",
        "rules: []");

    assertThat(faults())
        .contains("segments/PD1.yaml:4: This is named and used again (& and *); write it out.");
  }

  /** As somebody types them: a file is often tried before it is done. */
  @Test
  void halfWrittenFilesAreFaultsAndNothingWorse() {
    RuleFiles files = RuleFiles.read(folder.path());
    List<String> names = List.copyOf(files.texts().keySet());
    Random random = new Random(20261126);
    for (int i = 0; i < 200; i++) {
      String name = names.get(random.nextInt(names.size()));
      String cut = mangled(files.texts().get(name), random);
      Throwable thrown = catchThrowable(() -> files.with(Map.of(name, cut)).compiled());
      if (thrown != null) {
        assertThat(thrown).as("%s as%n%s", name, cut).isInstanceOf(RuleFaultsException.class);
      }
    }
  }

  private static String mangled(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    int end = random.nextInt(line.length() + 1);
    switch (random.nextInt(5)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.set(at, line.substring(0, end));
      case 2 -> lines.subList(at, lines.size()).clear();
      case 3 -> lines.set(at, line.substring(0, end) + ": " + line.substring(end));
      default -> lines.set(at, line.replaceFirst("[A-Za-z0-9]+", "x"));
    }
    return String.join("\n", lines);
  }

  @Test
  void otherTextsCanBeCompiledWithoutBeingWritten() throws Exception {
    RuleFiles files = RuleFiles.read(folder.path());
    RuleFiles changed = files.with(Map.of("segments/PD1.yaml", "segment: PD1\n"));

    assertThat(files.compiled().messageTypes()).contains("ORU^R01");
    assertThat(catchThrowableOfType(RuleFaultsException.class, changed::compiled).faults())
        .extracting(RuleFault::file)
        .contains("segments/PD1.yaml");
    assertThat(Files.readString(folder.path().resolve("segments/PD1.yaml")))
        .isEqualTo(files.texts().get("segments/PD1.yaml"));
  }

  @Test
  void whatBecomesOfAnUnknownCodeIsOnlySaidWhereItIsDone() throws IOException {
    pd1(
        "  - { v2: PD1-2, fhir: gender, unknown: hold }",
        "  - { v2: PD1-2, fhir: gender, function: date, table: HL70001, unknown: hold }",
        "  - { v2: PD1-2, fhir: gender, function: document-type, table: HL70001, unknown: drop }");

    assertThat(faults())
        .containsExactly(
            "segments/PD1.yaml:5: 'unknown' is for a rule that names a table.",
            "segments/PD1.yaml:6: The function date takes no 'unknown'.",
            "segments/PD1.yaml:7: An unknown kind of document may pass or hold.");
  }

  @Test
  void everyFaultIsToldAtOnceWithFileAndLine() throws IOException {
    pd1(
        "  - { v2: PD1-99, fhir: gender }",
        "  - { v2: PD1-4.40, fhir: gender }",
        "  - { v2: PD1-2, fhir: gnder }",
        "  - { v2: PD1-3, fhir: name, as: XPN-HumanName }",
        "  - { v2: PD1-4, fhir: name, as: XCN-Reference }",
        "  - { v2: PD1-2, fhir: gender, table: NOPE }",
        "  - { v2: PD1-2, fhir: gender, as: NOPE }",
        "  - { v2: PD1-2, fhir: gender, function: nope }",
        "  - { v2: PD1-2, fhir: gender, colour: red }",
        "  - { v2: PD1-2, fhir: gender, when: \"PD1-2 is\" }",
        "  - { v2: PD1-2, fhir: gender, when: \"PD1-2 = 'x' and active = true\" }",
        "  - { v2: PD1-2 }",
        "  - { v2: PD1-3, fhir: contact }",
        "  - { v2: five, fhir: gender }",
        "  - { v2: PD1-2, fhir: gender, direction: sideways }");
    assertThat(faults())
        .containsExactly(
            "segments/PD1.yaml:5: PD1 ends at field 21.",
            "segments/PD1.yaml:6: XCN ends at component 23.",
            "segments/PD1.yaml:7: Patient has no element 'gnder' in FHIR R4.",
            "segments/PD1.yaml:8: PD1-3 is XON, but XPN-HumanName reads XPN.",
            "segments/PD1.yaml:9: name is HumanName, but XCN-Reference makes Reference.",
            "segments/PD1.yaml:10: There is no table 'NOPE' under tables/.",
            "segments/PD1.yaml:11: There is no file datatypes/NOPE.yaml.",
            "segments/PD1.yaml:12: There is no function 'nope', or it needs a table; known are "
                + Functions.names()
                + ".",
            "segments/PD1.yaml:13: There is no key 'colour' here; known are as, content, default,"
                + " default-v2, direction, fhir, first, fixed, function, given, instead-of, join,"
                + " loss, made, max, parts, resource, set, table, to, unknown, used-for, v2, when.",
            "segments/PD1.yaml:14: After 'is' write 'empty', 'not empty', 'a time' or 'not a"
                + " time'.",
            "segments/PD1.yaml:15: A condition speaks of v2 or of FHIR, not of both; write two"
                + " conditions in a list.",
            "segments/PD1.yaml:16: Half a rule: name the other side, or say fixed, given, loss or"
                + " used-for.",
            "segments/PD1.yaml:17: contact is a ContactComponent: name a data type file with 'as',"
                + " or a table.",
            "segments/PD1.yaml:18: 'five' is no v2 path; write it as PID-5.1 or XPN.1.",
            "segments/PD1.yaml:19: The direction is v2-to-fhir or fhir-to-v2; both needs no word.");
  }

  @Test
  void aPlaceThatTwoRulesFillIsAFault() throws IOException {
    pd1("  - { v2: PD1-2, fhir: gender }", "  - { v2: PD1-5, fhir: gender }");
    assertThat(faults())
        .containsExactly(
            "segments/PD1.yaml:6: gender is filled by segments/PD1.yaml:5 too; put both under a"
                + " 'when', or drop one.");
  }

  @Test
  void aFileThatIsNoYamlIsTold() throws IOException {
    folder.write("segments/PD1.yaml", "segment: PD1", "rules: [");
    assertThat(faults())
        .anyMatch(fault -> fault.startsWith("segments/PD1.yaml:3: This is not YAML"));
  }

  @Test
  void aTableWithAnAmbiguousWayBackIsTold() throws IOException {
    folder.write(
        "tables/HL70001.csv",
        "# source: a test",
        "v2_code,v2_text,fhir_code,fhir_system,fhir_display,direction,preferred",
        "F,Female,female,,,,",
        "W,Woman,female,,,,",
        "F,Female,female,,,sideways,");
    assertThat(faults())
        .contains(
            "tables/HL70001.csv:5: The direction is both, v2-to-fhir or fhir-to-v2, not"
                + " 'sideways'.",
            "tables/HL70001.csv:5: The v2 code F stands in line 3 too; keep one, or mark this row"
                + " fhir-to-v2.",
            "tables/HL70001.csv:5: Several v2 codes become female; write 'yes' under preferred in"
                + " one of the rows.");
  }

  @Test
  void aTableThatASpreadsheetSavedReadsAsBefore() throws IOException {
    Path table = folder.path().resolve("tables/HL70002.csv");
    String[] lines = Files.readString(table).split("\n");
    StringBuilder saved = new StringBuilder("\ufeff");
    for (String line : lines) {
      boolean comment = line.startsWith("#");
      saved.append(comment ? "\"" + line + "\",,,,,," : line).append("\r\n");
    }
    Files.writeString(table, saved.append(",,,,,,\r\n").toString());
    CodeTable read = Maps.load(folder.path()).table("HL70002");
    assertThat(read.head()).isEqualTo(Maps.MAPPER.mappings().table("HL70002").head());
    assertThat(read.entries()).hasSameSizeAs(Maps.MAPPER.mappings().table("HL70002").entries());
    folder.write(
        "tables/HL70001.csv",
        "# source: a test",
        "# v2-system: urn:x,,,,,,",
        "v2_code,v2_text," + "fhir_code,fhir_system,fhir_display,direction,preferred");
    assertThat(Maps.load(folder.path()).table("HL70001").head().v2System()).isEqualTo("urn:x");
  }

  @Test
  void aTableInAnotherCharsetOrWithSemicolonsIsTold() throws IOException {
    Files.write(
        folder.path().resolve("tables/HL70001.csv"),
        "# source: a test\nv2_code\nF,f\u00e9minin\n".getBytes(StandardCharsets.ISO_8859_1));
    folder.write(
        "tables/HL70002.csv", "# source: a test", "v2_code;v2_text;fhir_code", "M;Married;M");
    assertThat(faults())
        .contains(
            "tables/HL70001.csv:1: This file is not UTF-8; save it as UTF-8.",
            "tables/HL70002.csv:2: Put commas between the cells of this table, not semicolons.");
  }

  @Test
  void aVerdictThatCernerWouldRefuseOrNobodyCouldReadIsTold() throws IOException {
    folder.write(
        "tables/HL70123-verdict.csv",
        "# source: a test",
        "v2_code,v2_text,decision,word,doc_status,severity,reason,remedy",
        "F,Final,FILE,final,Final,2,,",
        "P,Preliminary,FILTER,preliminary,final,2,Not yet.,",
        "X,Cancelled,FILTER,cancelled,,2,,",
        "Z,None,HOLD,status-unknown,,9,Why.,",
        "C,Corrected,FILE,amended,amended,3,,",
        "C,Corrected,FILE,final,final,3,,");
    folder.write(
        "tables/HL70001.csv",
        "# source: a test",
        "v2_code,v2_text,fhir_code,fhir_system,fhir_display,direction,preferred",
        "F,Female,female,,,,Yes");
    assertThat(faults())
        .contains(
            "tables/HL70123-verdict.csv:3: The doc_status of FILE and CORRECT is final or amended; of"
                + " all others it is empty.",
            "tables/HL70123-verdict.csv:4: The doc_status of FILE and CORRECT is final or amended; of"
                + " all others it is empty.",
            "tables/HL70123-verdict.csv:5: FILTER needs a sentence under reason.",
            "tables/HL70123-verdict.csv:6: HOLD needs a sentence under remedy: what a person does"
                + " about it.",
            "tables/HL70123-verdict.csv:8: The v2 code C stands in line 7 too.",
            "tables/HL70001.csv:3: Under preferred stands yes or nothing, not 'Yes'.");
  }

  @Test
  void whatNoRuleNamesIsAWarning() throws IOException, RuleFaultsException {
    folder.write(
        "tables/spare.csv",
        "# source: a test",
        "v2_code,v2_text,fhir_code,fhir_system,fhir_display");
    assertThat(Mappings.load(folder.path()).warnings())
        .extracting(RuleFault::toString)
        .containsExactly(
            "tables/spare.csv:1: No rule names this table, and no kept-for says what it is here"
                + " for.");
  }

  @Test
  void aSendersFolderHoldsOnlyWhatDiffers() throws IOException {
    folder.write(
        "senders/LAB@HOSP/segments/PID.yaml",
        "extends: segments/PID.yaml",
        "source: a test",
        "rules:",
        "  - { v2: PID-12, fhir: \"address[0].state\", direction: v2-to-fhir }");
    folder.write(
        "senders/LAB@HOSP/tables/sex.csv",
        "# source: a test",
        "# extends: HL70001",
        "v2_code,v2_text,fhir_code,fhir_system,fhir_display,direction,preferred",
        "W,Woman,female,http://hl7.org/fhir/administrative-gender,Female,v2-to-fhir,");
    Mapper mapper = new Mapper(Maps.load(folder.path()));
    var message = Maps.message("ADR^A19", "PID|1||A1^^^MRN||X^Y|||W||||Jackson");
    var own = Maps.resource(mapper.map(message, Maps.CONTEXT), "Patient");
    assertThat(own.path("gender").asText()).isEqualTo("female");
    assertThat(own.at("/address/0/state").asText()).isEqualTo("Jackson");
    var others =
        Maps.resource(mapper.map(message, new MappingContext(Maps.ZONE, "", Map.of())), "Patient");
    assertThat(others.has("gender")).isFalse();
    assertThat(others.at("/address/0").has("state")).isFalse();
  }

  @Test
  void aSendersOwnFileSaysHowItsMessagesDifferOnTheWire() throws IOException {
    folder.write(
        "senders/OLD@LAB/sender.yaml",
        "source: the vendor",
        "charset: CP1250",
        "query: { answer-within: 800ms, too-many: refuse }");
    Mappings mappings = Maps.load(folder.path());
    assertThat(mappings.sender("OLD@LAB").asking())
        .isEqualTo(
            new QueryHabits(
                Optional.of(Duration.ofMillis(800)), Optional.of(true), Optional.empty()));
    assertThat(mappings.sender("OLD@LAB").charset()).contains(Charset.forName("windows-1250"));
    assertThat(mappings.sender("NEW@LAB")).isEqualTo(SenderProfile.NONE);
  }

  @Test
  void faultsOfASendersFileAreToldWithTheirLine() throws IOException {
    folder.write(
        "senders/OLD@LAB/sender.yaml",
        "charset: klingon",
        "colour: red",
        "tolerate: [no-processing-id, line-ends]",
        "refuse: [line-ends, typos]",
        "query: { answer-within: 2m, too-many: some, deferred: never }");
    assertThat(faults())
        .containsExactlyInAnyOrder(
            "senders/OLD@LAB/sender.yaml:1: Add the key 'source'.",
            "senders/OLD@LAB/sender.yaml:1: This names no charset that can be read; write it as in"
                + " MSH-18 (8859/1, UNICODE UTF-8), or as CP1252 or windows-1252.",
            "senders/OLD@LAB/sender.yaml:2: There is no key 'colour' here; known are acknowledge,"
                + " charset, query, refuse, source, tolerate.",
            "senders/OLD@LAB/sender.yaml:4: There is no 'typos' to tolerate or refuse; known are"
                + " line-ends, before-header, escape-doubled, charset-guessed, broken-lines,"
                + " unknown-version, no-processing-id.",
            "senders/OLD@LAB/sender.yaml:4: 'line-ends' stands under tolerate, too.",
            "senders/OLD@LAB/sender.yaml:5: This is no time from 100ms to 60s; write 4s or 800ms.",
            "senders/OLD@LAB/sender.yaml:5: This must be one of pages, refuse.",
            "senders/OLD@LAB/sender.yaml:5: This must be one of at-once, refuse.");
  }

  @Test
  void aReferenceIsMadeIntoAResourceOfItsOwnTypeOnly() throws IOException {
    reference("CNN", "makes: XCN-Practitioner");
    assertThat(faults())
        .containsExactly(
            "datatypes/CNN-Reference.yaml:3: XCN-Practitioner reads XCN, but this file CNN.");
    reference("CNN", "makes: CNN-HumanName");
    assertThat(faults())
        .containsExactly(
            "datatypes/CNN-Reference.yaml:3: CNN-HumanName makes HumanName, which is no resource.");
    reference("CNN", "makes: CNN-Nobody");
    assertThat(faults())
        .containsExactly(
            "datatypes/CNN-Reference.yaml:3: There is no file datatypes/CNN-Nobody.yaml.");
  }

  @Test
  void aResourceThatReferencesMakeSaysWhenTwoAreOne() throws IOException {
    person("when: \"CNN.9 = 'X'\"");
    assertThat(faults())
        .containsExactly(
            "datatypes/CNN-Reference.yaml:3: Say in CNN-Practitioner under 'same-by' when two values are of one Practitioner.");
    person("same-by: [ [ nmae ] ]");
    assertThat(faults())
        .containsExactly(
            "datatypes/CNN-Practitioner.yaml:4: Practitioner has no element 'nmae' in FHIR R4.");
  }

  @Test
  void onlyAReferenceMakesAResource() throws IOException {
    folder.write(
        "datatypes/CNN-HumanName.yaml",
        "datatype: CNN",
        "fhir: HumanName",
        "makes: CNN-Practitioner",
        "same-by: [ [ family ] ]",
        "source: a test",
        "rules: [ { v2: CNN.2, fhir: family } ]");
    assertThat(faults())
        .containsExactly(
            "datatypes/CNN-HumanName.yaml:4: Only of a resource there is one for several values.",
            "datatypes/CNN-HumanName.yaml:3: Only a Reference names a resource; this file makes HumanName.");
  }

  private void reference(String type, String key) throws IOException {
    folder.write(
        "datatypes/" + type + "-Reference.yaml",
        "datatype: " + type,
        "fhir: Reference",
        key,
        "source: a test",
        "rules: [ { v2: " + type + ".2, fhir: display } ]");
  }

  private void person(String key) throws IOException {
    reference("CNN", "makes: CNN-Practitioner");
    folder.write(
        "datatypes/CNN-Practitioner.yaml",
        "datatype: CNN",
        "fhir: Practitioner",
        "source: a test",
        key,
        "rules:",
        "  - { v2: CNN, fhir: identifier, as: CNN-Identifier }",
        "  - { v2: CNN, fhir: name, as: CNN-HumanName }");
  }
}
