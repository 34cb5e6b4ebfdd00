package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of rule of a target, alone. */
class TargetRulesTest {
  @TempDir Path folder;

  /** What a target of these lines says of a resource that is to be created. */
  private List<String> findings(ObjectNode resource, String... lines) throws IOException {
    return new Mapper(Maps.load(target(lines)))
        .forTarget("test").checkCreate(resource).stream()
            .map(
                each ->
                    (each.refused() ? "refused " : "ignored ")
                        + each.place()
                        + ": "
                        + each.sentence())
            .toList();
  }

  private Path target(String... lines) throws IOException {
    Path file = folder.resolve("targets/test.yaml");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "target: test\ntitle: Test\nsource: a test\nown-codes: 'https://own.example/'\nresources:\n"
            + String.join("\n", lines)
            + "\n");
    return folder;
  }

  private List<String> rule(ObjectNode patient, String rule) throws IOException {
    return findings(patient, entry("Patient"), "    rules:", "      - " + rule);
  }

  private static String entry(String resource) {
    return "  - resource: " + resource + "\n    interaction: create\n    source: a test";
  }

  private static ObjectNode patient(String more) {
    return Maps.json("{'resourceType':'Patient'," + more + "}");
  }

  @Test
  void whatIsIgnoredIsTakenOutWithWhatIsLeftEmptyAboveIt() throws IOException {
    ObjectNode patient =
        patient("'gender':'male','_gender':{'id':'a'},'contact':[{'name':{'text':'x'}}]");
    assertThat(rule(patient, "{ fhir: [gender, contact.name.text], ignored: 'So it is.' }"))
        .containsExactly(
            "ignored Patient.gender: is ignored by Test on a new patient. So it is.",
            "ignored Patient.contact[0].name.text: is ignored by Test on a new patient. So it is.");
    assertThat(patient).isEqualTo(patient0());
  }

  private static ObjectNode patient0() {
    return Maps.json("{'resourceType':'Patient'}");
  }

  @Test
  void whatIsRefusedStaysWhereItIs() throws IOException {
    ObjectNode patient = patient("'gender':'male'");
    assertThat(rule(patient, "{ fhir: gender, refused: 'So it is.' }"))
        .containsExactly(
            "refused Patient.gender: cannot be stored by Test on a new patient. So it is.");
    assertThat(patient.path("gender").asText()).isEqualTo("male");
  }

  private static final String ENROLLED =
      "      - { fhir: identifier.assigner.reference, supplied: organization, required: 'So it is.' }";

  private List<TargetFinding> enrolled(ObjectNode patient, Map<String, String> site)
      throws IOException {
    Path file = target(entry("Patient"), "    rules:", ENROLLED, WITHOUT_VALUE);
    return new Mapper(Maps.load(file)).forTarget("test").forSite(site).checkCreate(patient);
  }

  private static final String WITHOUT_VALUE =
      "      - { each: identifier, fhir: value, required: 'A number is one.' }";

  @Test
  void whatTheSiteSuppliesStandsInFrontOfTheListWhereItIsMissing() throws IOException {
    ObjectNode patient = patient("'identifier':[{'system':'urn:a'}]");
    List<TargetFinding> findings = enrolled(patient, Map.of("organization", "Organization/1"));
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).place())
        .as("as it was sent")
        .isEqualTo("Patient.identifier[0].value");
    assertThat(patient)
        .isEqualTo(
            patient(
                "'identifier':[{'assigner':{'reference':'Organization/1'}},{'system':'urn:a'}]"));

    ObjectNode named = patient("'identifier':[{'assigner':{'reference':'Organization/2'}}]");
    enrolled(named, Map.of("organization", "Organization/1"));
    assertThat(named.toString()).contains("Organization/2").doesNotContain("Organization/1");

    ObjectNode none = patient("'active':true");
    assertThat(enrolled(none, Map.of("organization", "Organization/1"))).isEmpty();
    assertThat(none.at("/identifier/0/assigner/reference").asText()).isEqualTo("Organization/1");
  }

  @Test
  void whatNoSiteSuppliesIsMissing() throws IOException {
    ObjectNode patient = patient("'active':true");
    List<TargetFinding> findings = enrolled(patient, Map.of());
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).place()).isEqualTo("Patient.identifier.assigner.reference");
    assertThat(patient.has("identifier")).isFalse();
  }

  @Test
  void aSiteSuppliesATextOfAListOnly() throws IOException {
    String[] rules = {
      "{ fhir: gender, supplied: organization, required: 'So it is.' }",
      "{ fhir: identifier.assigner, supplied: organization, required: 'So it is.' }",
      "{ fhir: identifier.assigner.reference, supplied: organization, refused: 'So it is.' }",
      "{ fhir: identifier.assigner.reference, supplied: ward, required: 'So it is.' }"
    };
    for (String rule : rules) {
      Path file = target(entry("Patient"), "    rules:", "      - " + rule);
      assertThatThrownBy(() -> Maps.load(file)).hasMessageContaining("What a site supplies is");
    }
  }

  @Test
  void aConditionDecidesWhetherARuleCounts() throws IOException {
    String rule = "{ fhir: gender, when: 'active = true', refused: 'So it is.' }";
    assertThat(rule(patient("'gender':'male','active':true"), rule)).hasSize(1);
    assertThat(rule(patient("'gender':'male','active':false"), rule)).isEmpty();
  }

  @Test
  void elementsPastTheMostAreTakenOutWithWhatStandsBesideThem() throws IOException {
    ObjectNode patient =
        patient("'name':[{'given':['a',null,'c','d'],'_given':[null,{'id':'b'},null,{'id':'d'}]}]");
    assertThat(rule(patient, "{ each: name, fhir: given, at-most: 2, ignored: 'The rest goes.' }"))
        .containsExactly(
            "ignored Patient.name[0].given[3]: is ignored by Test on a new patient; it takes at"
                + " most 2. The rest goes.");
    assertThat(patient)
        .isEqualTo(patient("'name':[{'given':['a',null,'c'],'_given':[null,{'id':'b'},null]}]"));
  }

  @Test
  void exactlySoManyMeansNeitherFewerNorMore() throws IOException {
    String rule = "{ fhir: [gender, birthDate], exactly: 1, refused: 'One of the two.' }";
    assertThat(rule(patient("'gender':'male'"), rule)).isEmpty();
    assertThat(rule(patient("'active':true"), rule))
        .containsExactly(
            "refused Patient: must hold Patient.gender or Patient.birthDate for Test; it takes"
                + " exactly 1. One of the two.");
    assertThat(rule(patient("'gender':'male','birthDate':'1980'"), rule))
        .singleElement()
        .asString()
        .startsWith("refused Patient.birthDate: ");
  }

  @Test
  void aTextThatIsTooLongIsCutOrRefused() throws IOException {
    ObjectNode patient = patient("'name':[{'family':'abcdef','given':['abcd','ab']}]");
    assertThat(rule(patient, "{ fhir: [name.family, name.given], max: 3, ignored: 'It is so.' }"))
        .containsExactly(
            "ignored Patient.name[0].family: is shortened for Test; it takes 3 characters. It is so.",
            "ignored Patient.name[0].given[0]: is shortened for Test; it takes 3 characters. It is"
                + " so.");
    assertThat(patient).isEqualTo(patient("'name':[{'family':'abc','given':['abc','ab']}]"));
    assertThat(rule(patient, "{ fhir: name.family, max: 2, refused: 'It is so.' }"))
        .singleElement()
        .asString()
        .startsWith("refused Patient.name[0].family: cannot be stored");
  }

  @Test
  void aCharacterOfTwoUnitsIsNotCutInHalf() throws IOException {
    ObjectNode patient = patient("'name':[{'family':'ab\\uD83D\\uDE00c'}]");
    assertThat(rule(patient, "{ fhir: name.family, max: 3, ignored: 'It is so.' }")).hasSize(1);
    assertThat(patient).isEqualTo(patient("'name':[{'family':'ab'}]"));
  }

  @Test
  void aValueOutsideTheListIsFound() throws IOException {
    String rule = "{ fhir: active, in: [true], refused: 'So it is.' }";
    assertThat(rule(patient("'active':true"), rule)).isEmpty();
    assertThat(rule(patient("'active':false"), rule)).hasSize(1);
  }

  @Test
  void aTextOfAnotherFormIsFound() throws IOException {
    String rule = "{ fhir: birthDate, pattern: '\\d{4}', ignored: 'A year.' }";
    assertThat(rule(patient("'birthDate':'1980'"), rule)).isEmpty();
    assertThat(rule(patient("'birthDate':'1980-01'"), rule)).hasSize(1);
  }

  @Test
  void whatIsRequiredIsRequiredOfEachElement() throws IOException {
    String rule = "{ each: telecom, fhir: use, required: 'It is so.' }";
    assertThat(rule(patient("'telecom':[{'use':'home'},{'value':'1'}]"), rule))
        .containsExactly("refused Patient.telecom[1].use: is required by Test. It is so.");
    assertThat(rule(patient("'active':true"), rule)).isEmpty();
  }

  @Test
  void codesOfTwoFamiliesDoNotStandTogetherAnywhere() throws IOException {
    String own = "{'system':'https://own.example/t/72','code':'1'}";
    String other = "{'system':'https://own.example/t/72','code':'2'}";
    String standard = "{'system':'http://loinc.org','code':'3'}";
    String two = "'maritalStatus':{'coding':[%s,%s]}";
    String rule = "{ codings: one-family, ignored: 'It knows the others.' }";
    ObjectNode mixed = patient(String.format(two, standard, own));
    assertThat(rule(mixed, rule))
        .singleElement()
        .asString()
        .startsWith("ignored Patient.maritalStatus.coding[1]: ");
    assertThat(mixed).isEqualTo(patient("'maritalStatus':{'coding':[" + standard + "]}"));
    assertThat(rule(patient(String.format(two, own, other)), rule)).hasSize(1);
    assertThat(rule(patient(String.format(two, standard, standard)), rule)).isEmpty();
  }

  @Test
  void aConceptNeedsACodeThatTheTargetKnows() throws IOException {
    String rule = "{ fhir: maritalStatus, systems: ['*/codeSet/38', 'urn:b'], refused: 'So.' }";
    String strange = "{'system':'urn:a','code':'1'}";
    String own = "{'system':'https://own.example/t/codeSet/38','code':'2'}";
    ObjectNode both = patient("'maritalStatus':{'coding':[" + strange + "," + own + "]}");
    assertThat(rule(both, rule))
        .singleElement()
        .asString()
        .startsWith("ignored Patient.maritalStatus.coding[0]: ");
    assertThat(both).isEqualTo(patient("'maritalStatus':{'coding':[" + own + "]}"));
    assertThat(rule(patient("'maritalStatus':{'coding':[" + strange + "],'text':'x'}"), rule))
        .singleElement()
        .asString()
        .startsWith("refused Patient.maritalStatus: ");
    ObjectNode words = patient("'maritalStatus':{'coding':[" + strange + "],'text':'x'}");
    assertThat(rule(words, rule.replace("refused", "or-text: true, refused"))).hasSize(1);
    assertThat(words).isEqualTo(patient("'maritalStatus':{'text':'x'}"));
  }

  @Test
  void whatIsNotAmongWhatIsTakenIsFoundAtItsHighestElement() throws IOException {
    ObjectNode patient =
        patient(
            "'id':'1','gender':'male','_gender':{'extension':[{'url':'urn:x','valueCode':'a'}]},"
                + "'name':[{'family':'a','text':'b'},{'text':'c'}],"
                + "'extension':[{'url':'urn:kept','valueCode':'a'},{'url':'urn:not','valueCode':'a'}],"
                + "'contact':[{'gender':'male'},{'gender':'female'}]");
    assertThat(
            findings(
                patient,
                entry("Patient"),
                "    takes: [ gender, name.family, \"extension('urn:kept')\" ]",
                "    others: ignore"))
        .extracting(finding -> finding.substring(0, finding.indexOf(':')))
        .containsExactly(
            "ignored Patient.gender.extension",
            "ignored Patient.name[0].text",
            "ignored Patient.name[1].text",
            "ignored Patient.extension[1]",
            "ignored Patient.contact");
    assertThat(patient)
        .isEqualTo(
            patient(
                "'id':'1','gender':'male','name':[{'family':'a'}],"
                    + "'extension':[{'url':'urn:kept','valueCode':'a'}]"));
  }

  @Test
  void othersCanBeRefusedToo() throws IOException {
    assertThat(
            findings(
                patient("'active':true,'gender':'male'"),
                entry("Patient"),
                "    takes: [ gender ]",
                "    others: refuse"))
        .containsExactly(
            "refused Patient.active: cannot be stored by Test on a new patient. It is not among"
                + " what is taken.");
  }

  @Test
  void aResourceCanBeRefusedAsAWhole() throws IOException {
    assertThat(
            findings(
                Maps.json("{'resourceType':'Location','name':'x'}"),
                entry("Location"),
                "    refused: 'It is read only.'"))
        .containsExactly(
            "refused Location: cannot be stored by Test on a new location. It is read only.");
  }

  @Test
  void severalEntriesOfOneResourceAddUp() throws IOException {
    assertThat(
            findings(
                patient("'active':true,'gender':'male'"),
                "  - resource: [ Patient, Person ]",
                "    interaction: [ create, update ]",
                "    source: a test",
                "    rules: [ { fhir: active, ignored: 'So.' } ]",
                entry("Patient"),
                "    rules: [ { fhir: gender, refused: 'So.' } ]"))
        .hasSize(2);
  }

  @Test
  void everyFaultOfATargetIsToldAtOnceWithItsLine() throws IOException {
    target(
        entry("Patient"),
        "    takes: [ 'name[0]', nme ]",
        "    rules:",
        "      - { fhir: gnder, ignored: 'So.' }",
        "      - { fhir: gender, ignored: 'So' }",
        "      - { fhir: gender, ignored: 'So.', refused: 'So.' }",
        "      - { fhir: gender, max: 1, in: [a], ignored: 'So.' }",
        "      - { fhir: name, max: 1, ignored: 'So.' }",
        "      - { fhir: gender, systems: [a], ignored: 'So.' }",
        "      - { fhir: gender, exactly: 1, ignored: 'So.' }",
        "      - { fhir: gender, at-most: none, ignored: 'So.' }",
        "      - { fhir: gender, when: \"PID-3 is empty\", ignored: 'So.' }",
        "      - { each: gender, fhir: gender, ignored: 'So.' }",
        "      - { ignored: 'So.' }",
        "      - { fhir: gender, pattern: '(', ignored: 'So.' }",
        "      - { fhir: gender, colour: red, ignored: 'So.' }",
        "  - resource: Patiant",
        "    interaction: delete",
        "    source: a test");
    RuleFaultsException faults =
        catchThrowableOfType(RuleFaultsException.class, () -> Mappings.load(folder));
    assertThat(faults.faults())
        .extracting(RuleFault::toString)
        .containsExactly(
            "targets/test.yaml:11: Patient has no element 'gnder' in FHIR R4.",
            "targets/test.yaml:12: Write a sentence with a full stop after 'ignored'.",
            "targets/test.yaml:13: A rule says one of refused, ignored and required, and why.",
            "targets/test.yaml:14: A rule has one test; here stand in and max.",
            "targets/test.yaml:15: name is a HumanName, which holds no text.",
            "targets/test.yaml:16: gender is a code, which holds no codings.",
            "targets/test.yaml:17: What must be there cannot be ignored; write refused.",
            "targets/test.yaml:18: After 'at-most' stands a number from 1 on.",
            "targets/test.yaml:19: A target's condition names fields of MSH and EVN only, not"
                + " PID-3.",
            "targets/test.yaml:20: Patient has no list 'gender'.",
            "targets/test.yaml:21: Name the place under 'fhir'.",
            "targets/test.yaml:22: The pattern is no regular expression.",
            "targets/test.yaml:23: There is no key 'colour' here; known are at-most, codings, each,"
                + " exactly, fhir, ignored, in, max, or-text, pattern, refused, remedy, required,"
                + " supplied, systems, when.",
            "targets/test.yaml:6: 'takes' and 'others' stand together: what is taken, and what"
                + " becomes of others.",
            "targets/test.yaml:9: Elements are taken by name, without brackets.",
            "targets/test.yaml:9: Patient has no element 'nme' in FHIR R4.",
            "targets/test.yaml:25: An interaction is create or update.",
            "targets/test.yaml:24: FHIR R4 has no resource Patiant.");
  }

  @Test
  void aTargetIsNamedAsItsFileAndHoldsForAllSenders() throws IOException {
    target(entry("Patient"));
    Files.move(folder.resolve("targets/test.yaml"), folder.resolve("targets/none.yaml"));
    Path own = folder.resolve("senders/A@B/targets/cerner.yaml");
    Files.createDirectories(own.getParent());
    Files.writeString(own, "target: cerner\n");
    RuleFaultsException faults =
        catchThrowableOfType(RuleFaultsException.class, () -> Mappings.load(folder));
    assertThat(faults.faults())
        .extracting(RuleFault::toString)
        .containsExactlyInAnyOrder(
            "targets/none.yaml:1: A target is named as its file, and never 'none'.",
            "senders/A@B/targets/cerner.yaml:1: What a target takes holds for all senders; see"
                + " targets/.");
  }

  @Test
  void aTargetThatIsNotThereIsToldByName() throws IOException {
    Mapper mapper = new Mapper(Maps.load(target(entry("Patient"))));
    assertThatThrownBy(() -> mapper.forTarget("other"))
        .hasMessageContaining("no target other")
        .hasMessageContaining("test");
    assertThat(mapper.forTarget("none").checkCreate(patient("'active':true"))).isEmpty();
  }
}
