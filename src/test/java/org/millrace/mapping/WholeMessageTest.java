package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which resources go into which group when a whole message is written. */
class WholeMessageTest {
  private MappingFolder folder;

  @BeforeEach
  void files(@TempDir Path path) throws IOException {
    folder = new MappingFolder(path);
    folder.segment(
        "PID.yaml",
        "PID",
        "Patient",
        """
          - { fhir: id, used-for: "references" }
          - { v2: PID-7.1, fhir: birthDate, function: date }
        """);
    folder.segment(
        "PV1.yaml",
        "PV1",
        "Encounter",
        """
          - { fhir: id, used-for: "references" }
          - { v2: PV1-19.1, fhir: identifier.value }
          - { v2: PV1-3.9, fhir: "location[0].location.resolve().name", direction: fhir-to-v2 }
          - { given: subject, made: Patient, fhir: subject.reference }
          - { made: Condition, fhir: diagnosis.condition.reference }
        """);
    folder.segment(
        "DG1.yaml",
        "DG1",
        "Condition",
        """
          - { fhir: id, used-for: "references" }
          - { v2: DG1-4, fhir: code.text }
          - { given: subject, made: Patient, fhir: subject.reference }
          - { made: Encounter, fhir: encounter.reference }
        """);
    folder.segment(
        "AL1.yaml",
        "AL1",
        "AllergyIntolerance",
        """
          - { fhir: id, used-for: "references" }
          - { v2: AL1-3.2, fhir: code.text }
          - { given: subject, made: Patient, fhir: patient.reference }
        """);
    folder.write(
        "messages/ADT_A08.yaml",
        """
        message: ADT^A08
        source: test
        groups:
          - group: PATIENT
            starts-at: PID
            segments:
              - { segment: PID, resource: Patient }
              - { segment: PV1, resource: Encounter }
              - { segment: AL1, resource: AllergyIntolerance, for-each: AL1 }
              - { segment: DG1, resource: Condition, for-each: DG1 }
        """);
  }

  /** What is written, a word for each segment: its name and the field that tells it. */
  private Written written(Map<String, String> resources) {
    Map<String, JsonNode> read = new LinkedHashMap<>();
    resources.forEach((url, json) -> read.put(url, Maps.json(json)));
    Trips.Back back = Trips.back(new Mapper(Maps.load(folder.path())), "ADT^A08", read);
    List<String> words =
        back.message().segments().stream()
            .filter(segment -> !segment.name().equals("MSH"))
            .map(
                segment ->
                    segment.name()
                        + " "
                        + segment.text(3)
                        + segment.text(4)
                        + segment.text(7)
                        + segment.text(19))
            .toList();
    List<String> left =
        back.run().coverage().stream()
            .filter(note -> note.kind() == CoverageNote.Kind.UNREAD)
            .map(CoverageNote::path)
            .toList();
    return new Written(words, left, back);
  }

  private record Written(List<String> segments, List<String> left, Trips.Back back) {}

  private static String patient(String id, String birth) {
    return "{'resourceType':'Patient','id':'" + id + "','birthDate':'" + birth + "'}";
  }

  private static String allergy(String text, String patient) {
    return "{'resourceType':'AllergyIntolerance','code':{'text':'"
        + text
        + "'},'patient':{'reference':'"
        + patient
        + "'}}";
  }

  @Test
  void severalOfAKindFollowTheOneTheyNameByTypeAndId() {
    Map<String, String> resources = new LinkedHashMap<>();
    resources.put("Patient/1", patient("1", "1980"));
    resources.put("Patient/2", patient("2", "1990"));
    resources.put("a", allergy("nuts", "Patient/2"));
    resources.put("b", allergy("milk", "Patient/1/_history/3"));
    resources.put("c", allergy("eggs", "Patient/2"));
    resources.put("d", allergy("dust", "Patient/3"));
    assertThat(written(resources).segments())
        .extracting(word -> word.replaceFirst("AL1 .*", "AL1"))
        .containsExactly("PID 1980", "AL1", "PID 1990", "AL1", "AL1");
    assertThat(written(resources).left()).containsExactly("AllergyIntolerance[4]");
  }

  @Test
  void resourcesOfABundleNameEachOtherByTheUrlItGives() {
    Map<String, String> resources = new LinkedHashMap<>();
    resources.put("urn:uuid:b", "{'resourceType':'Patient','birthDate':'1990'}");
    resources.put("urn:uuid:a", "{'resourceType':'Patient','birthDate':'1980'}");
    resources.put(
        "urn:uuid:e",
        "{'resourceType':'Encounter','identifier':[{'value':'V1'}],'subject':{'reference':'urn:uuid:a'}}");
    resources.put(
        "https://fhir.example.org/Encounter/7",
        "{'resourceType':'Encounter','id':'7','identifier':[{'value':'V2'}],'subject':{'reference':'urn:uuid:b'}}");
    assertThat(written(resources).segments())
        .containsExactly("PID 1990", "PV1 V2", "PID 1980", "PV1 V1");
  }

  @Test
  void aLinkCountsFromWhicheverSideItIsSaid() {
    Map<String, String> resources = new LinkedHashMap<>();
    resources.put("Patient/1", patient("1", "1980"));
    resources.put(
        "Encounter/5",
        "{'resourceType':'Encounter','id':'5','subject':{'reference':'Patient/1'},'identifier':[{'value':'V1'}],'diagnosis':[{'condition':{'reference':'Condition/8'}}]}");
    resources.put("Condition/8", "{'resourceType':'Condition','id':'8','code':{'text':'cough'}}");
    resources.put(
        "Condition/9",
        "{'resourceType':'Condition','id':'9','code':{'text':'fever'},'subject':{'reference':'Patient/1'}}");
    assertThat(written(resources).segments())
        .containsExactly("PID 1980", "PV1 V1", "DG1 cough", "DG1 fever");
  }

  @Test
  void nothingOfAnotherPatientIsWrittenUnderTheOnlyOneThere() {
    Map<String, String> resources = new LinkedHashMap<>();
    resources.put("Patient/1", patient("1", "1980"));
    resources.put("x", allergy("nuts", "Patient/2"));
    resources.put(
        "y",
        "{'resourceType':'Encounter','identifier':[{'value':'V1'}],'subject':{'reference':'https://fhir.example.org/Patient/2'}}");
    Written written = written(resources);
    assertThat(written.segments()).containsExactly("PID 1980");
    assertThat(written.left()).containsExactlyInAnyOrder("AllergyIntolerance", "Encounter");
  }

  @Test
  void theOnlyPatientTakesWhatNamesNobody() {
    Map<String, String> resources = new LinkedHashMap<>();
    resources.put("urn:uuid:p", "{'resourceType':'Patient','birthDate':'1980'}");
    resources.put("x", "{'resourceType':'AllergyIntolerance','code':{'text':'nuts'}}");
    resources.put("y", allergy("milk", "Patient/looked-up"));
    assertThat(written(resources).segments()).containsExactly("PID 1980", "AL1 ", "AL1 ");
  }

  @Test
  void partsWithoutTheirHeadAreWrittenWithoutIt() {
    Map<String, String> resources = new LinkedHashMap<>();
    resources.put("x", allergy("nuts", "Patient/1"));
    resources.put("y", allergy("milk", "Patient/1"));
    Written written = written(resources);
    assertThat(written.segments()).containsExactly("AL1 ", "AL1 ");
    assertThat(written.back().run().coverage())
        .extracting(CoverageNote::path, CoverageNote::kind)
        .contains(
            org.assertj.core.groups.Tuple.tuple(
                "AllergyIntolerance.patient.reference", CoverageNote.Kind.LOSSY));
  }

  @Test
  void containedResourcesAreWrittenForTheOneThatContainsThem() {
    Map<String, String> resources = new LinkedHashMap<>();
    resources.put(
        "Encounter/1",
        "{'resourceType':'Encounter','id':'1','identifier':[{'value':'V1'}],'subject':{'reference':'#p'},'location':[{'location':{'reference':'#l'}}],"
            + "'contained':[{'resourceType':'Patient','id':'p','birthDate':'1980'},{'resourceType':'Location','id':'l','name':'ICU'}]}");
    resources.put(
        "Encounter/2",
        "{'resourceType':'Encounter','id':'2','identifier':[{'value':'V2'}],'subject':{'reference':'#p'},'location':[{'location':{'reference':'#l'}}],"
            + "'contained':[{'resourceType':'Patient','id':'p','birthDate':'1990'},{'resourceType':'Location','id':'l','name':'CCU'}]}");
    Written written = written(resources);
    assertThat(written.segments()).containsExactly("PID 1980", "PV1 V1", "PID 1990", "PV1 V2");
    assertThat(written.back().message().all("PV1"))
        .extracting(segment -> segment.field(3).raw())
        .containsExactly("^^^^^^^^ICU", "^^^^^^^^CCU");
    assertThat(written.left()).isEmpty();
  }

  @Test
  void aLocationThatAReferenceReadsIsNotLeftOver() {
    Map<String, String> resources = new LinkedHashMap<>();
    resources.put(
        "Encounter/1",
        "{'resourceType':'Encounter','id':'1','location':[{'location':{'reference':'Location/2'}}]}");
    resources.put("Location/2", "{'resourceType':'Location','id':'2','name':'ICU'}");
    resources.put("Location/3", "{'resourceType':'Location','id':'3','name':'CCU'}");
    assertThat(written(resources).left()).containsExactly("Location[2]");
  }
}
