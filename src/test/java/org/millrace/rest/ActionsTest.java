package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.ROOT;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionsTest {
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

  @Test
  void aPatientIsRead() {
    RestAnswer answer = engine.act("get-patient", "{'resourceId':'12990001'}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
    assertThat(json(answer).at("/patient/id").asText()).isEqualTo("12990001");
  }

  @Test
  void anEncounterIsRead() {
    RestAnswer answer = engine.act("get-encounter", "{'resourceId':'97990101'}");
    assertThat(json(answer).at("/encounter/id").asText()).isEqualTo("97990101");
  }

  @Test
  void anAppointmentComesWithWhatIsDrawnOutOfIt() {
    RestAnswer answer = engine.act("get-appointment", "{'resourceId':'4890001'}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(json(answer).at("/appointment/id").asText()).isEqualTo("4890001");
    assertThat(json(answer).path("appointmentStatus").asText()).isEqualTo("booked");
  }

  @Test
  void allEncountersOfAPatientComeAtOnce() {
    RestAnswer answer = engine.act("get-patient-encounters", "{'patientResourceId':'12990006'}");
    assertThat(json(answer).path("encounters")).hasSize(25);
  }

  @Test
  void noEncountersAreAnAnswer() {
    RestAnswer answer = engine.act("get-patient-encounters", "{'patientResourceId':'12990010'}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(json(answer).path("encounters")).isEmpty();
  }

  @Test
  void aNumberFindsItsPatient() {
    RestAnswer answer = engine.act("find-patient-by-mrn", "{'mrn':'9900101'}");
    assertThat(json(answer)).isEqualTo(json("{'resourceId':'12990001'}"));
    RestAnswer other =
        engine.act(
            "find-patient-by-mrn",
            "{'mrn':'9900914','system':'urn:oid:2.16.840.1.113883.3.787.0.0'}");
    assertThat(json(other).path("resourceId").asText()).isEqualTo("12990014");
  }

  @Test
  void noneAndSeveralAreToldApart() {
    RestAnswer none = engine.act("find-patient-by-mrn", "{'mrn':'9900999'}");
    assertThat(none.status()).isEqualTo(404);
    assertThat(json(none).path("code").asText()).isEqualTo("patient-not-found");
    RestAnswer several = engine.act("find-patient-by-mrn", "{'mrn':'9900110'}");
    assertThat(several.status()).isEqualTo(409);
    assertThat(json(several).path("code").asText()).isEqualTo("several-patients");
    assertThat(several.body()).asString().doesNotContain("1299001");
  }

  @Test
  void aPatientIsCreated() {
    RestAnswer answer =
        engine.act(
            "create-patient",
            "{'assigningOrganizationId':'675844','givenName':'VERA','familyName':'ZZTESTNEW',"
                + "'birthDate':'1980-01-31','email':null}");
    assertThat(answer.status()).isEqualTo(201);
    String id = json(answer).path("resourceId").asText();
    assertThat(answer.headers()).containsEntry("Location", ROOT + "/fhir/r4/Patient/" + id);
    assertThat(json(engine.get("Patient/" + id)).at("/name/0/family").asText())
        .isEqualTo("ZZTESTNEW");
  }

  @Test
  void aDocumentIsCreated() {
    RestAnswer answer =
        engine.act("create-document", "{'patientResourceId':'12990001','note':'All is well.'}");
    assertThat(answer.status()).isEqualTo(201);
    String id = json(answer).path("resourceId").asText();
    assertThat(answer.headers())
        .containsEntry("Location", ROOT + "/fhir/r4/DocumentReference/" + id);
    JsonNode sent = engine.requests().get(engine.requests().size() - 1);
    assertThat(sent.toString())
        .containsPattern("end[^}]{3,8}\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?([+-]|Z)");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain,text/plain;charset=utf-8",
    "text/html,text/html;charset=utf-8",
    "text/plain; charset=UTF-8,text/plain;charset=utf-8",
    "TEXT/HTML;Charset=\\\"Utf-8\\\",text/html;charset=utf-8",
    "application/xhtml+xml,application/xhtml+xml;charset=utf-8",
    "application/xml,application/xml;charset=utf-8"
  })
  void anySpellingOfAMediaTypeBecomesCerners(String given, String sent) {
    RestAnswer answer =
        engine.act(
            "create-document",
            "{'patientResourceId':'12990001','note':'<p>Well.</p>','contentType':'" + given + "'}");
    assertThat(answer.status()).isEqualTo(201);
    String id = json(answer).path("resourceId").asText();
    assertThat(json(engine.get("DocumentReference/" + id)).at("/content/0/attachment/contentType"))
        .hasToString('"' + sent + '"');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain;charset=iso-8859-1", "image/png", "application/json", "text", ";", ""})
  void aMediaTypeThatCernerDoesNotTakeIsRefusedByName(String given) {
    RestAnswer answer =
        engine.act(
            "create-document",
            "{'patientResourceId':'12990001','note':'x','contentType':'" + given + "'}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).at("/errors/0/field").asText()).isEqualTo("contentType");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void halfACharacterIsRefusedAndNotReplaced() {
    RestAnswer answer =
        engine.act("create-document", "{'patientResourceId':'12990001','note':'a\\ud800b'}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).path("code").asText()).isEqualTo("malformed-body");
    assertThat(engine.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'mrn': ZZTESTMILLER}", "{'mrn':'ZZTESTMILLER", "{", "{'ZZTESTMILLER':{'a':"})
  void whatCannotBeReadIsNotQuoted(String body) {
    RestAnswer answer = engine.act("find-patient-by-mrn", body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).path("detail").asText())
        .contains("line 1, column")
        .doesNotContain("ZZTEST", "Source:", "REDACTED", "com.fasterxml");
  }

  @Test
  void everyFaultOfTheInputIsToldAtOnce() {
    RestAnswer answer =
        engine.act(
            "create-patient",
            "{'givenName':' ','ssn':'900000101','birthDate':'2026-02-30','gender':'F',"
                + "'email':'nobody','shoeSize':44}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers()).containsEntry("Content-Type", "application/problem+json");
    JsonNode problem = json(answer);
    assertThat(problem.path("code").asText()).isEqualTo("invalid-input");
    assertThat(problem.path("status").asInt()).isEqualTo(400);
    assertThat(problem.path("type").asText()).isNotBlank();
    assertThat(problem.path("title").asText()).isNotBlank();
    assertThat(problem.path("detail").asText()).isNotBlank();
    List<String> fields = new ArrayList<>();
    problem.path("errors").forEach(error -> fields.add(error.path("field").asText()));
    assertThat(fields)
        .containsExactlyInAnyOrder(
            "assigningOrganizationId",
            "givenName",
            "familyName",
            "ssn",
            "birthDate",
            "gender",
            "email",
            "shoeSize");
    assertThat(engine.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "..", "1?x=2", "id with space"})
  void anIdThatIsNoneNeverReachesCerner(String id) {
    RestAnswer answer = engine.act("get-patient", "{'resourceId':'" + id + "'}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void malformedJsonIsToldWithItsPlace() {
    RestAnswer answer = engine.act("get-patient", "{'resourceId':\n  oops}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).path("code").asText()).isEqualTo("malformed-body");
    assertThat(json(answer).path("detail").asText()).contains("line 2, column");
  }

  @Test
  void anUnknownActionNamesThoseThereAre() {
    RestAnswer answer = engine.act("delete-patient", "{}");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(json(answer).path("code").asText()).isEqualTo("unknown-action");
    assertThat(json(answer).path("detail").asText()).contains("get-patient", "create-document");
  }

  @Test
  void anActionIsPostedAndNothingElse() {
    for (String method : List.of("GET", "PUT", "DELETE")) {
      RestAnswer answer = engine.actions.handle(request(method, "get-patient", Map.of(), ""));
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.headers()).containsEntry("Allow", "POST");
    }
  }

  @Test
  void aMethodOverrideIsNoParameterOfAnAction() {
    RestAnswer answer =
        engine.actions.handle(
            request(
                "POST",
                "get-patient?_method=delete",
                Map.of("content-type", "application/json"),
                "{\"resourceId\":\"12990001\"}"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).path("code").asText()).isEqualTo("unknown-parameter");
  }

  @Test
  void mediaTypesAreJson() {
    RestAnswer text =
        engine.actions.handle(
            request("POST", "get-patient", Map.of("content-type", "text/plain"), "{}"));
    assertThat(text.status()).isEqualTo(415);
    RestAnswer xml =
        engine.actions.handle(
            request(
                "POST",
                "get-patient",
                Map.of("content-type", "application/json", "accept", "application/xml"),
                "{}"));
    assertThat(xml.status()).isEqualTo(406);
    assertThat(xml.headers()).containsEntry("Content-Type", "application/problem+json");
  }

  @Test
  void cernersRefusalKeepsItsWords() {
    engine.faults(
        "[{'method':'POST','path':'DocumentReference','status':422,'body':{'resourceType':"
            + "'OperationOutcome','issue':[{'severity':'error','code':'business-rule',"
            + "'details':{'text':'Chart is locked for audit'}}]}}]");
    RestAnswer answer =
        engine.act("create-document", "{'patientResourceId':'12990001','note':'All is well.'}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(json(answer).path("code").asText()).isEqualTo("refused");
    assertThat(json(answer).path("cernerText").asText()).contains("Chart is locked for audit");
    assertThat(json(answer).path("detail").asText()).contains("Chart is locked for audit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{'path':'Patient','status':503,'retryAfter':'17'}] | 503 | 17 | unavailable",
        "[{'path':'Patient','latency':'3s'}] | 504 | '' | too-slow",
        "[{'path':'Patient','status':404}] | 404 | '' | not-found"
      })
  void aFailingCernerIsToldAsSuch(String faults, int status, String retryAfter, String code) {
    engine.faults(faults);
    RestAnswer answer = engine.act("get-patient", "{'resourceId':'12990001'}");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.headers().getOrDefault("Retry-After", "")).isEqualTo(retryAfter);
    assertThat(json(answer).path("code").asText()).isEqualTo(code);
  }

  @Test
  void refusedCredentialsAre502() {
    try (EngineInFrontOfSandbox.Fresh fresh =
        engine.fresh("wrong", EngineInFrontOfSandbox.SCOPES)) {
      RestAnswer answer = fresh.act("get-patient", "{'resourceId':'12990001'}");
      assertThat(answer.status()).isEqualTo(502);
      assertThat(json(answer).path("code").asText()).isEqualTo("credentials-refused");
    }
  }

  @Test
  void aLostAnswerIsLookedUpAndElseUnknown() {
    engine.faults("[{'method':'POST','path':'DocumentReference','drop':'after-commit','times':1}]");
    String fields = "{'patientResourceId':'12990001','note':'All is well.'}";
    assertThat(engine.act("create-document", fields).status()).isEqualTo(201);
    engine.faults("[{'method':'POST','path':'DocumentReference','drop':'before','times':1}]");
    RestAnswer unknown = engine.act("create-document", fields);
    assertThat(unknown.status()).isEqualTo(504);
    assertThat(json(unknown).path("code").asText()).isEqualTo("outcome-unknown");
  }

  @Test
  void aFieldThatIsNullIsLeftOut() {
    assertThat(
            json(engine.act("find-patient-by-mrn", "{'mrn':'9900101','system':null}"))
                .path("resourceId")
                .asText())
        .isEqualTo("12990001");
    assertThat(
            engine
                .act(
                    "patch-patient",
                    "{'resourceId':'12990001','gender':'other','version':null,'city':null}")
                .status())
        .isEqualTo(200);
    assertThat(text(engine.act("find-patient-by-mrn", "{'mrn':null}"))).contains("is required");
    assertThat(text(engine.act("find-patient-by-mrn", "{'mrn':'9900101','shoe':null}")))
        .contains("is no field of this action");
  }

  @Test
  void aDateIsOneOfTheCalendarAndATimeOneOfTheClock() {
    engine.reset();
    for (String fields :
        List.of(
            "patch-patient {'resourceId':'12990001','birthDate':'2026-02-30'} birthDate",
            "search-patients {'familyName':'ZZ','birthDateFrom':'2026-02-30'} birthDateFrom",
            "search-patients {'familyName':'ZZ','birthDateUntil':'2026-13'} birthDateUntil",
            "patch-encounter {'resourceId':'1','end':'2026-04-31T10:00:00Z'} end",
            "patch-encounter {'resourceId':'1','end':'2026-04-30T25:00Z'} end")) {
      String[] parts = fields.split(" ");
      RestAnswer answer = engine.act(parts[0], parts[1]);
      assertThat(answer.status()).as(fields).isEqualTo(400);
      assertThat(json(answer).at("/errors/0/field").asText()).isEqualTo(parts[2]);
      assertThat(text(answer)).contains("is no date of the calendar");
    }
    assertThat(engine.requests()).isEmpty();
    assertThat(
            engine
                .act("patch-patient", "{'resourceId':'12990001','birthDate':'2024-02-29'}")
                .status())
        .isEqualTo(200);
  }

  private static String text(RestAnswer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
