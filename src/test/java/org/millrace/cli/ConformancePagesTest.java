package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.mapping.Conformance;

/** The pages under docs/conformance, and what they say of a rule. */
final class ConformancePagesTest {
  private static final Path COMMITTED = Path.of("docs/conformance");

  @TempDir Path folder;
  private Path mappings = Path.of("");
  private Path pages = Path.of("");

  @BeforeEach
  void copies() throws IOException {
    mappings = folder.resolve("mappings");
    pages = folder.resolve("docs/conformance");
    Copies.copy(Path.of("mappings"), mappings);
  }

  private String docs() {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    int exitCode =
        Millrace.commandLine()
            .setOut(printer)
            .setErr(printer)
            .execute(
                "docs",
                "--to",
                folder.resolve("docs").toString(),
                "--mappings",
                mappings.toString());
    assertThat(exitCode).as(out.toString()).isZero();
    return out.toString();
  }

  private String page(String name) throws IOException {
    return Files.readString(pages.resolve(name), StandardCharsets.UTF_8);
  }

  private void write(String file, String... lines) throws IOException {
    Files.write(mappings.resolve(file), List.of(lines), StandardCharsets.UTF_8);
  }

  private static Map<String, String> all(Path root) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString().replace('\\', '/');
        texts.put(name, Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\n"));
      }
    }
    return texts;
  }

  @Test
  void theCommittedPagesAreThoseOfTheFiles() throws Exception {
    docs();
    String remedy =
        "The mapping files have changed: run ./millrace docs and commit docs/conformance";
    Map<String, String> now = all(pages);
    Map<String, String> committed = all(COMMITTED);
    assertThat(committed.keySet()).as(remedy).isEqualTo(now.keySet());
    now.forEach(
        (name, text) ->
            assertThat(committed.get(name)).as(remedy + " (" + name + ")").isEqualTo(text));
  }

  @Test
  void everyDeviationIsOfARowOfTheGuideAndSaysWhy() throws Exception {
    GuideFiles guide = GuideFiles.read(mappings);
    assertThat(guide.rows()).hasSizeGreaterThan(800);
    assertThat(guide.deviations())
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.reason()).endsWith("."));
    assertThat(new ConformancePages(Conformance.of(mappings), guide).unknown()).isEmpty();
  }

  @Test
  void noRowOfTheGuideIsMappedOtherwiseWithoutAReason() throws Exception {
    docs();
    for (Map.Entry<String, String> page : all(pages).entrySet()) {
      assertThat(page.getValue().lines())
          .as(page.getKey() + ": say why in mappings/guide/deviations.csv, or mend the rule")
          .noneMatch(line -> line.contains("| otherwise: "));
    }
  }

  @Test
  void aFieldIsShownWithItsNameTypeRuleAndWhatBecomesOfIt() throws Exception {
    write(
        "segments/PD1.yaml",
        "segment: PD1",
        "resource: Patient",
        "source: a test",
        "rules:",
        "  - { v2: PD1-3, fhir: generalPractitioner, as: XON-Reference }",
        "  - { v2: PD1-4, fhir: generalPractitioner, as: XCN-Reference, direction: v2-to-fhir, loss: It comes back in PD1-3. }",
        "  - { v2: PD1-6, loss: Nobody keeps it. }",
        "  - { v2: PD1-7, used-for: a test, when: \"PD1-6 = 'a|b'\" }",
        "  - { v2: PD1-9, fhir: active, table: HL70136, direction: fhir-to-v2 }");
    docs();
    assertThat(page("segments/PD1.md").lines())
        .contains(
            "| PD1-1 | Living Dependency | IS | yes | not read | | | | |",
            "| PD1-3 | Patient Primary Facility | XON | yes | both ways | `Patient.generalPractitioner`"
                + " | XON-Reference | | `segments/PD1.yaml:5` |",
            "| PD1-4 | Patient Primary Care Provider Name & ID No. | XCN | yes | kept, not as it was: It"
                + " comes back in PD1-3. | `Patient.generalPractitioner` | XCN-Reference | |"
                + " `segments/PD1.yaml:6` |",
            "| PD1-6 | Handicap | IS | | lost: Nobody keeps it. | | | | `segments/PD1.yaml:7` |",
            "| PD1-7 | Living Will Code | IS | | used: a test | | | `PD1-6 = 'a\\|b'` |"
                + " `segments/PD1.yaml:8` |",
            "| PD1-9 | Separate Bill | ID | | to v2 | `Patient.active` | HL70136 | |"
                + " `segments/PD1.yaml:9` |");
    assertThat(page("README.md").lines())
        .contains("| [PD1](segments/PD1.md) | 21 | 1 | 1 | 1 | 1 | 1 | 16 |");
  }

  @Test
  void eachRowOfTheGuideIsAnswered() throws Exception {
    write(
        "segments/PD1.yaml",
        "segment: PD1",
        "resource: Patient",
        "source: a test",
        "rules:",
        "  - { v2: PD1-3, fhir: \"generalPractitioner[type = 'Organization']\", as: XON-Reference }",
        "  - { v2: PD1-4, fhir: managingOrganization.display, direction: v2-to-fhir }",
        "  - { fhir: active, fixed: true, direction: v2-to-fhir }");
    write(
        "guide/v2-to-fhir.csv",
        "map,v2,when,fhir,datatype,table,fixed",
        "PD1[Patient],PD1-3,,generalPractitioner[1](Organization),,,",
        "PD1[Patient],PD1-3,,generalPractitioner[1].type,,,Organization",
        "PD1[Patient],PD1-3,,generalPractitioner[1].type,,,Practitioner",
        "PD1[Patient],PD1-4,,generalPractitioner[2](Practitioner),,,",
        "PD1[Patient],PD1-4,\"IF A, B\",?,,,",
        "PD1[Patient],PD1-14,,extension('u').valueString,,,",
        "PD1[Patient],PD1-99,,gender,,,",
        "PD1[Patient],PD1,,active,,,true");
    write("guide/deviations.csv", "map,v2,fhir,reason", "PD1[Patient],PD1-14,,\"No, never.\"");
    docs();
    String page = page("segments/PD1.md");
    assertThat(page.substring(page.indexOf("## PD1[Patient]")).lines())
        .contains(
            "| PD1-3 | | `generalPractitioner[1](Organization)` | as the guide |",
            "| PD1-3 | | `generalPractitioner[1].type` = `Organization` | as the guide |",
            "| PD1-3 | | `generalPractitioner[1].type` = `Practitioner` | otherwise:"
                + " `generalPractitioner[type = 'Organization']` |",
            "| PD1-4 | | `generalPractitioner[2](Practitioner)` | otherwise:"
                + " `managingOrganization.display` |",
            "| PD1-4 | IF A, B | | left open by the guide: `managingOrganization.display` |",
            "| PD1-14 | | `extension('u').valueString` | otherwise, on purpose: No, never. |",
            "| PD1-99 | | `gender` | not in 2.5.1 |",
            "| PD1 | | `active` = `true` | as the guide |");
    assertThat(page("README.md").lines())
        .contains("| [PD1 to Patient](segments/PD1.md) | 8 | 3 | 1 | 2 | | 1 | 1 |");
  }

  @Test
  void whatATargetDoesNotTakeIsShownWithTheFieldsItIsMadeOf() throws Exception {
    Files.createDirectories(mappings.resolve("targets"));
    try (Stream<Path> others = Files.list(mappings.resolve("targets"))) {
      for (Path other : others.toList()) {
        Files.delete(other);
      }
    }
    write(
        "targets/here.yaml",
        "target: here",
        "title: Here",
        "source: a test",
        "own-codes: \"https://here.example/\"",
        "resources:",
        "  - resource: Patient",
        "    interaction: create",
        "    source: a test",
        "    takes: [ identifier, name.family, gender, birthDate, address, telecom, meta ]",
        "    others: ignore",
        "    rules:",
        "      - { fhir: gender, in: [ male, female ], refused: It knows two. }",
        "      - { fhir: \"address[use = 'old']\", ignored: It is of the past. }",
        "  - resource: Encounter",
        "    interaction: update",
        "    source: a test",
        "    refused: It changes none.");
    docs();
    assertThat(page("targets/here.md").lines())
        .contains(
            "## Patient, create",
            "| `gender` | PID-8 | refused | in `male, female` | It knows two. |",
            "| `address` | PID-11 | ignored | at `address[use = 'old']` | It is of the past. |",
            "| `maritalStatus` | PID-16 | ignored | | It is not listed. |",
            "| `active` | fixed or given | ignored | | It is not listed. |",
            "Refused as a whole: It changes none.")
        .noneMatch(line -> line.startsWith("| `name` |"));
    assertThat(page("README.md")).contains("[What Here takes](targets/here.md)");
  }

  @Test
  void aPageWhoseFileIsGoneGoesAndOneThatAPersonWroteStays() throws Exception {
    docs();
    assertThat(page("messages/ADR_A19.md")).contains("QUERY_RESPONSE");
    Files.writeString(pages.resolve("segments/notes.md"), "# Ours\n", StandardCharsets.UTF_8);
    Files.delete(mappings.resolve("messages/ADR_A19.yaml"));
    assertThat(docs()).contains("1 old ones removed");
    assertThat(pages.resolve("messages/ADR_A19.md")).doesNotExist();
    assertThat(page("segments/notes.md")).isEqualTo("# Ours\n");
  }

  @Test
  void pathsOfTheGuideAndOursMeetInOneForm() {
    assertThat(FhirPaths.ofGuide("location[1].location(Location)")).isEqualTo("location.location");
    assertThat(FhirPaths.ofGuide("location[1].location(Location.operationalStatus)"))
        .isEqualTo("location.location.resolve().operationalStatus");
    assertThat(
            FhirPaths.ofGuide(
                "performer[2](PractitionerRole[1].organization(Organization.address))"))
        .isEqualTo("performer.resolve().organization.resolve().address");
    assertThat(FhirPaths.ofGuide("birthDate.extension('http://a.b/c').valueDateTime"))
        .isEqualTo("birthDate.extension<http://a.b/c>.valueDateTime");
    assertThat(FhirPaths.meet("type.coding.code", "type")).isTrue();
    assertThat(FhirPaths.meet("typed", "type")).isFalse();
  }
}
