package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Creates and changes of Immunization and RelatedPerson. */
class ImmunizationsAndRelatedPersonsTest {
  private static final String VACCINE =
      "{'resourceType':'Immunization','status':'completed','vaccineCode':{'coding':[{'system':"
          + "'http://hl7.org/fhir/sid/cvx','code':'150'}]},'patient':{'reference':"
          + "'Patient/12990001'},'encounter':{'reference':'Encounter/97990101'},"
          + "'occurrenceDateTime':'2026-11-20T10:00:00Z'}";
  private static final String KIN =
      "{'resourceType':'RelatedPerson','active':true,'patient':{'reference':'Patient/12990001'},"
          + "'relationship':[{'coding':[{'system':"
          + "'http://terminology.hl7.org/CodeSystem/v3-RoleCode','code':'SIS'}]}],"
          + "'name':[{'use':'official','family':'ZZTESTKIN','given':['ADA']}],"
          + "'telecom':[{'system':'phone','use':'home','value':'5550101077'}]}";
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

  private static RestAnswer change(
      String method, String path, String type, String version, String body) {
    Map<String, String> headers = Map.of("content-type", type, "if-match", version);
    return engine.fhir.handle(request(method, path, headers, body.replace('\'', '"')));
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
  void anImmunizationIsCreatedAndChangedForTheVersionThatWasSeen() {
    RestAnswer created = engine.post("Immunization", json(VACCINE));
    String id = idOf(created);
    assertThat(id).as("of a visit").startsWith("M");
    ObjectNode changed = json(VACCINE).put("lotNumber", "L-1").put("id", id);
    String version = created.headers().get("ETag");
    RestAnswer answer =
        change("PUT", "Immunization/" + id, "application/fhir+json", version, changed.toString());
    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(200);
    assertThat(json(engine.get("Immunization/" + id)).path("lotNumber").asText()).isEqualTo("L-1");
    RestAnswer stale =
        change("PUT", "Immunization/" + id, "application/fhir+json", version, changed.toString());
    assertThat(stale.status()).isIn(409, 412);
  }

  @Test
  void aVaccineOfNoVisitHasAllThatWasSaidOfIt() {
    JsonNode made =
        acted(
            "create-immunization",
            "{'patientResourceId':'12990001','code':'150','occurrenceDateTime':"
                + "'2026-11-20T10:00:00Z','primarySource':'false','lotNumber':'L-2','dose':'0.5',"
                + "'doseUnit':'mL','performerResourceId':'593923','note':'Told by the school'}");
    String id = made.path("resourceId").asText();
    assertThat(id).startsWith("HM");
    ObjectNode stored = json(engine.get("Immunization/" + id));
    assertThat(stored.path("primarySource").isBoolean()).isTrue();
    assertThat(stored.at("/doseQuantity/code").asText()).isEqualTo("mL");
    assertThat(stored.at("/performer/0/actor/reference").asText()).isEqualTo("Practitioner/593923");
  }

  @Test
  void whatCannotStandBesideAVaccineThatWasGivenIsLeftOutAndTold() {
    JsonNode made =
        acted(
            "create-immunization",
            "{'patientResourceId':'12990001','code':'150','statusReason':'PATOBJ',"
                + "'occurrenceDateTime':'2026-11-20T10:00:00Z'}");
    assertThat(made.path("notTaken").asText()).contains("Immunization.statusReason");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "http://hl7.org/fhir/sid/cvx # urn:other # Immunization.vaccineCode",
        "'occurrenceDateTime' # 'occurrenceString' # occurrenceDateTime",
        "Patient/12990001 # Group/1 # Immunization.patient.reference"
      })
  void whatCernerTakesOfNoImmunizationIsRefusedUnderItsPlace(String from, String to, String place) {
    assertThat(VACCINE).contains(from);
    RestAnswer answer = engine.post("Immunization", json(VACCINE.replace(from, to)));
    assertThat(answer.status()).isIn(400, 422);
    assertThat(text(answer)).contains(place);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void aRelatedPersonIsCreatedAndPatchedWithTheTestThatNamesTheElement() {
    RestAnswer created = engine.post("RelatedPerson", json(KIN));
    String path = "RelatedPerson/" + idOf(created);
    assertThat(path).endsWith("-12990001");
    ObjectNode stored = json(engine.get(path));
    String replace = "{'op':'replace','path':'/name/0/family','value':'ZZTESTWED'}";
    String version = created.headers().get("ETag");
    String type = "application/json-patch+json";
    RestAnswer untested = change("PATCH", path, type, version, "[" + replace + "]");
    assertThat(untested.status()).isEqualTo(422);
    assertThat(text(untested)).contains("needs before it a test of /name/0/id");
    String test =
        "{'op':'test','path':'/name/0/id','value':'" + stored.at("/name/0/id").asText() + "'}";
    RestAnswer patched = change("PATCH", path, type, version, "[" + test + "," + replace + "]");
    assertThat(patched.status()).as(new String(patched.body())).isEqualTo(200);
    assertThat(json(engine.get(path)).at("/name/0/family").asText()).isEqualTo("ZZTESTWED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "'use':'official' # 'use':'nickname' # RelatedPerson.name[0].use",
        "'active':true # 'active':false # RelatedPerson.active",
        "'system':'phone' # 'system':'pager' # RelatedPerson.telecom[0].system",
        "'family':'ZZTESTKIN','given':['ADA'] # 'text':'ADA' # RelatedPerson.name[0]",
        "Patient/12990001 # Group/1 # RelatedPerson.patient.reference"
      })
  void whatCernerTakesOfNoRelatedPersonIsRefusedUnderItsPlace(
      String from, String to, String place) {
    assertThat(KIN).contains(from);
    RestAnswer answer = engine.post("RelatedPerson", json(KIN.replace(from, to)));
    assertThat(answer.status()).isIn(400, 422);
    assertThat(text(answer)).contains(place);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void nextOfKinIsRegisteredAndMovesHouse() {
    JsonNode made =
        acted(
            "create-related-person",
            "{'patientResourceId':'12990003','relationshipCode':'MTH','familyName':'ZZTESTKIN',"
                + "'email':'ada@example.org','city':'Town'}");
    String id = made.path("resourceId").asText();
    ObjectNode stored = json(engine.get("RelatedPerson/" + id));
    assertThat(stored.path("telecom")).hasSize(1);
    assertThat(stored.at("/telecom/0/system").asText()).isEqualTo("email");
    assertThat(stored.at("/address/0/use").asText()).isEqualTo("home");
    JsonNode changed =
        acted(
            "patch-related-person",
            "{'resourceId':'" + id + "','city':'Village','homePhone':'5550101078'}");
    assertThat(changed.path("version").asText()).isNotEqualTo(made.path("version").asText());
    assertThat(json(engine.get("RelatedPerson/" + id)).toString())
        .contains("Village", "5550101078")
        .doesNotContain("Town");
  }

  @Test
  void whoHasNoAddressYetIsGivenOne() {
    String id = "12995001-12990001";
    assertThat(json(engine.get("RelatedPerson/" + id)).has("address")).isFalse();
    acted("patch-related-person", "{'resourceId':'" + id + "','city':'Town'}");
    assertThat(json(engine.get("RelatedPerson/" + id)).at("/address/0/city").asText())
        .isEqualTo("Town");
  }
}
