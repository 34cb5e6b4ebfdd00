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

/** Creates and updates of AllergyIntolerance and Condition. */
class AllergiesAndConditionsTest {
  private static final String ALLERGY =
      "{'resourceType':'AllergyIntolerance','clinicalStatus':{'coding':[{'system':"
          + "'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical','code':'active'}]},"
          + "'category':['food'],'code':{'coding':[{'system':'http://snomed.info/sct',"
          + "'code':'91935009'}]},'patient':{'reference':'Patient/12990002'},"
          + "'reaction':[{'manifestation':[{'coding':[{'system':'http://snomed.info/sct',"
          + "'code':'247472004'}]}],'severity':'mild'}],'note':[{'text':'As a child'}]}";
  private static final String CONDITION =
      "{'resourceType':'Condition','clinicalStatus':{'coding':[{'system':"
          + "'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]},"
          + "'category':[{'coding':[{'system':"
          + "'http://terminology.hl7.org/CodeSystem/condition-category','code':'KIND'}]}],"
          + "'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'J20.9'}]},"
          + "'subject':{'reference':'Patient/12990001'}}";
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

  private static String idOf(RestAnswer created) {
    assertThat(created.status()).as(new String(created.body())).isEqualTo(201);
    String location = created.headers().get("Location");
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private static RestAnswer put(String path, String version, ObjectNode body) {
    return engine.fhir.handle(
        request(
            "PUT",
            path,
            Map.of("content-type", "application/fhir+json", "if-match", version),
            body.toString()));
  }

  private static String text(RestAnswer answer) {
    return json(answer).path("issue").findValuesAsText("text").toString();
  }

  private static JsonNode acted(String action, String fields) {
    RestAnswer answer = engine.act(action, fields);
    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(201);
    return json(answer);
  }

  @Test
  void anAllergyIsCreatedAndChangedForTheVersionThatWasSeen() {
    RestAnswer created = engine.post("AllergyIntolerance", json(ALLERGY));
    String path = "AllergyIntolerance/" + idOf(created);
    String version = created.headers().get("ETag");
    assertThat(version).isEqualTo(engine.get(path).headers().get("ETag"));

    ObjectNode changed = json(ALLERGY).put("criticality", "high");
    changed.put("id", path.substring(path.indexOf('/') + 1));
    changed.remove("category");
    RestAnswer answer = put(path, version, changed);
    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(200);
    ObjectNode stored = json(engine.get(path));
    assertThat(stored.path("criticality").asText()).isEqualTo("high");
    assertThat(stored.has("category")).as("what an update leaves out is gone").isFalse();
    assertThat(put(path, version, changed).status()).isIn(409, 412);

    ObjectNode another = changed.deepCopy();
    ((ObjectNode) another.at("/code/coding/0")).put("code", "102263004");
    assertThat(put(path, answer.headers().get("ETag"), another).status()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "'category':['food'] # 'category':['biologic'] # AllergyIntolerance.category[0]",
        "'patient':{'reference':'Patient/12990002'} # 'patient':{'reference':'Group/1'} # patient.reference",
        "'category':['food'] # 'onsetDateTime':'2026-11-20T22:00:00-06:00' # onsetDateTime",
        "http://snomed.info/sct','code':'91935009 # urn:other','code':'91935009 # AllergyIntolerance.code",
        "'severity':'mild' # 'severity':'mild'},{'severity':'mild' # reaction[1]",
        "'category':['food'] # 'verificationStatus':{'coding':[{'code':'refuted'}]} # verificationStatus"
      })
  void whatCernerTakesOfNoAllergyIsRefusedUnderItsPlace(String from, String to, String place) {
    assertThat(ALLERGY).contains(from);
    RestAnswer answer = engine.post("AllergyIntolerance", json(ALLERGY.replace(from, to)));
    assertThat(answer.status()).isIn(400, 422);
    assertThat(text(answer)).contains(place);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void anAllergyToTheSameSubstanceIsTheOneThatStoodThere() {
    String id = idOf(engine.post("AllergyIntolerance", json(ALLERGY)));
    int before = engine.stored("AllergyIntolerance").size();
    JsonNode again =
        acted(
            "create-allergy",
            "{'patientResourceId':'12990002','codeSystem':'http://snomed.info/sct',"
                + "'code':'91935009','criticality':'low'}");
    assertThat(again.path("resourceId").asText()).isEqualTo(id);
    assertThat(again.path("version").asText()).isNotEmpty();
    assertThat(engine.stored("AllergyIntolerance")).hasSize(before);
  }

  @Test
  void anAllergyEndsThatNoneIsKnownAndNoneIsKnownNoLongerBesideIt() {
    acted(
        "create-allergy",
        "{'patientResourceId':'12990002','code':'7980','reactionCode':'247472004',"
            + "'severity':'severe','onsetDate':'2026-11-01','note':'Told by the mother'}");
    assertThat(json(engine.get("AllergyIntolerance/329990003")).at("/clinicalStatus").toString())
        .contains("inactive");
    RestAnswer none =
        engine.act(
            "create-allergy",
            "{'patientResourceId':'12990002','codeSystem':'http://snomed.info/sct',"
                + "'code':'409137002'}");
    assertThat(none.status()).isEqualTo(422);
  }

  @Test
  void ofAnActionTheFieldIsNamed() {
    RestAnswer answer =
        engine.act(
            "create-allergy", "{'patientResourceId':'12990002','code':'1','severity':'mild'}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).path("errors").toString())
        .contains("severity")
        .contains("stands only beside reactionCode");
    RestAnswer visit =
        engine.act(
            "create-condition",
            "{'patientResourceId':'12990001','category':'encounter-diagnosis','code':'38341003'}");
    assertThat(visit.status()).isEqualTo(400);
    assertThat(new String(visit.body())).contains("A visit's diagnosis belongs to its visit.");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void aProblemIsCreatedAndResolved() {
    RestAnswer created =
        engine.post("Condition", json(CONDITION.replace("KIND", "problem-list-item")));
    String id = idOf(created);
    assertThat(id).startsWith("p");
    ObjectNode resolved =
        json(CONDITION.replace("KIND", "problem-list-item").replace("active", "resolved"));
    resolved.put("id", id).put("abatementDateTime", "2026-11-20");
    RestAnswer answer = put("Condition/" + id, created.headers().get("ETag"), resolved);
    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(200);
    assertThat(json(engine.get("Condition/" + id)).path("abatementDateTime").asText())
        .isEqualTo("2026-11-20");
  }

  @Test
  void aDiagnosisBelongsToItsVisitAndIsActive() {
    JsonNode made =
        acted(
            "create-condition",
            "{'patientResourceId':'12990001','encounterResourceId':'97990101',"
                + "'category':'encounter-diagnosis','codeSystem':'http://hl7.org/fhir/sid/icd-10-cm',"
                + "'code':'J20.9'}");
    assertThat(made.path("resourceId").asText()).doesNotStartWith("p");

    ObjectNode without = json(CONDITION.replace("KIND", "encounter-diagnosis"));
    without.put("abatementDateTime", "2026-11-20");
    engine.reset();
    RestAnswer answer = engine.post("Condition", without);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(text(answer)).contains("encounter.reference").contains("abatementDateTime");
    assertThat(engine.requests()).isEmpty();
  }
}
