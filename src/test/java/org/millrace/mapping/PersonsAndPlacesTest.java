package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.HL7Exception;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.V2Message;

/** XCN and CNN as Practitioner, PL and HD as Location, EVN as Provenance, both ways. */
class PersonsAndPlacesTest {
  private static final String EVN =
      "EVN|A01|20261120115900-0600||01|900^Clerk^Carl^^^^^^HOSP|20261120110000-0600|GENERAL";
  private static final String PID =
      "PID|1||A1^^^MRN&2.16.840.1.113883.6.1000&ISO^MR||ZZTEST^Ada^^^^^L||19800131|F";
  private static final String PD1 =
      "PD1||||1001^Welby^Marcus^J^Jr^Dr^MD^^HOSP^L^7^M10^NPI^^^^^^20200101^20301231^FACS";
  private static final String BED = "ICU^12^2^GENERAL&1.2.3&ISO^^N^MAIN^3";

  private static String pv1(String attending, String referring, String consulting) {
    String before = "ICU^12^1^GENERAL^^^MAIN^3";
    return "PV1|1|I|%s|||%s|%s|%s|%s".formatted(BED, before, attending, referring, consulting);
  }

  private static V2Message admission(String... segments) {
    return Maps.message("ADT^A01^ADT_A01", segments);
  }

  private static MappingRun run(V2Message message) {
    return Maps.MAPPER.map(message, Maps.CONTEXT);
  }

  private static List<ObjectNode> all(MappingRun run, String type) {
    return run.resources().stream()
        .map(MappedResource::json)
        .filter(json -> json.path("resourceType").asText().equals(type))
        .toList();
  }

  private static ObjectNode named(MappingRun run, JsonNode reference) {
    String name = reference.path("reference").asText();
    assertThat(name).startsWith("urn:uuid:");
    return run.resources().stream()
        .filter(each -> each.reference().equals(name))
        .map(MappedResource::json)
        .findFirst()
        .orElseThrow();
  }

  private static Trips.Back back(String type, Map<String, JsonNode> resources) {
    return Trips.back(Maps.MAPPER, type, resources);
  }

  @Test
  void aPersonIsOnePractitionerHoweverOftenTheMessageNamesThem() {
    V2Message message =
        admission(
            EVN,
            PID,
            PD1,
            pv1(
                "1001^Welby^Marcus^^^^^^HOSP",
                "^Kildare^James",
                "^Kildare^James~1001^Welby^Marcus^^^^^^ELSEWHERE"));
    MappingRun run = run(message);
    assertThat(all(run, "Practitioner"))
        .extracting(each -> each.at("/name/0/family").asText())
        .containsExactly("Clerk", "Welby", "Kildare", "Welby");
    JsonNode participants = Maps.resource(run, "Encounter").path("participant");
    ObjectNode welby =
        named(run, Maps.resource(run, "Patient").path("generalPractitioner").path(0));
    assertThat(named(run, participants.at("/0/individual"))).isEqualTo(welby);
    assertThat(named(run, participants.at("/2/individual")))
        .isEqualTo(named(run, participants.at("/1/individual")));
    assertThat(named(run, participants.at("/3/individual"))).isNotEqualTo(welby);
    assertThat(welby.at("/name/0/given")).hasSize(2);
    assertThat(welby.at("/qualification/0/code/coding/0/code").asText()).isEqualTo("MD");
  }

  @Test
  void aReferenceKeepsNumberAndNameForThoseWhoDoNotHaveTheResource() {
    MappingRun run = run(admission(EVN, PID, PD1, pv1("", "", "")));
    JsonNode reference = Maps.resource(run, "Patient").at("/generalPractitioner/0");
    assertThat(reference.path("display").asText()).isEqualTo("Welby, Marcus J");
    assertThat(reference.at("/identifier/value").asText()).isEqualTo("1001");
  }

  @Test
  void everythingOfAPersonAndOfAPlaceComesBack() throws IOException, HL7Exception {
    V2Message sent =
        admission(EVN, PID, PD1, pv1("1002^Casey^Ben^^^^^^HOSP", "", "^Kildare^James"));
    MappingRun run = run(sent);
    Trips.validR4(run);
    assertThat(Trips.untold(sent, run)).isEmpty();
    assertThat(run.coverage())
        .extracting(CoverageNote::kind)
        .doesNotContain(CoverageNote.Kind.LOSSY, CoverageNote.Kind.UNREAD);
    Trips.Back back = back("ADT^A01", Trips.resources(run));
    Trips.validV2(back.message());
    assertThat(back.segment("EVN")).isEqualTo(EVN);
    assertThat(back.segment("PD1")).isEqualTo(PD1);
    assertThat(back.segment("PV1"))
        .startsWith(pv1("1002^Casey^Ben^^^^^^HOSP", "", "^Kildare^James"));
    assertThat(back.run().coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
        .isEmpty();
  }

  @Test
  void whatASecondFieldSaysOtherwiseOfAPersonIsTold() {
    MappingRun run =
        run(
            admission(
                EVN,
                PID,
                PD1,
                pv1("1001^Welby^Mark^^^^DO^^HOSP", "1001^Welby^Marcus^J^^^^^HOSP", "")));
    assertThat(run.coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.FIRST_OF_MANY)
        .extracting(CoverageNote::path)
        .contains("PV1-7.3", "PV1-7.7")
        .doesNotContain("PV1-7.2", "PV1-8.3");
  }

  @Test
  void aPlaceIsAChainOfLocationsThatOtherPlacesShare() {
    MappingRun run = run(admission(EVN, PID, pv1("", "", "")));
    JsonNode places = Maps.resource(run, "Encounter").path("location");
    StringBuilder levels = new StringBuilder();
    ObjectNode at = named(run, places.at("/0/location"));
    while (true) {
      levels.append(at.at("/physicalType/coding/0/code").asText()).append(' ');
      levels.append(at.path("name").asText()).append(", ");
      if (!at.has("partOf")) {
        break;
      }
      at = named(run, at.path("partOf"));
    }
    assertThat(levels).hasToString("bd 2, ro 12, lvl 3, wa ICU, bu MAIN, si GENERAL, ");
    assertThat(named(run, named(run, places.at("/1/location")).path("partOf")))
        .isEqualTo(named(run, named(run, places.at("/0/location")).path("partOf")));
    assertThat(all(run, "Location")).hasSize(7);
    assertThat(named(run, all(run, "Provenance").get(0).path("location"))).isEqualTo(at);
  }

  @Test
  void locationsAloneGiveThePartsOfAPlaceBack() {
    MappingRun run = run(admission(EVN, PID, pv1("", "", "")));
    Map<String, JsonNode> resources = new LinkedHashMap<>(Trips.resources(run));
    for (JsonNode place : Maps.resource(run, "Encounter").path("location")) {
      ((ObjectNode) place.path("location")).remove(List.of("identifier", "display"));
    }
    // Both name one facility, which has its universal id from the first.
    assertThat(back("ADT^A01", resources).segment("PV1"))
        .startsWith("PV1|1|I|%s|||%s".formatted(BED, "ICU^12^1^GENERAL&1.2.3&ISO^^^MAIN^3"));
  }

  @Test
  void anEventIsTheProvenanceOfWhatTheMessageBecame() {
    MappingRun run = run(admission(EVN, PID, "PV1|1|I", "AL1|1||^Dust"));
    ObjectNode provenance = all(run, "Provenance").get(0);
    assertThat(provenance.path("recorded").asText()).isEqualTo("2026-11-20T11:59:00-06:00");
    assertThat(provenance.path("occurredDateTime").asText()).isEqualTo("2026-11-20T11:00:00-06:00");
    assertThat(provenance.at("/activity/coding/0/code").asText()).isEqualTo("A01");
    assertThat(provenance.at("/reason/0/coding/0/code").asText()).isEqualTo("PATRQT");
    assertThat(named(run, provenance.at("/agent/0/who")).at("/name/0/family").asText())
        .isEqualTo("Clerk");
    assertThat(provenance.path("target"))
        .extracting(target -> named(run, target).path("resourceType").asText())
        .containsExactly("Patient", "Encounter", "AllergyIntolerance");
  }

  @Test
  void anInterpreterOfAReportAndThePerformerOfItsResultAreOnePerson() {
    V2Message sent =
        Maps.message(
            "ORU^R01^ORU_R01",
            PID,
            "OBR|1||F1|718-7^Hemoglobin^LN|||20261120||||||||||||||||||F|||||||1001&Welby&Marcus&&&&&&HOSP",
            "OBX|1|NM|718-7^Hemoglobin^LN||13|g/dL|||||F|||||1001^Welby^Marcus^^^^^^HOSP");
    MappingRun run = Maps.MAPPER.map(sent, "observations", Maps.CONTEXT);
    Trips.validR4(run);
    assertThat(all(run, "Practitioner")).hasSize(1);
    JsonNode interpreter = Maps.resource(run, "DiagnosticReport").at("/resultsInterpreter/0");
    JsonNode performer = Maps.resource(run, "Observation").at("/performer/0");
    assertThat(named(run, interpreter)).isEqualTo(named(run, performer));
    Trips.Back back = back("ORU^R01/observations", Trips.resources(run));
    assertThat(back.message().value("OBR-32.1.2")).isEqualTo("Welby");
    assertThat(back.message().value("OBX-16.1")).isEqualTo("1001");
  }

  @Test
  void documentsNameNobodyByAResource() {
    MappingRun run =
        Maps.MAPPER.map(
            Maps.message(
                "MDM^T02^MDM_T02",
                "EVN|T02|20261120115900",
                PID,
                "PV1|1|I|||||1001^Welby^Marcus",
                "TXA|1|11488-4|TX|20261120||||||1001^Welby^Marcus||F1||||||AU",
                "OBX|1|TX|||Text||||||F"),
            Maps.context(Map.of("subject", "Patient/1", "document-type", "11506-3")));
    assertThat(run.resources()).hasSize(1);
    assertThat(run.resources().get(0).json().toString()).doesNotContain("urn:uuid");
  }

  @Test
  void personsAndPlacesThatOnlyAServerKnowsAreNamedAsBefore() {
    String encounter =
        "{'resourceType':'Encounter','status':'in-progress','class':{'code':'IMP'},"
            + "'location':[{'status':'active','location':{'display':'ICU bed 4'}}],"
            + "'participant':[{'type':[{'coding':[{'code':'ATND','system':'http://terminology.hl7.org/CodeSystem/v3-ParticipationType'}]}],"
            + "'individual':{'reference':'Practitioner/12','display':'Welby, Marcus'}}]}";
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    resources.put("Patient/1", Maps.json("{'resourceType':'Patient','id':'1','gender':'male'}"));
    resources.put("Encounter/1", Maps.json(encounter));
    Trips.Back without = back("ADT^A01", resources);
    assertThat(without.message().value("PV1-3.9")).isEqualTo("ICU bed 4");
    assertThat(without.message().first("PV1").orElseThrow().field(7).raw())
        .isEqualTo("12^Welby^Marcus^^^^^^FHIR");
    resources.put(
        "Practitioner/12",
        Maps.json(
            "{'resourceType':'Practitioner','id':'12','active':true,'name':[{'family':'Welby','given':['Marcus'],'suffix':['Jr']}],"
                + "'identifier':[{'system':'urn:oid:1.2.3','value':'77'},{'system':'http://hl7.org/fhir/sid/us-npi','value':'1111111111'}]}"));
    Trips.Back with = back("ADT^A01", resources);
    assertThat(with.message().value("PV1-7.1")).isEqualTo("1111111111");
    assertThat(with.message().value("PV1-7.5")).isEqualTo("Jr");
    assertThat(with.run().coverage())
        .extracting(CoverageNote::path)
        .contains("Practitioner.identifier[0]", "Practitioner.active")
        .doesNotContain("Practitioner");
  }
}
