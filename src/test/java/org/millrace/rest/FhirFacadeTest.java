package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.ROOT;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.newcomer;
import static org.millrace.rest.EngineInFrontOfSandbox.note;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FhirFacadeTest {
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
    "Patient, 12990001",
    "Encounter, 97990101",
    "Appointment, 4890001",
    "DocumentReference, 209990001"
  })
  void aResourceIsReadById(String type, String id) {
    RestAnswer answer = engine.get(type + "/" + id);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("Content-Type", "application/fhir+json");
    assertThat(answer.headers().get("ETag")).startsWith("W/\"");
    assertThat(answer.headers()).containsKey("Last-Modified");
    assertThat(json(answer).path("resourceType").asText()).isEqualTo(type);
    assertThat(json(answer).path("id").asText()).isEqualTo(id);
  }

  @Test
  void aPatientIsEnrolledWhereTheSiteSaysAndElseRefusedUnderThePlace() {
    ObjectNode patient = newcomer("ZZTESTNEW");
    patient.remove("identifier");
    RestAnswer made = engine.post("Patient", patient);
    assertThat(made.status()).as(new String(made.body())).isEqualTo(201);

    FhirFacade nowhere =
        new FhirFacade(
            engine.cerner,
            engine.creating,
            EngineInFrontOfSandbox.MAPPER,
            engine.settings,
            Clock.systemUTC());
    RestAnswer refused =
        nowhere.handle(
            request(
                "POST",
                "Patient",
                Map.of("content-type", "application/fhir+json"),
                patient.toString()));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(json(refused).at("/issue/0/details/text").asText())
        .startsWith("Patient.identifier.assigner.reference: is required by Cerner.")
        .contains("MILLRACE_ORGANIZATION_ID");
  }

  @Test
  void aCombinedPatientIsReadAsCernerHasIt() {
    ObjectNode patient = json(engine.get("Patient/12990013"));
    assertThat(patient.path("active").asBoolean(true)).isFalse();
    assertThat(patient.at("/link/0/type").asText()).isEqualTo("replaced-by");
  }

  @Test
  void anUnknownIdIs404WithCernersWordsAndRequestId() {
    RestAnswer answer = engine.get("Patient/999");
    assertThat(answer.status()).isEqualTo(404);
    JsonNode issue = theIssue(answer);
    assertThat(issue.path("code").asText()).isEqualTo("not-found");
    assertThat(issue.at("/details/coding/0/code").asText()).isEqualTo("not-found");
    assertThat(issue.path("diagnostics").asText()).contains("Not Found", "X-Request-Id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "identifier=urn:oid:2.16.840.1.113883.6.1000%7C9900101 | 12990001",
        "identifier=9900102 | 12990002",
        "_id=12990003 | 12990003",
        "family=ZZTESTMILLER&given=JOHN&gender=male | 12990002",
        "name=ZZTESTYILDIZ | 12990015",
        "birthdate=1961-03-14 | 12990001",
        "family:exact=ZZTESTM%C3%9CLLER | 12990004",
        "birthdate=ge1961-03-01&birthdate=le1961-03-31&_format=json | 12990001"
      })
  void aPatientIsFoundBy(String query, String id) {
    RestAnswer answer = engine.get("Patient?" + query);
    assertThat(answer.status()).isEqualTo(200);
    ObjectNode bundle = json(answer);
    assertThat(bundle.path("type").asText()).isEqualTo("searchset");
    assertThat(bundle.path("entry")).hasSize(1);
    JsonNode entry = bundle.at("/entry/0");
    assertThat(entry.at("/resource/id").asText()).isEqualTo(id);
    assertThat(entry.path("fullUrl").asText()).isEqualTo(ROOT + "/fhir/r4/Patient/" + id);
    assertThat(entry.at("/search/mode").asText()).isEqualTo("match");
    assertThat(bundle.path("total").asInt()).isEqualTo(1);
    assertThat(bundle.at("/link/0/relation").asText()).isEqualTo("self");
    assertThat(bundle.at("/link/0/url").asText()).startsWith(ROOT + "/fhir/r4/Patient?");
  }

  @Test
  void aSearchThatFindsNobodyIsAnEmptyBundle() {
    ObjectNode bundle = json(engine.get("Patient?family=ZZTESTNOBODY"));
    assertThat(bundle.has("entry")).isFalse();
    assertThat(bundle.path("total").asInt(-1)).isZero();
  }

  @Test
  void aSearchMayBePostedAsAForm() {
    RestAnswer answer =
        engine.fhir.handle(
            request(
                "POST",
                "Patient/_search?gender=male",
                Map.of("content-type", "application/x-www-form-urlencoded"),
                "family=ZZTESTMILLER"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(json(answer).path("entry")).hasSize(1);
  }

  @Test
  void theFormOfASearchHasALimitOfItsOwn() {
    RestAnswer answer =
        engine.fhir.handle(
            request(
                "POST",
                "Patient/_search",
                Map.of("content-type", "application/x-www-form-urlencoded"),
                "family=" + "X".repeat(SearchForm.LONGEST)));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(json(answer).at("/issue/0/details/text").asText()).contains("65536");
  }

  @Test
  void everyPageOfTwentyFiveEncountersIsReachedByTheEnginesOwnLinks() {
    List<String> ids = new ArrayList<>();
    String url = "Encounter?patient=Patient/12990006&_count=10";
    int pages = 0;
    while (!url.isEmpty()) {
      ObjectNode bundle = json(engine.get(url));
      bundle.path("entry").forEach(entry -> ids.add(entry.at("/resource/id").asText()));
      url = "";
      for (JsonNode link : bundle.path("link")) {
        assertThat(link.path("url").asText())
            .startsWith(ROOT + "/fhir/r4/Encounter?")
            .doesNotContain("pageContext");
        if (link.path("relation").asText().equals("next")) {
          url = link.path("url").asText().substring((ROOT + "/fhir/r4/").length());
        }
      }
      pages++;
    }
    assertThat(ids).hasSize(25).doesNotHaveDuplicates();
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void aPageLinkOfAnotherMakerIsRefused() {
    assertThat(engine.get("Encounter?_page=aHR0cDovL2V4YW1wbGUub3Jn").status()).isEqualTo(400);
    ObjectNode bundle = json(engine.get("Encounter?patient=12990006&_count=10"));
    String token = bundle.at("/link/1/url").asText().replaceAll(".*_page=", "");
    assertThat(engine.get("Patient?_page=" + token).status()).isEqualTo(400);
    assertThat(engine.get("Encounter?patient=1&_page=" + token).status()).isEqualTo(400);
    assertThat(engine.get("Encounter?_page=" + token).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Patient?shoe-size=44&family=X | shoe-size",
        "Patient?family=X&_method=delete | _method",
        "Patient?family:contains=X | family:contains",
        "Patient?family=X&family=Y | family",
        "Patient?birthdate=1980-01-31T10:00 | birthdate",
        "Patient?family=X&gender=M | gender",
        "Patient?gender=male | Patient",
        "Patient? | Patient",
        "Patient?family= | family",
        "Patient?family=X&_count=0 | _count",
        "Patient?_id=1&family=X | _id",
        "Encounter?patient=1&_id=2 | Encounter",
        "Encounter?status=planned | Encounter",
        "Encounter?subject=1&_count=7&date=2026-01-31 | date",
        "Encounter?subject=1&_count=7 | _count",
        "Encounter?patient=Group/1 | patient",
        "Patient/12990001?_summary=true | _summary"
      })
  void aSearchThatCernerWouldGetWrongIsRefusedByName(String search, String name) {
    RestAnswer answer = engine.get(search);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(theIssue(answer).at("/details/text").asText()).startsWith(name + ": ");
    assertThat(engine.requests().toString()).doesNotContain("\"GET\"");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, Patient/1, 'GET, PATCH'",
    "DELETE, DocumentReference/1, 'GET, PUT'",
    "PATCH, Practitioner/1, GET",
    "DELETE, Patient, 'GET, POST'",
    "POST, Slot, GET",
    "POST, metadata, GET",
    "GET, Patient/_search, POST"
  })
  void aMethodThatIsNotServedIs405WithThoseThatAre(String method, String path, String allow) {
    RestAnswer answer = engine.fhir.handle(request(method, path, Map.of(), ""));
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).containsEntry("Allow", allow);
    assertThat(theIssue(answer).path("code").asText()).isEqualTo("not-supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Group", "Group/1", "", "Binary", "Patient/1/_history"})
  void whatIsNotServedIs404(String path) {
    RestAnswer answer = engine.get(path);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(theIssue(answer).at("/details/coding/0/code").asText()).isEqualTo("not-served");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%20b", "%2e%2e%2e_", "x$validate", "123456789%3Fpatient%3D1"})
  void anIdThatIsNoneNeverReachesCerner(String id) {
    assertThat(engine.get("Patient/" + id).status()).isEqualTo(400);
    assertThat(engine.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/fhir+xml", "text/html", "application/json;q=0"})
  void onlyJsonIsAnswered(String accept) {
    RestAnswer answer =
        engine.fhir.handle(request("GET", "Patient/12990001", Map.of("accept", accept), ""));
    assertThat(answer.status()).isEqualTo(406);
    assertThat(theIssue(answer).path("code").asText()).isEqualTo("not-supported");
    assertThat(engine.get("Patient/12990001?_format=xml").status()).isEqualTo(406);
    assertThat(engine.get("Patient/12990001?_format=application/fhir+json").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "text/plain", "application/fhir+xml", "application/json;charset=latin1"})
  void aBodyThatIsNotJsonIs415(String contentType) {
    RestAnswer answer =
        engine.post("Patient", newcomer("ZZTESTNEW"), Map.of("content-type", contentType));
    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void aPatientIsCreatedAndItsLocationIsTheEngines() {
    RestAnswer answer = engine.post("Patient", newcomer("ZZTESTNEW"));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers()).containsEntry("ETag", "W/\"0\"");
    String location = answer.headers().getOrDefault("Location", "");
    assertThat(location).startsWith(ROOT + "/fhir/r4/Patient/");
    String path = location.substring((ROOT + "/fhir/r4/").length());
    assertThat(json(engine.get(path)).at("/name/0/family").asText()).isEqualTo("ZZTESTNEW");
  }

  @Test
  void aDocumentIsCreatedAndReadBackOnRequest() {
    RestAnswer answer =
        engine.post(
            "DocumentReference",
            note("12990001", "Note"),
            Map.of("prefer", "return=representation"));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers()).containsEntry("ETag", "W/\"1\"").containsKey("Location");
    assertThat(json(answer).path("resourceType").asText()).isEqualTo("DocumentReference");
    assertThat(json(answer).path("id").asText()).isNotEmpty();
  }

  @Test
  void aConditionalCreateIsRefusedByNameAndNothingIsSent() {
    RestAnswer answer =
        engine.post("Patient", newcomer("ZZTESTNEW"), Map.of("if-none-exist", "identifier=1"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(theIssue(answer).at("/details/text").asText()).contains("If-None-Exist");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void everyFaultOfABodyIsToldWithItsPlace() {
    ObjectNode patient = newcomer("ZZTESTNEW");
    patient.put("birthDate", "31.01.1980").put("gender", "f").put("shoeSize", 44);
    patient.put("active", "true");
    ((ObjectNode) patient.at("/name/0")).put("given", "VERA").put("famly", "X");
    RestAnswer answer = engine.post("Patient", patient);
    assertThat(answer.status()).isEqualTo(400);
    List<String> places = new ArrayList<>();
    json(answer).path("issue").forEach(issue -> places.add(issue.at("/expression/0").asText()));
    assertThat(places)
        .containsExactlyInAnyOrder(
            "Patient.birthDate",
            "Patient.gender",
            "Patient.shoeSize",
            "Patient.active",
            "Patient.name[0].given",
            "Patient.name[0].famly");
    assertThat(engine.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<script>", "text", "<div>", "<!DOCTYPE x><p/>"})
  void aNarrativeThatIsNoDivIsRefused(String div) {
    ObjectNode patient = newcomer("ZZTESTNEW");
    patient.putObject("text").put("status", "generated").put("div", div);
    RestAnswer answer = engine.post("Patient", patient);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(theIssue(answer).at("/expression/0").asText()).isEqualTo("Patient.text.div");
    patient
        .withObjectProperty("text")
        .put("div", "<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>");
    assertThat(engine.post("Patient", patient).status()).isEqualTo(201);
  }

  @Test
  void twoValuesOfOneChoiceAreRefused() {
    ObjectNode patient = newcomer("ZZTESTNEW");
    patient.put("deceasedBoolean", true).put("deceasedDateTime", "2026-01-31");
    RestAnswer answer = engine.post("Patient", patient);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(theIssue(answer).at("/expression/0").asText()).isEqualTo("Patient.deceasedDateTime");
  }

  @Test
  void aBodyOfAnotherTypeIsRefused() {
    RestAnswer answer = engine.post("Patient", note("12990001", "Note"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(theIssue(answer).at("/details/text").asText()).contains("must be Patient");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{\"resourceType\":\"Patient\",\"id\":\"1\",\"id\":\"2\"}"})
  void aBodyThatIsNoJsonObjectIsRefused(String body) {
    RestAnswer answer =
        engine.fhir.handle(
            request("POST", "Patient", Map.of("content-type", "application/fhir+json"), body));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(theIssue(answer).path("code").asText()).isEqualTo("structure");
  }

  @Test
  void aBodyNestedTooDeepIsRefused() {
    String deep = "{\"extension\":[".repeat(40) + "]}".repeat(40);
    RestAnswer answer =
        engine.fhir.handle(
            request("POST", "Patient", Map.of("content-type", "application/fhir+json"), deep));
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void whatCernerCannotStoreIsRefusedBeforeItIsAsked() {
    ObjectNode note = note("12990001", "Note");
    note.remove("docStatus");
    note.withArray("content").addObject();
    ((ObjectNode) note.path("content").path(1)).putObject("attachment").put("title", "Second");
    RestAnswer answer = engine.post("DocumentReference", note);
    assertThat(answer.status()).isEqualTo(422);
    JsonNode issues = json(answer).path("issue");
    assertThat(issues.findValuesAsText("text"))
        .contains(
            "DocumentReference.docStatus: is required by Cerner. It files no document without one.",
            "DocumentReference.content[1]: cannot be stored by Cerner on a new document reference; it"
                + " takes exactly 1. A document has one content.");
    assertThat(issues)
        .allSatisfy(
            issue -> {
              assertThat(issue.path("code").asText()).isEqualTo("business-rule");
              assertThat(issue.at("/details/coding/0/code").asText()).isEqualTo("target-refuses");
            });
  }

  @Test
  void whatCernerIgnoresIsToldWithTheCreateUnlessNoBodyIsWanted() {
    ObjectNode patient = newcomer("ZZTESTVERA").put("deceasedBoolean", true);
    RestAnswer told = engine.post("Patient", patient);
    assertThat(told.status()).isEqualTo(201);
    assertThat(json(told).at("/issue/1/severity").asText()).isEqualTo("warning");
    assertThat(json(told).at("/issue/1/expression/0").asText())
        .isEqualTo("Patient.deceasedBoolean");

    RestAnswer minimal =
        engine.post(
            "Patient",
            newcomer("ZZTESTVERONA").put("deceasedBoolean", true),
            Map.of("prefer", "return=minimal"));
    assertThat(minimal.status()).isEqualTo(201);
    assertThat(minimal.body()).isEmpty();
    assertThat(engine.post("Patient", newcomer("ZZTESTVALERIE")).body()).isEmpty();
  }

  @Test
  void whatCernerRefusesKeepsItsWords() {
    engine.faults("[{'method':'POST','path':'DocumentReference','status':422,'times':1}]");
    RestAnswer answer = engine.post("DocumentReference", note("12990001", "Note"));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(theIssue(answer).path("code").asText()).isEqualTo("processing");
    assertThat(theIssue(answer).path("diagnostics").asText()).contains("X-Request-Id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{'path':'Patient','status':503,'retryAfter':'17'}] | 503 | 17",
        "[{'path':'Patient','status':429}] | 503 | 5",
        "[{'path':'Patient','status':500}] | 503 | 5",
        "[{'path':'Patient','drop':'before'}] | 503 | 5",
        "[{'path':'token','status':503}] | 503 | 5",
        "[{'path':'Patient','latency':'3s'}] | 504 | ''",
        "[{'path':'Patient','status':403}] | 502 | ''",
        "[{'path':'Patient','status':423}] | 423 | ''",
        "[{'path':'Patient','status':200,'text':'<html>'}] | 502 | ''"
      })
  void aFailingCernerIsNeverNotFound(String faults, int status, String retryAfter) {
    engine.faults(faults);
    try (EngineInFrontOfSandbox.Fresh fresh = engine.fresh()) {
      RestAnswer answer = fresh.get("Patient/12990001");
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.headers().getOrDefault("Retry-After", "")).isEqualTo(retryAfter);
      assertThat(json(answer).path("resourceType").asText()).isEqualTo("OperationOutcome");
    }
  }

  @Test
  void credentialsThatCernerRefusesAreOurFaultAndNotTheCallers() {
    try (EngineInFrontOfSandbox.Fresh fresh =
        engine.fresh("wrong", EngineInFrontOfSandbox.SCOPES)) {
      RestAnswer answer = fresh.get("Patient/12990001");
      assertThat(answer.status()).isEqualTo(502);
      assertThat(theIssue(answer).at("/details/coding/0/code").asText())
          .isEqualTo("credentials-refused");
    }
  }

  @Test
  void aCreateWhoseAnswerWasLostIsFoundAgain() {
    engine.faults("[{'method':'POST','path':'DocumentReference','drop':'after-commit','times':1}]");
    int before = engine.stored("DocumentReference").size();
    RestAnswer answer = engine.post("DocumentReference", note("12990001", "Lost and found"));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers().get("Location")).contains("/DocumentReference/");
    assertThat(engine.stored("DocumentReference")).hasSize(before + 1);
  }

  @Test
  void aPatientWhoseAnswerWasLostIsFoundAgain() {
    engine.faults("[{'method':'POST','path':'Patient','drop':'after-commit','times':1}]");
    int before = engine.stored("Patient").size();
    ObjectNode newcomer = newcomer("ZZTESTLOST");
    ObjectNode number = newcomer.withArray("identifier").addObject();
    number.put("system", "urn:oid:2.16.840.1.113883.6.1000").put("value", "ZZTEST9948");
    ObjectNode type = number.putObject("type").putArray("coding").addObject();
    type.put("system", "http://terminology.hl7.org/CodeSystem/v2-0203").put("code", "MR");
    RestAnswer answer = engine.post("Patient", newcomer);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(engine.stored("Patient")).hasSize(before + 1);
  }

  @Test
  void aPatientWithoutANumberWhoseAnswerWasLostIsUnknown() {
    engine.faults("[{'method':'POST','path':'Patient','drop':'after-commit','times':1}]");
    RestAnswer answer = engine.post("Patient", newcomer("ZZTESTLOST"));
    assertThat(answer.status()).isEqualTo(504);
    assertThat(theIssue(answer).at("/details/coding/0/code").asText()).isEqualTo("outcome-unknown");
  }

  @Test
  void aCreateThatCannotBeFoundAgainIsUnknownAndNotRepeated() {
    engine.faults("[{'method':'POST','path':'DocumentReference','drop':'before','times':1}]");
    RestAnswer answer = engine.post("DocumentReference", note("12990001", "Never arrived"));
    assertThat(answer.status()).isEqualTo(504);
    assertThat(theIssue(answer).at("/details/coding/0/code").asText()).isEqualTo("outcome-unknown");
    assertThat(posts()).isEqualTo(1);
  }

  @Test
  void aDocumentWhoseSubjectIsNoPatientIsRefused() {
    ObjectNode note = note("12990001", "Note");
    ((ObjectNode) note.path("subject")).put("reference", "Group/1");
    RestAnswer answer = engine.post("DocumentReference", note);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(theIssue(answer).at("/expression/0").asText())
        .isEqualTo("DocumentReference.subject.reference");
  }

  @Test
  void aReferenceThatNamesTheEngineIsMadeRelative() {
    ObjectNode note = note("12990001", "Note");
    ((ObjectNode) note.path("subject")).put("reference", ROOT + "/fhir/r4/Patient/12990001");
    RestAnswer answer = engine.post("DocumentReference", note);
    assertThat(answer.status()).isEqualTo(201);
    JsonNode sent = engine.requests().get(engine.requests().size() - 1);
    assertThat(sent.at("/body/subject/reference").asText()).isEqualTo("Patient/12990001");
  }

  private static long posts() {
    long posts = 0;
    for (JsonNode request : engine.requests()) {
      if (request.path("method").asText().equals("POST")
          && request.toString().contains("DocumentReference")) {
        posts++;
      }
    }
    return posts;
  }

  @Test
  void absoluteLinksToCernerLeadToTheEngineWhereItServesThem() {
    ObjectNode patient = json(engine.get("Patient/12990001")).deepCopy();
    patient.put("id", "12990099");
    String cerner = engine.sandbox.fhirBaseUrl();
    patient.putObject("managingOrganization").put("reference", cerner + "/Group/675844");
    patient
        .putArray("link")
        .addObject()
        .put("type", "seealso")
        .putObject("other")
        .put("reference", cerner + "/Patient/12990002");
    engine.seed(EngineInFrontOfSandbox.list(patient));
    ObjectNode read = json(engine.get("Patient/12990099"));
    assertThat(read.at("/link/0/other/reference").asText())
        .isEqualTo(ROOT + "/fhir/r4/Patient/12990002");
    assertThat(read.at("/managingOrganization/reference").asText())
        .isEqualTo(cerner + "/Group/675844");
  }

  private static JsonNode theIssue(RestAnswer answer) {
    JsonNode outcome = json(answer);
    assertThat(outcome.path("resourceType").asText()).isEqualTo("OperationOutcome");
    assertThat(outcome.path("issue")).hasSize(1);
    return outcome.at("/issue/0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Patient/12990001", "Patient?identifier=9900101"})
  void whatCallersAskForAtOnceIsAskedOnceAndEachGetsIt(String path) throws Exception {
    engine.faults("[{'path':'Patient','latency':'500ms','times':1}]");
    ExecutorService callers = Executors.newFixedThreadPool(4);
    try {
      List<Future<RestAnswer>> asked = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        asked.add(callers.submit(() -> engine.get(path)));
      }
      for (Future<RestAnswer> each : asked) {
        assertThat(each.get().status()).isEqualTo(200);
        assertThat(json(each.get()).toString()).contains("ZZTESTMILLER");
      }
    } finally {
      callers.shutdownNow();
    }
    assertThat(engine.asked("GET", "Patient.*")).isEqualTo(1);
    engine.get(path);
    assertThat(engine.asked("GET", "Patient.*")).as("nothing is remembered").isEqualTo(2);
  }
}
