package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.ROOT;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.mapping.ResourceCalls;

/** Reads and searches of every type that {@code mappings/calls/cerner.yaml} offers. */
class ChartReadsTest {
  private static EngineInFrontOfSandbox engine;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineInFrontOfSandbox.start();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void reset() {
    engine.reset();
  }

  @ParameterizedTest
  @CsvSource({
    "Observation, L-309990100",
    "Observation, BP-309990201-309990202",
    "DiagnosticReport, 309990300",
    "MedicationRequest, 319990001",
    "AllergyIntolerance, 329990001",
    "Condition, p339990001",
    "Immunization, HM349990002",
    "Coverage, patient-359990001-12990001",
    "RelatedPerson, 12995001-12990001",
    "Practitioner, 4122622",
    "Organization, 675844",
    "Location, 21250412",
    "Slot, 24477854-21304876-61518614-30",
    "Schedule, 24477854-21304876-61518614-30",
    "Provenance, 369990001",
    "Binary, XR-209990003"
  })
  void aResourceIsReadById(String type, String id) {
    RestAnswer answer = engine.get(type + "/" + id);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(json(answer).path("resourceType").asText()).isEqualTo(type);
    assertThat(json(answer).path("id").asText()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Patient?phone=555010100 | 12990001 12990002",
        "Patient?email=anna.zz | 12990001",
        "Patient?address-postalcode=66101&gender=female | 12990003",
        "Encounter?subject:Patient=12990003 | 97990301",
        "Encounter?patient=Patient/12990002&status=in-progress,planned | 97990203",
        "Appointment?patient=12990001&date=ge2026-01-01T00:00:00Z&status=booked | 4890001",
        "DocumentReference?patient=12990001&type=http://loinc.org%7C11506-3 | 209990001",
        "Observation?patient=12990001&category=vital-signs | VS-309990200 BP-309990201-309990202",
        "Observation?subject=Patient/12990001&code=http://loinc.org%7C2823-3 | L-309990100",
        "Observation?_id=L-309990100,L-309990000 | L-309990000 L-309990100",
        "DiagnosticReport?patient=12990001&category=LAB | 309990300",
        "MedicationRequest?patient=12990001&status=active&intent=order | 319990001",
        "AllergyIntolerance?patient=12990001&clinical-status=active | 329990001",
        "Condition?patient=12990001&category=problem-list-item | p339990001",
        "Condition?subject=12990001&encounter=Encounter/97990101 | 339990002",
        "Immunization?patient=12990001&date=ge2026-01-01 | M349990001",
        "Coverage?patient=12990001 | patient-359990001-12990001",
        "RelatedPerson?patient=12990002&-relationship-level=Patient | 12995002-12990002"
            + " 12995003-12990002",
        "Practitioner?family=zztestb&given=ing | 12742069",
        "Organization?name=millrace%20model%20c | 685844",
        "Organization? | 675844 685844",
        "Location?_id=21250412 | 21250412",
        "Schedule?_id=24477854-21304876-61518614-30 | 24477854-21304876-61518614-30",
        "Provenance?target=Patient/12990001 | 369990002"
      })
  void aSearchFinds(String search, String ids) {
    RestAnswer answer = engine.get(search);
    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(200);
    List<String> found = new ArrayList<>();
    json(answer).path("entry").forEach(entry -> found.add(entry.at("/resource/id").asText()));
    assertThat(found).containsExactlyInAnyOrder(ids.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Observation?patient=1&_id=2 | Observation: a search needs exactly one of",
        "Observation?patient=1&date=2026&_lastUpdated=2026 | at most one of date or _lastUpdated",
        "Appointment?patient=1 | a search by patient, practitioner or location needs exactly one of",
        "Appointment?patient=1&date=2026-01-31 | date: is a date with a time",
        "Appointment?patient=1&date=gt2026-01-31T10:00:00Z&date=lt2026-02-01T10:00:00Z | twice with ge",
        "Slot?service-type=a%7Cb | a search by service-type needs start",
        "Slot?service-type=a%7Cb&start=ge2026-11-24T00:00:00Z | start: stands twice with ge and lt",
        "Slot?service-type=a | service-type: must be types of appointment as system|code",
        "Slot?service-type=https://fhir.cerner.com/a/codeSet/14249%7C1,http://snomed.info/sct%7C2"
            + "&start=ge2026-11-24T00:00:00Z&start=lt2026-11-25T00:00:00Z | service-type: takes codes of"
            + " https://fhir.cerner.com/ or others",
        "Slot?_id=1&_include=Slot:nothing | _include: is one of Slot:schedule",
        "RelatedPerson?patient=1 | needs -relationship-level",
        "Coverage?_id=1 | _id: is not a search parameter of Coverage here; known are patient",
        "Practitioner?given=A | a search needs _id, identifier, family, name or active",
        "Practitioner?name=AB&given=A | given: goes with family only",
        "Location?type=a&name=A | name: goes with -physicalType or",
        "Condition?patient=1,2 | patient: takes one value",
        "Immunization?patient=1&date=eq2026-01-31 | date: stands once with ge, le",
        "DocumentReference?patient=1&_count=101 | _count: is a whole number from 1 to 100",
        "DocumentReference?patient=1&period=ge2026-01-31 | period: stands twice with ge and lt",
        "DocumentReference?patient=1&period=ge2026-01-31&period=lt2026-02-01T00:00:00Z | period: has"
            + " two dates that are told as precisely",
        "Observation?patient=1&date=2026-02-30 | date: is a date"
      })
  void aSearchThatCernerWouldGetWrongIsExplained(String search, String sentence) {
    RestAnswer answer = engine.get(search);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).at("/issue/0/details/text").asText()).contains(sentence);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void whatCernerAddsToAMatchIsInTheBundleAndIsNotCounted() {
    ObjectNode bundle =
        json(engine.get("DocumentReference?_id=209990001&_revinclude=Provenance:target"));
    assertThat(bundle.path("entry")).hasSize(2);
    assertThat(bundle.at("/entry/1/search/mode").asText()).isEqualTo("include");
    assertThat(bundle.at("/entry/1/fullUrl").asText())
        .isEqualTo(ROOT + "/fhir/r4/Provenance/369990001");
    assertThat(bundle.path("total").asInt()).isEqualTo(1);

    ObjectNode slots =
        json(
            engine.get(
                "Slot?service-type=http://snomed.info/sct%7C185389009"
                    + "&start=ge2026-11-24T14:00:00Z&start=lt2026-11-24T15:00:00Z"
                    + "&_include=Slot:schedule&_include=Schedule:actor:Practitioner"));
    assertThat(slots.findValuesAsText("mode")).containsExactly("match", "include", "include");
  }

  @Test
  void theContentOfADocumentIsReachedByTheEnginesOwnLink() {
    String url =
        json(engine.get("DocumentReference/209990001")).at("/content/0/attachment/url").asText();
    assertThat(url).isEqualTo(ROOT + "/fhir/r4/Binary/R-209990001");
    ObjectNode binary = json(engine.get(url.substring((ROOT + "/fhir/r4/").length())));
    assertThat(binary.path("contentType").asText()).isEqualTo("text/plain;charset=utf-8");
  }

  @Test
  void anActionReadsWhatADocumentSays() {
    JsonNode text = json(engine.act("get-document-content", "{'resourceId':'209990001'}"));
    assertThat(text.path("contentType").asText()).isEqualTo("text/plain;charset=utf-8");
    assertThat(text.path("text").asText()).startsWith("Blood pressure 128/82.");
    JsonNode pdf =
        json(
            engine.act(
                "get-document-content",
                "{'resourceId':'209990003','contentType':'application/pdf'}"));
    assertThat(pdf.path("data").asText()).startsWith("JVBERi0");
    assertThat(pdf.has("text")).isFalse();
    RestAnswer none =
        engine.act(
            "get-document-content", "{'resourceId':'209990001','contentType':'application/pdf'}");
    assertThat(none.status()).isEqualTo(404);
    assertThat(json(none).at("/errors/0/message").asText()).contains("text/plain");
  }

  @Test
  void docrefTellsWhereTheSummaryOfAChartIsMadeAndThereItIs() {
    RestAnswer told =
        engine.get(
            "DocumentReference/$docref?patient=Patient/12990001&type=http://loinc.org|34133-9"
                + "&start=2026-01-01&end=2026-11-20T10:00:00Z");
    assertThat(told.status()).isEqualTo(200);
    JsonNode attachment = json(told).at("/entry/0/resource/content/0/attachment");
    String url = attachment.path("url").asText();
    assertThat(url).startsWith(ROOT + "/fhir/r4/Binary/$autogen-ccd-if?patient=12990001&start=");
    RestAnswer made = engine.get(url.substring((ROOT + "/fhir/r4/").length()));
    assertThat(made.status()).isEqualTo(200);
    assertThat(json(made).path("resourceType").asText()).isEqualTo("Binary");
    assertThat(json(made).path("contentType").asText()).isEqualTo("application/xml");
  }

  @Test
  void anActionReadsTheSummaryOfAChart() {
    JsonNode summary =
        json(
            engine.act(
                "get-chart-summary", "{'patientResourceId':'12990001','dateFrom':'2026-01-01'}"));
    assertThat(summary.path("contentType").asText()).isEqualTo("application/xml");
    assertThat(
            new String(
                Base64.getDecoder().decode(summary.path("data").asText()), StandardCharsets.UTF_8))
        .contains("ClinicalDocument")
        .contains("12990001");
    RestAnswer nobody = engine.act("get-chart-summary", "{'patientResourceId':'1'}");
    assertThat(nobody.status()).isEqualTo(404);
    RestAnswer wrong =
        engine.act(
            "get-chart-summary", "{'patientResourceId':'12990001','dateUntil':'2026-02-30'}");
    assertThat(wrong.status()).isEqualTo(400);
  }

  @Test
  void aContentWithoutDataIsNoEmptyDocument() {
    String url =
        json(engine.get("DocumentReference/209990001")).at("/content/0/attachment/url").asText();
    String id = url.substring(url.lastIndexOf('/') + 1);
    engine.faults(
        "[{'path':'Binary','status':200,'times':2,'body':{'resourceType':'Binary','id':'"
            + id
            + "','contentType':'text/plain'}}]");

    RestAnswer content = engine.act("get-document-content", "{'resourceId':'209990001'}");
    RestAnswer summary = engine.act("get-chart-summary", "{'patientResourceId':'12990001'}");

    assertThat(List.of(content, summary))
        .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(502))
        .allSatisfy(
            answer -> assertThat(json(answer).path("detail").asText()).contains("holds no data"));
  }

  @ParameterizedTest
  @CsvSource({
    "DocumentReference/$docref?patient=12990001, type",
    "DocumentReference/$docref?type=34133-9, patient",
    "DocumentReference/$docref?patient=12990001&type=34133-9&period=2026, period",
    "DocumentReference/$docref?patient=12990001&type=34133-9&start=ge2026, start",
    "Binary/$autogen-ccd-if?encounter=1, patient"
  })
  void whatAnOperationDoesNotTakeIsRefusedBeforeCernerIsAsked(String asked, String named) {
    RestAnswer answer = engine.get(asked);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).at("/issue/0/details/text").asText()).contains(named);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void aSummaryAtAnotherServerIsNotRead() {
    engine.faults(
        "[{'method':'GET','path':'DocumentReference/$docref','times':1,'body':"
            + "{'resourceType':'Bundle','type':'searchset','entry':[{'resource':"
            + "{'resourceType':'DocumentReference','content':[{'attachment':"
            + "{'url':'http://elsewhere.example/Binary/$autogen-ccd-if?patient=1'}}]}}]}}]");
    RestAnswer answer = engine.act("get-chart-summary", "{'patientResourceId':'12990001'}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(engine.requests()).hasSize(1);
  }

  @Test
  void otherOperationsAreRefusedByName() {
    for (String asked :
        new String[] {"Patient/12990001/$everything", "$export", "Patient/$docref"}) {
      RestAnswer answer = engine.get(asked);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(json(answer).at("/issue/0/details/text").asText())
          .contains(asked.substring(asked.indexOf('$')))
          .contains("DocumentReference/$docref");
    }
    RestAnswer posted =
        engine.fhir.handle(request("POST", "DocumentReference/$docref", Map.of(), ""));
    assertThat(posted.status()).isEqualTo(405);
    assertThat(posted.headers()).containsEntry("Allow", "GET");
  }

  @Test
  void contentAtAnotherServerIsNotLookedForHere() {
    ObjectNode document = json(engine.get("DocumentReference/209990001"));
    ((ObjectNode) document.at("/content/0/attachment"))
        .put("url", "https://elsewhere.example/fhir/Binary/XR-209990003");
    engine.seed(EngineInFrontOfSandbox.list(document));
    RestAnswer answer = engine.act("get-document-content", "{'resourceId':'209990001'}");
    engine.reset();
    assertThat(answer.status()).isEqualTo(502);
    assertThat(json(answer).path("code").asText()).isEqualTo("record-defect");
    assertThat(json(answer).path("detail").asText()).contains("no Binary of this Cerner server");
  }

  @Test
  void theCapabilityStatementSaysWhatEachTypeOffers() {
    JsonNode statement = json(engine.get("metadata"));
    assertThat(statement.path("patchFormat").toString())
        .isEqualTo("[\"application/json-patch+json\"]");
    assertThat(statement.path("description").asText()).contains("updates and patches");
    for (ResourceCalls calls : EngineInFrontOfSandbox.MAPPER.calls().resources()) {
      JsonNode resource =
          StreamSupport.stream(statement.at("/rest/0/resource").spliterator(), false)
              .filter(one -> one.path("type").asText().equals(calls.type()))
              .findFirst()
              .orElseThrow();
      assertThat(resource.path("interaction")).hasSize(calls.interactions().size());
    }
    assertThat(statement.toString())
        .contains("A search by patient, practitioner or location needs exactly one of date or")
        .contains("\"searchRevInclude\":[\"Provenance:target\"]")
        .contains("\"searchInclude\":[\"Slot:schedule\",\"Schedule:actor:Practitioner\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "search-patients # {'familyName':'ZZTESTMILLER','givenName':'JOHN'} # patients # 1",
        "search-patients # {'birthDateFrom':'1961-03-01','birthDateUntil':'1961-03-31'} # patients # 1",
        "search-patients # {'exactFamilyName':'ZZTESTMILLER','givenName':'JOHN'} # patients # 1",
        "search-patients # {'exactFamilyName':'ZZTESTMIL'} # patients # 0",
        "search-patients # {'exactGivenName':'JOHN','exactName':'ZZTESTMILLER'} # patients # 1",
        "search-patients # {'resourceId':'12990001'} # patients # 1",
        "search-documents # {'patientResourceId':'12990001'} # documents # 1",
        "get-patient-observations # {'patientResourceId':'12990002'} # observations # 12",
        "get-patient-observations # {'patientResourceId':'12990001','codes':['http://loinc.org|2823-3',"
            + "'http://loinc.org|85354-9']} # observations # 2",
        "get-patient-diagnostic-reports # {'patientResourceId':'12990001'} # reports # 1",
        "get-patient-medication-requests # {'patientResourceId':'12990001','statuses':['stopped']} #"
            + " medicationRequests # 1",
        "get-patient-allergies # {'patientResourceId':'12990001'} # allergies # 2",
        "get-patient-conditions # {'patientResourceId':'12990001'} # conditions # 2",
        "get-patient-immunizations # {'patientResourceId':'12990001','dateUntil':'2025'} #"
            + " immunizations # 1",
        "get-patient-coverages # {'patientResourceId':'12990001'} # coverages # 1",
        "get-patient-related-persons # {'patientResourceId':'12990002'} # relatedPersons # 2",
        "search-practitioners # {'name':'ZZTEST'} # practitioners # 3",
        "search-organizations # {} # organizations # 2",
        "search-locations # {'city':'Kansas','state':'MO','name':'3'} # locations # 2",
        "search-appointments # {'patientResourceId':'12990001','startFrom':'2026-01-01T00:00:00Z',"
            + "'startBefore':'2027-01-01T00:00:00Z'} # appointments # 2",
        "search-slots # {'serviceTypes':['http://snomed.info/sct|185389009'],"
            + "'startFrom':'2026-11-24T14:00:00Z','startBefore':'2026-11-24T15:00:00Z'} # slots # 1"
      })
  void anActionFindsAllAtOnce(String action, String fields, String member, int many) {
    RestAnswer answer = engine.act(action, fields);
    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(200);
    assertThat(json(answer).path(member)).hasSize(many);
    assertThat(json(answer).has("leftOut")).isFalse();
  }

  @Test
  void whatAnActionCannotAskIsToldByTheNamesOfItsFields() {
    JsonNode none = json(engine.act("search-patients", "{'gender':'male'}"));
    assertThat(none.at("/errors/0/message").asText())
        .isEqualTo(
            "a search needs resourceId, identifier, name/exactName, familyName/exactFamilyName,"
                + " givenName/exactGivenName, birthDateFrom/birthDateUntil, phone, email or postalCode");
    JsonNode given = json(engine.act("search-practitioners", "{'name':'AB','givenName':'A'}"));
    assertThat(given.at("/errors/0/field").asText()).isEqualTo("givenName");
    assertThat(given.at("/errors/0/message").asText()).isEqualTo("goes with familyName only");
    JsonNode list =
        json(engine.act("get-patient-observations", "{'patientResourceId':'1','codes':'x'}"));
    assertThat(list.at("/errors/0/message").asText()).isEqualTo("must be a list of strings");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void aCommaInANameIsAComma() {
    RestAnswer answer = engine.act("search-patients", "{'familyName':'ZZTESTMILLER, ESQ|$'}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(json(answer).path("patients")).isEmpty();
  }

  @Test
  void whatCernerLeavesOutOfASearchIsToldWithTheRest() {
    engine.faults("[{'path':'Condition','outcomeEntry':true}]");
    JsonNode some = json(engine.act("get-patient-conditions", "{'patientResourceId':'12990001'}"));
    assertThat(some.path("conditions")).hasSize(2);
    assertThat(some.path("leftOut").asText()).contains("cannot express");
    RestAnswer none = engine.act("get-patient-conditions", "{'patientResourceId':'12990003'}");
    assertThat(none.status()).isEqualTo(502);
  }

  @Test
  void aReadTellsTheVersion() {
    JsonNode answer = json(engine.act("get-observation", "{'resourceId':'L-309990100'}"));
    assertThat(answer.path("version").asText()).isEqualTo("1");
    assertThat(answer.path("patientResourceId").asText()).isEqualTo("12990001");
    assertThat(answer.path("observationStatus").asText()).isEqualTo("final");
  }
}
