package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.mapping.ResourceCalls.Interaction;

class CallFilesTest {
  @TempDir Path folder;

  private void write(String file, String... lines) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, String.join("\n", lines) + "\n");
  }

  private void calls(String name, String... lines) throws IOException {
    write(
        "calls/" + name + ".yaml",
        "calls: "
            + name
            + "\ntitle: Test\nsource: a test\nresources:\n"
            + String.join("\n", lines));
  }

  private List<String> faults() {
    RuleFaultsException thrown =
        catchThrowableOfType(RuleFaultsException.class, () -> Mappings.load(folder));
    return thrown.faults().stream().map(RuleFault::toString).toList();
  }

  @Test
  void aServerIsAskedByItsOwnFileAndOneOfWhichNothingIsSaidForNothing() throws Exception {
    calls("cerner", "  - { resource: Patient, source: a test, interactions: [ read ] }");
    calls("other", "  - { resource: Encounter, source: a test, interactions: [ read, create ] }");
    write(
        "targets/other.yaml",
        "target: other\ntitle: Other\nsource: a test\nresources:",
        "  - { resource: Location, interaction: create, source: a test, refused: \"Never.\" }");
    write(
        "targets/third.yaml",
        "target: third\ntitle: Third\nsource: a test\nresources:",
        "  - { resource: Location, interaction: create, source: a test, refused: \"Never.\" }");
    Mapper mapper = new Mapper(Mappings.load(folder));
    assertThat(mapper.forTarget("none").calls().types()).containsExactly("Patient");
    assertThat(mapper.forTarget("other").calls().offers("Encounter", Interaction.CREATE)).isTrue();
    assertThat(mapper.forTarget("other").calls().offers("Patient", Interaction.READ)).isFalse();
    assertThat(mapper.forTarget("third").calls().types()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "resource: Patients, interactions: [ read ] # FHIR R4 has no resource Patients.",
        "resource: Patient, interactions: [ fetch ] # An interaction is read, search",
        "resource: Patient, interactions: [ search ] # 'search' and 'parameters' stand together.",
        "resource: Patient, interactions: [ patch ] # 'patch' stand together.",
        "resource: Patient, interactions: [ search ], parameters: [ { name: a, type: text, description:"
            + " b } ] # A search parameter is a token",
        "resource: Patient, interactions: [ search ], parameters: [ { name: a, type: token, description:"
            + " b, once: [ ge ] } ] # nothing else has one.",
        "resource: Patient, interactions: [ search ], parameters: [ { name: a, type: date, description:"
            + " b, from: [ ge ] } ] # 'from' and 'until' stand together",
        "resource: Patient, interactions: [ search ], parameters: [ { name: a, type: token, description:"
            + " b, with: [ c ] } ] # There is no parameter c among",
        "resource: Patient, interactions: [ search ], parameters: [ { name: a, type: token, description:"
            + " b } ], rules: [ { when: a } ] # A rule is one of",
        "resource: Patient, interactions: [ patch ], patch: [ { ops: [ move ], path: /a } ] # An"
            + " operation is add, remove or replace."
      })
  void aMistakeIsToldWithItsLine(String resource, String sentence) throws IOException {
    calls("cerner", "  - { source: a test, " + resource + " }");
    assertThat(faults())
        .anyMatch(fault -> fault.contains(sentence))
        .anyMatch(fault -> fault.startsWith("calls/cerner.yaml:5"));
  }

  @Test
  void anActionAsksByNoParameterThatTheServerDoesNotKnow() throws IOException {
    calls(
        "cerner",
        "  - { resource: Patient, source: a test, interactions: [ search ], parameters: [ { name: a,"
            + " type: token, description: b } ] }");
    write(
        "actions/search-a.yaml",
        "action: search-a\ndescription: Finds.\nresource: Patient\ncall: search\nsource: a test",
        "fields:",
        "  - { name: x, parameter: y, description: z }",
        "  - { name: w, parameter: a, modifier: exact, description: z }",
        "answer:",
        "  - { name: found, type: array, description: z }");
    assertThat(faults())
        .containsExactly(
            "actions/search-a.yaml:7: Under calls/ there is no parameter y of Patient.",
            "actions/search-a.yaml:8: Under calls/ the parameter a takes no exact.");
  }

  @Test
  void anUpdateIsOfADocumentThatIsNamedAndHasAText() throws IOException {
    write(
        "actions/update-a.yaml",
        "action: update-a\ndescription: Changes.\nresource: DocumentReference\ncall: update",
        "source: a test",
        "fields:",
        "  - { name: resourceId, required: true, description: z }",
        "  - { name: note, description: z, rules: [ { fhir: \"content[0].attachment.data\", function:"
            + " base64, content: data } ] }",
        "answer:",
        "  - { name: resourceId, required: true, description: z }");
    assertThat(faults())
        .singleElement()
        .asString()
        .startsWith("actions/update-a.yaml:1: An action that calls update is of DocumentReference");
  }

  @Test
  void aRuleIsToldInWords() {
    SearchRule rule =
        new SearchRule(
            List.of("patient"), SearchRule.Bound.EXACTLY_ONE, List.of("date", "period"), List.of());
    assertThat(rule.sentence())
        .isEqualTo("a search by patient needs exactly one of date or period");
    assertThat(rule.sentence(name -> name.equals("period") ? "" : name + "From"))
        .isEqualTo("a search by patientFrom needs exactly one of dateFrom");
    assertThat(rule.holds(List.of("patient", "date"))).isTrue();
    assertThat(rule.holds(List.of("patient"))).isFalse();
    assertThat(rule.holds(List.of("_id"))).isTrue();
  }
}
