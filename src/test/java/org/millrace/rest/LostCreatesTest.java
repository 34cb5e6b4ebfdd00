package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.list;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Creates of each type whose answer was lost: what a look finds, and what it must not find. */
class LostCreatesTest {
  private static final String AFTER = "'drop':'after-commit','times':1";
  private static final String BEFORE = "'drop':'before','times':1";
  private static final String SLOT = "24477854-21304876-61518614-300";

  /** What Cerner takes of each type that is looked for by its content. */
  private static final Map<String, String> CONTENTS =
      Map.ofEntries(
          Map.entry(
              "Observation",
              "'status':'final','category':[{'coding':[{'system':"
                  + "'http://terminology.hl7.org/CodeSystem/observation-category',"
                  + "'code':'laboratory'}]}],'code':{'coding':[{'system':'http://loinc.org',"
                  + "'code':'2823-3','display':'Potassium, as we write it'}],'text':'Kalium'},"
                  + "'subject':{'reference':'Patient/12990001'},"
                  + "'effectiveDateTime':'2026-11-20T10:00:00Z','valueQuantity':{'value':4.10,"
                  + "'unit':'mmol/l','system':'http://unitsofmeasure.org','code':'mmol/L'}"),
          Map.entry(
              "Encounter",
              "'status':'in-progress','class':{'system':"
                  + "'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'AMB'},"
                  + "'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0004',"
                  + "'code':'O'}]}],'subject':{'reference':'Patient/12990003'},"
                  + "'serviceProvider':{'reference':'Organization/675844'}"),
          Map.entry(
              "Appointment",
              "'status':'booked','slot':[{'reference':'Slot/"
                  + SLOT
                  + "'}],'participant':[{'actor':{'reference':'Patient/12990003'},"
                  + "'status':'accepted'}]"),
          Map.entry(
              "AllergyIntolerance",
              "'clinicalStatus':{'coding':[{'system':"
                  + "'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',"
                  + "'code':'active'}]},'category':['food'],'code':{'coding':[{'system':"
                  + "'http://snomed.info/sct','code':'102263004'}],'text':'Eggs'},"
                  + "'patient':{'reference':'Patient/12990002'},"
                  + "'onsetDateTime':'2026-11-20T22:00:00Z','note':[{'text':'As a child'}]"),
          Map.entry(
              "Condition",
              "'clinicalStatus':{'coding':[{'system':"
                  + "'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]},"
                  + "'category':[{'coding':[{'system':"
                  + "'http://terminology.hl7.org/CodeSystem/condition-category',"
                  + "'code':'problem-list-item'}]}],'code':{'coding':[{'system':"
                  + "'http://snomed.info/sct','code':'38341003'}]},"
                  + "'subject':{'reference':'Patient/12990001'},'onsetDateTime':'2026-11-20'"),
          Map.entry(
              "Immunization",
              "'status':'completed','vaccineCode':{'coding':[{'system':"
                  + "'http://hl7.org/fhir/sid/cvx','code':'150'}]},"
                  + "'patient':{'reference':'Patient/12990001'},"
                  + "'encounter':{'reference':'Encounter/97990101'},"
                  + "'occurrenceDateTime':'2026-11-20T10:00:00Z'"),
          Map.entry(
              "MedicationRequest",
              "'status':'active','intent':'plan','reportedBoolean':true,"
                  + "'medicationCodeableConcept':{'coding':[{'system':"
                  + "'http://www.nlm.nih.gov/research/umls/rxnorm','code':'314076'}]},"
                  + "'subject':{'reference':'Patient/12990001'},'dosageInstruction':[{'text':"
                  + "'Daily','doseAndRate':[{'doseQuantity':{'value':10,"
                  + "'system':'http://unitsofmeasure.org','code':'mg'}}]}]"),
          Map.entry(
              "Coverage",
              "'status':'active','subscriber':{'reference':'Patient/12990001'},"
                  + "'beneficiary':{'reference':'Patient/12990001'},"
                  + "'payor':[{'reference':'Organization/685844'}],'class':[{'type':{'coding':["
                  + "{'system':'http://terminology.hl7.org/CodeSystem/coverage-class',"
                  + "'code':'group'}]},'value':'99871'}]"),
          Map.entry(
              "RelatedPerson",
              "'active':true,'patient':{'reference':'Patient/12990001'},'relationship':[{'coding':["
                  + "{'system':'http://terminology.hl7.org/CodeSystem/v3-RoleCode','code':'SIS'}]}],"
                  + "'name':[{'use':'official','family':'ZZTESTKIN','given':['ADA']}]"),
          Map.entry("Organization", "'active':true,'name':'ZZTEST Clinic'"),
          Map.entry(
              "Practitioner",
              "'active':true,'name':[{'use':'official','family':'ZZTESTDOC','given':['ADA']}],"
                  + "'identifier':[{'use':'official','type':{'coding':[{'system':"
                  + "'http://terminology.hl7.org/CodeSystem/v2-0203','code':'NPI'}]},"
                  + "'system':'http://hl7.org/fhir/sid/us-npi','value':'1999999998'}]"));

  private static EngineInFrontOfSandbox engine;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineInFrontOfSandbox.start();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  static Stream<String> types() {
    return CONTENTS.keySet().stream().sorted();
  }

  private static ObjectNode sent(String type) {
    return json("{'resourceType':'" + type + "'," + CONTENTS.get(type) + "}");
  }

  /** One as Cerner has it that holds what is sent, and is as new as one that is just created. */
  private static ObjectNode alike(String type, String id) {
    ObjectNode alike = sent(type).put("id", id);
    String version = type.equals("Observation") ? "1" : "0";
    alike
        .putObject("meta")
        .put("versionId", version)
        .put("lastUpdated", Clock.systemUTC().instant().plusSeconds(1).toString());
    if (type.equals("Appointment")) {
      // Of the slot; an appointment is searched by when it is.
      alike.put("start", "2030-01-01T10:00:00Z");
    }
    return alike;
  }

  private static String post(String type, String how) {
    return "[{'method':'POST','path':'" + type + "'," + how + "}]";
  }

  /** By an engine of its own, since the sandbox gives the ids of other tests again. */
  private static RestAnswer created(ObjectNode resource) {
    try (EngineInFrontOfSandbox.Fresh fresh = engine.unhurried(EngineInFrontOfSandbox.SCOPES)) {
      return fresh.engine().post(resource.path("resourceType").asText(), resource);
    }
  }

  /** Sent, and lost before it comes to Cerner, while these come there from elsewhere. */
  private static RestAnswer createdMeanwhile(ObjectNode resource, ArrayNode come) {
    String type = resource.path("resourceType").asText();
    engine.faults(post(type, "'latency':'300ms'," + BEFORE));
    CompletableFuture<RestAnswer> answer = CompletableFuture.supplyAsync(() -> created(resource));
    Awaitility.await().until(() -> engine.asked("POST", type) > 0);
    engine.seed(come);
    return answer.join();
  }

  private static ArrayNode both(JsonNode one, JsonNode other) {
    return ((ArrayNode) list(one)).add(other);
  }

  private static String location(RestAnswer answer) {
    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(201);
    return answer.headers().get("Location");
  }

  private static String unknown(RestAnswer answer) {
    String body = new String(answer.body());
    assertThat(answer.status()).as(body).isEqualTo(504);
    assertThat(body).contains("outcome-unknown");
    return body;
  }

  private static JsonNode newest(String type) {
    JsonNode stored = engine.stored(type);
    return stored.get(stored.size() - 1);
  }

  @ParameterizedTest
  @MethodSource("types")
  void whatWasStoredIsFoundByALookAndNotSentAgain(String type) {
    engine.faults(post(type, AFTER));
    int before = engine.stored(type).size();

    RestAnswer answer = created(sent(type));

    assertThat(location(answer)).endsWith("/" + newest(type).path("id").asText());
    assertThat(answer.headers().get("ETag"))
        .isEqualTo("W/\"" + newest(type).at("/meta/versionId").asText() + "\"");
    assertThat(engine.stored(type)).hasSize(before + 1);
    assertThat(engine.asked("POST", type)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("types")
  void whatWasNotStoredIsUnknownAfterThreeLooksAndNeverSentAgain(String type) {
    engine.faults(post(type, BEFORE));
    int before = engine.stored(type).size();

    assertThat(unknown(created(sent(type)))).contains("Nothing new that holds what was sent");

    assertThat(engine.stored(type)).hasSize(before);
    assertThat(engine.asked("POST", type)).isEqualTo(1);
    assertThat(engine.asked("GET", type)).as("one before, then three").isBetween(3L, 4L);
  }

  @ParameterizedTest
  @MethodSource("types")
  void whatIsTheSameAndWasThereBeforeIsNotTakenForIt(String type) {
    engine.faults(post(type, BEFORE));
    engine.seed(list(alike(type, "990901")));

    assertThat(unknown(created(sent(type))))
        .contains("was there before (1) is not counted")
        .doesNotContain("990901");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Observation",
        "Encounter",
        "Condition",
        "Immunization",
        "MedicationRequest",
        "Coverage",
        "RelatedPerson"
      })
  void besidesOneThatIsTheSameAndWasThereBeforeTheNewOneIsFound(String type) {
    engine.faults(post(type, AFTER));
    engine.seed(list(alike(type, "990901")));

    assertThat(location(created(sent(type))))
        .endsWith("/" + newest(type).path("id").asText())
        .doesNotContain("990901");
  }

  /** It makes no second one of the same substance, but changes the first. */
  @Test
  void anAllergyThatStandsThereAlreadyIsNotToldToBeOurs() {
    engine.reset();
    RestAnswer first = created(sent("AllergyIntolerance"));
    location(first);
    engine.addFaults(post("AllergyIntolerance", AFTER));
    ObjectNode again = sent("AllergyIntolerance");
    again.put("criticality", "high");

    assertThat(unknown(created(again))).contains("Nothing new that holds what was sent");
    assertThat(engine.stored("AllergyIntolerance").toString()).contains("\"high\"");
  }

  @ParameterizedTest
  @MethodSource("types")
  void whatIsTheSameAndComesMeanwhileTwiceIsToldAndNotGuessed(String type) {
    RestAnswer answer =
        createdMeanwhile(sent(type), both(alike(type, "990901"), alike(type, "990902")));

    assertThat(unknown(answer)).contains("2 new ones that hold what was sent");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "Observation # {'valueQuantity':{'value':4.2,'system':'http://unitsofmeasure.org','code':'mmol/L'}}",
        "Observation # {'valueQuantity':{'value':4.1,'system':'http://unitsofmeasure.org','code':'mg/dL'}}",
        "Observation # {'effectiveDateTime':'2026-11-20T10:01:00Z'}",
        "Observation # {'status':'entered-in-error'}",
        "Observation # {'subject':{'reference':'Patient/12990002'}}",
        "Encounter # {'reasonCode':[{'text':'Cough'}]}",
        "AllergyIntolerance # {'onsetDateTime':'2026-11-21'}",
        "AllergyIntolerance # {'note':[{'text':'Last year'}]}",
        "AllergyIntolerance # {'reaction':[{'severity':'mild'}]}",
        "Condition # {'code':{'coding':[{'system':'http://snomed.info/sct','code':'38341004'}]}}",
        "Condition # {'clinicalStatus':{'coding':[{'code':'resolved'}]}}",
        "Condition # {'encounter':{'reference':'Encounter/97990101'}}",
        "Immunization # {'occurrenceDateTime':'2026-11-19T10:00:00Z'}",
        "Immunization # {'encounter':{'reference':'Encounter/97990102'}}",
        "Immunization # {'lotNumber':'L7'}",
        "MedicationRequest # {'dosageInstruction':[{'text':'Twice a day'}]}",
        "MedicationRequest # {'note':[{'text':'By the daughter'}]}",
        "Coverage # {'payor':[{'reference':'Organization/675844'}]}",
        "Coverage # {'subscriberId':'77'}",
        "Coverage # {'extension':[{'url':'urn:x','valueReference':{'reference':'Encounter/97990101'}}]}",
        "RelatedPerson # {'name':[{'use':'official','family':'ZZTESTKIN','given':['ADA','MAY']}]}",
        "RelatedPerson # {'birthDate':'1990-01-01'}",
        "Organization # {'name':'ZZTEST Clinic North'}",
        "Practitioner # {'name':[{'use':'official','family':'ZZTESTDOC','given':['ANN']}]}"
      })
  void whatComesMeanwhileAndIsNotQuiteTheSameIsNotTakenForIt(String type, String differs) {
    ObjectNode near = alike(type, "990901");
    near.setAll(json(differs));

    RestAnswer answer = createdMeanwhile(sent(type), (ArrayNode) list(near));

    assertThat(unknown(answer)).doesNotContain("990901");
  }

  /** The other half of the test above: without a difference it would be taken. */
  @ParameterizedTest
  @MethodSource("types")
  void whatCameMeanwhileAndIsTheSameInAllThatCountsIsTaken(String type) {
    ObjectNode alike = alike(type, "990901");
    alike.put("criticality", "low");
    if (!type.equals("Coverage") && !type.equals("RelatedPerson")) {
      // Of those it would say that they are for one visit only.
      alike
          .putArray("extension")
          .addObject()
          .put("url", "urn:of-cerner")
          .putObject("valueReference")
          .put("reference", "Encounter/97990101");
    }

    RestAnswer answer = createdMeanwhile(sent(type), (ArrayNode) list(alike));

    assertThat(location(answer)).endsWith("/990901");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "Observation # {} # {'code':{'coding':[{'system':'urn:own','code':'21704910'},"
            + "{'system':'http://loinc.org','code':'2823-3','display':'Potassium Lvl'}],"
            + "'text':'Potassium Lvl'},'valueQuantity':{'value':4.1,'unit':'mEq per litre',"
            + "'system':'http://unitsofmeasure.org','code':'mmol/L'},"
            + "'subject':{'reference':'Patient/12990001','display':'Z'},"
            + "'effectiveDateTime':'2026-11-20T04:00:00-06:00'}",
        "AllergyIntolerance # {} # {'onsetDateTime':'2026-11-20','note':[{'text':'As a child',"
            + "'time':'2026-11-20T10:00:00Z'}]}",
        "RelatedPerson # {'name':[{'use':'official','family':'ZZTESTKIN','given':['A','B','C']}]}"
            + " # {'name':[{'use':'official','family':'ZZTESTKIN','given':['A','B C'],"
            + "'text':'ZZTESTKIN, A B C'}]}"
      })
  void whatCernerWritesInItsOwnWayMakesNoDifference(String type, String sends, String writes) {
    ObjectNode resource = sent(type);
    resource.setAll(json(sends));
    ObjectNode written = alike(type, "990901");
    written.setAll(json(writes));

    RestAnswer answer = createdMeanwhile(resource, (ArrayNode) list(written));

    assertThat(location(answer)).endsWith("/990901");
  }

  @ParameterizedTest
  @MethodSource("types")
  void whatCouldNotBeSeenWholeBeforeDecidesNothing(String type) {
    engine.faults(post(type, AFTER));
    engine.addFaults(
        "[{'method':'POST','path':'"
            + type
            + "',"
            + AFTER
            + "},{'method':'GET','path':'"
            + type
            + "','outcomeEntry':true,'times':1}]");

    assertThat(unknown(created(sent(type)))).contains("could not be seen");
  }

  /** Where it was not there before, it is new: also when its version is not that of a new one. */
  @ParameterizedTest
  @CsvSource({"Condition,201", "Observation,504"})
  void aVersionCountsWhereItTellsWhatIsNew(String type, int status) {
    ObjectNode changed = alike(type, "990901");
    ((ObjectNode) changed.path("meta")).put("versionId", "7");

    assertThat(createdMeanwhile(sent(type), (ArrayNode) list(changed)).status()).isEqualTo(status);
  }

  @Test
  void aPractitionerWithoutANumberIsLookedForInVain() {
    engine.faults(post("Practitioner", AFTER));
    ObjectNode nameless = sent("Practitioner");
    nameless.remove("identifier");

    assertThat(unknown(created(nameless))).contains("nothing by which Cerner could be searched");
    assertThat(engine.asked("GET", "Practitioner")).isZero();
  }

  @Test
  void aCoverageOfAVisitIsLookedForAtTheVisit() {
    engine.faults(post("Coverage", AFTER));
    ObjectNode ofVisit = sent("Coverage");
    ofVisit
        .putArray("extension")
        .addObject()
        .put("url", "https://fhir-ehr.cerner.com/r4/StructureDefinition/coverage-encounter")
        .putObject("valueReference")
        .put("reference", "Encounter/97990101");

    assertThat(location(created(ofVisit))).contains("/enc-");
    assertThat(engine.requests().toString()).contains("-encounter=97990101");
  }

  /** Who may write and not read files as before; only a lost answer stays unknown then. */
  @Test
  void whoMayNotReadCreatesAllTheSame() {
    engine.reset();
    String scopes = EngineInFrontOfSandbox.SCOPES.replace(" system/Immunization.read", "");
    try (EngineInFrontOfSandbox.Fresh fresh = engine.unhurried(scopes)) {
      for (int i = 0; i < 6; i++) {
        location(fresh.engine().post("Immunization", sent("Immunization")));
      }
      engine.addFaults(post("Immunization", AFTER));
      assertThat(unknown(fresh.engine().post("Immunization", sent("Immunization"))))
          .contains("could not be seen");
    }
  }

  /** Cerner stores it after all, later than its caller waited. */
  @ParameterizedTest
  @MethodSource("types")
  void whoAsksAgainUnderItsKeyHasItLookedForOnceMore(String type) {
    engine.faults(post(type, BEFORE));
    String key = "late-" + type;
    try (EngineInFrontOfSandbox.Fresh fresh = engine.unhurried(EngineInFrontOfSandbox.SCOPES)) {
      unknown(keyed(fresh, type, key));
      assertThat(unknown(keyed(fresh, type, key))).contains("outcome-unknown");
      engine.seed(list(alike(type, "990902")));

      RestAnswer settled = keyed(fresh, type, key);

      assertThat(location(settled)).endsWith("/990902");
      assertThat(settled.headers()).doesNotContainKey("Idempotency-Replayed");
      RestAnswer again = keyed(fresh, type, key);
      assertThat(location(again)).endsWith("/990902");
      assertThat(again.headers()).containsKey("Idempotency-Replayed");
    }
    assertThat(engine.asked("POST", type)).as("it is never made again").isEqualTo(1);
  }

  @Test
  void anActionAskedAgainUnderItsKeyAnswersInItsOwnWay() {
    engine.reset();
    RestRequest request =
        EngineInFrontOfSandbox.request(
            "POST",
            "create-document",
            Map.of("content-type", "application/json", "idempotency-key", "late-note"),
            "{\"patientResourceId\":\"12990001\",\"note\":\"All is well.\"}");
    engine.addFaults(
        "[{'method':'POST','path':'DocumentReference','drop':'after-commit','times':1},"
            + "{'method':'GET','path':'DocumentReference','status':503}]");
    RestAnswer settled;
    try (EngineInFrontOfSandbox.Fresh fresh = engine.unhurried(EngineInFrontOfSandbox.SCOPES)) {
      assertThat(unknown(fresh.engine().actions.handle(request))).contains("in its title");
      engine.addFaults("[]");
      settled = fresh.engine().actions.handle(request);
    }

    assertThat(location(settled)).endsWith("/" + newest("DocumentReference").path("id").asText());
    assertThat(json(settled).path("resourceId").asText())
        .isEqualTo(newest("DocumentReference").path("id").asText());
    assertThat(engine.asked("POST", "DocumentReference")).isEqualTo(1);
  }

  private static RestAnswer keyed(EngineInFrontOfSandbox.Fresh fresh, String type, String key) {
    return fresh.engine().post(type, sent(type), Map.of("idempotency-key", key));
  }
}
