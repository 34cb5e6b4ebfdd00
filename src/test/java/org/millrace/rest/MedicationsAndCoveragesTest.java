package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Creates and patches of MedicationRequest and Coverage. */
class MedicationsAndCoveragesTest {
  private static final String MEDICATION =
      "{'resourceType':'MedicationRequest','status':'active','intent':'plan',"
          + "'reportedBoolean':true,'medicationCodeableConcept':{'coding':[{'system':"
          + "'http://www.nlm.nih.gov/research/umls/rxnorm','code':'314076'}]},"
          + "'subject':{'reference':'Patient/12990001'},'dosageInstruction':[{'text':'Daily',"
          + "'doseAndRate':[{'doseQuantity':{'value':10,'system':'http://unitsofmeasure.org',"
          + "'code':'mg'}}]}]}";
  private static final String COVERAGE =
      "{'resourceType':'Coverage','status':'active','subscriber':{'reference':'Patient/12990001'},"
          + "'beneficiary':{'reference':'Patient/12990001'},'payor':[{'reference':"
          + "'Organization/685844'}],'class':[{'type':{'coding':[{'system':"
          + "'http://terminology.hl7.org/CodeSystem/coverage-class','code':'group'}]},"
          + "'value':'8871'}],'period':{'start':'2026-01-01T00:00:00Z','end':"
          + "'2026-12-31T23:59:59Z'}}";
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

  private static RestAnswer patch(String path, String version, String body) {
    return engine.fhir.handle(
        request(
            "PATCH",
            path,
            Map.of("content-type", "application/json-patch+json", "if-match", version),
            body.replace('\'', '"')));
  }

  private static String idOf(RestAnswer created) {
    assertThat(created.status()).as(new String(created.body())).isEqualTo(201);
    String location = created.headers().get("Location");
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private static String text(RestAnswer answer) {
    return json(answer).path("issue").findValuesAsText("text").toString();
  }

  private static JsonNode acted(String action, String fields) {
    RestAnswer answer = engine.act(action, fields);
    assertThat(answer.status()).as(new String(answer.body())).isIn(200, 201);
    return json(answer);
  }

  @Test
  void aMedicationThatIsReportedIsFiledAndEnded() {
    RestAnswer created = engine.post("MedicationRequest", json(MEDICATION));
    String path = "MedicationRequest/" + idOf(created);
    String version = created.headers().get("ETag");
    String draft = "[{'op':'replace','path':'/status','value':'draft'}]";
    assertThat(text(patch(path, version, draft))).contains("takes one of stopped, cancelled");
    String stop = "[{'op':'replace','path':'/status','value':'stopped'}]";
    assertThat(patch(path, version, stop).status()).isEqualTo(200);
    assertThat(json(engine.get(path)).path("status").asText()).isEqualTo("stopped");
  }

  @Test
  void anOrderIsNeitherPlacedNorStopped() {
    RestAnswer placed =
        engine.post("MedicationRequest", json(MEDICATION.replace("'reportedBoolean':true,", "")));
    assertThat(placed.status()).isEqualTo(422);
    assertThat(text(placed))
        .contains("MedicationRequest.reportedBoolean")
        .contains("orders cannot");
    assertThat(engine.requests()).isEmpty();
    RestAnswer stopped =
        engine.act("patch-medication-request", "{'resourceId':'319990001','status':'stopped'}");
    assertThat(stopped.status()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "'intent':'plan' # 'intent':'proposal' # MedicationRequest.intent",
        "'status':'active' # 'status':'draft' # MedicationRequest.status",
        "http://www.nlm.nih.gov/research/umls/rxnorm # urn:other # medicationCodeableConcept",
        "'system':'http://unitsofmeasure.org',#'unit':'mg',# doseQuantity",
        "Patient/12990001 # Group/1 # MedicationRequest.subject.reference"
      })
  void whatCernerTakesOfNoMedicationIsRefusedUnderItsPlace(String from, String to, String place) {
    assertThat(MEDICATION).contains(from);
    RestAnswer answer = engine.post("MedicationRequest", json(MEDICATION.replace(from, to)));
    assertThat(answer.status()).isIn(400, 422);
    assertThat(text(answer)).contains(place);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void aMedicationIsACodeOrWords() {
    JsonNode made =
        acted(
            "create-medication-request",
            "{'patientResourceId':'12990001','medication':'Some herbal tea','dosage':'At night',"
                + "'start':'2026-11-01T08:00:00Z'}");
    String path = "MedicationRequest/" + made.path("resourceId").asText();
    assertThat(json(engine.get(path)).at("/medicationCodeableConcept/text").asText())
        .isEqualTo("Some herbal tea");
    acted(
        "patch-medication-request",
        "{'resourceId':'" + path.substring(18) + "','status':'cancelled'}");
    RestAnswer none =
        engine.act(
            "create-medication-request", "{'patientResourceId':'12990001','dosage':'Daily'}");
    assertThat(none.status()).isEqualTo(400);
    assertThat(new String(none.body())).contains("told by a code or in words");
  }

  @Test
  void aCoverageIsFiledAndPatched() {
    RestAnswer created = engine.post("Coverage", json(COVERAGE));
    String path = "Coverage/" + idOf(created);
    assertThat(path).startsWith("Coverage/patient-").endsWith("-12990001");
    assertThat(created.headers().get("ETag")).isEqualTo("W/\"0$0\"");
    String period =
        "[{'op':'replace','path':'/period','value':{'start':'2026-01-01T00:00:00Z','end':"
            + "'2026-06-30T23:59:59Z'}}]";
    RestAnswer patched = patch(path, created.headers().get("ETag"), period);
    assertThat(patched.status()).as(new String(patched.body())).isEqualTo(200);
    assertThat(json(engine.get(path)).at("/period/end").asText()).startsWith("2026-06-30");
    RestAnswer payor = patch(path, "W/\"1\"", "[{'op':'replace','path':'/payor','value':[]}]");
    assertThat(payor.status()).isEqualTo(422);
    assertThat(text(payor)).contains("replace is not taken at this path");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "'status':'active' # 'status':'draft' # Coverage.status",
        "Organization/685844 # Patient/12990001 # Coverage.payor[0]",
        "'2026-01-01T00:00:00Z' # '2026-01-01' # Coverage.period.start",
        "'value':'8871' # 'name':'Mill' # Coverage.class[0].value",
        "'beneficiary':{'reference':'Patient/12990001'} # 'beneficiary':{'reference':'Group/1'} # beneficiary"
      })
  void whatCernerTakesOfNoCoverageIsRefusedUnderItsPlace(String from, String to, String place) {
    assertThat(COVERAGE).contains(from);
    RestAnswer answer = engine.post("Coverage", json(COVERAGE.replace(from, to)));
    assertThat(answer.status()).isIn(400, 422);
    assertThat(text(answer)).contains(place);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void theCoverageOfAVisitIsToldFromThatOfAPatient() {
    JsonNode made =
        acted(
            "create-coverage",
            "{'patientResourceId':'12990001','encounterResourceId':'97990101',"
                + "'subscriberResourceId':'12990001','payorResourceId':'685844','group':'8871',"
                + "'relationship':'self','subscriberId':'ZZ-1'}");
    String id = made.path("resourceId").asText();
    assertThat(id).startsWith("enc-");
    acted("patch-coverage", "{'resourceId':'" + id + "','subscriberId':'ZZ-2'}");
    assertThat(json(engine.get("Coverage/" + id)).path("subscriberId").asText()).isEqualTo("ZZ-2");
    // Of a patient's own Cerner takes less.
    RestAnswer refused =
        engine.act(
            "patch-coverage", "{'resourceId':'patient-359990001-12990001','subscriberId':'ZZ-2'}");
    assertThat(refused.status()).isEqualTo(422);
  }
}
