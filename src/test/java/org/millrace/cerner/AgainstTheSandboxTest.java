package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cerner.Bench.fault;
import static org.millrace.cerner.Bench.value;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.cerner.CernerSettings.Authorization;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;

class AgainstTheSandboxTest {
  private static final String V1 =
      "system/Patient.read system/Patient.write system/Encounter.read system/Appointment.read"
          + " system/DocumentReference.read system/DocumentReference.write";
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);

  private Sandbox sandbox;
  private CernerActions actions;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.start(SandboxOptions.defaults().withClock(CLOCK));
    actions = actions(sandbox.clientSecret(), V1);
  }

  @AfterEach
  void stop() {
    actions.close();
    sandbox.close();
  }

  private CernerActions actions(String secret, String scopes) {
    return new CernerActions(
        new CernerSettings(
            URI.create(sandbox.fhirBaseUrl()),
            Authorization.SMART,
            Optional.empty(),
            sandbox.tenantId(),
            sandbox.clientId(),
            secret,
            scopes,
            "urn:oid:2.16.840.1.113883.6.1000",
            Optional.of("675844"),
            Duration.ofSeconds(2)),
        CLOCK);
  }

  private static Call call() {
    return Call.within(Duration.ofSeconds(10));
  }

  @Test
  void aPatientIsFoundByNumberAndByName() {
    FhirResource patient = value(actions.findPatientByMrn("9900101", Optional.empty(), call()));
    assertThat(patient.id()).isEqualTo("12990001");
    assertThat(value(actions.getPatient("12990001", call())).etag()).startsWith("W/\"");
    assertThat(
            value(
                    actions.searchPatients(
                        List.of(
                            new Parameter("family", "ZZTESTMILLER"),
                            new Parameter("birthdate", "1961-03-14")),
                        call()))
                .matches())
        .extracting(match -> match.path("id").asText())
        .containsExactly("12990001");
    assertThat(fault(actions.findPatientByMrn("9900999", Optional.empty(), call())).code())
        .isEqualTo(FaultCode.NOT_FOUND);
    assertThat(fault(actions.findPatientByMrn("9900110", Optional.empty(), call())).code())
        .isEqualTo(FaultCode.SEVERAL_FOUND);
    assertThat(fault(actions.getPatient("1", call())).code()).isEqualTo(FaultCode.NOT_FOUND);
    assertThat(actions.grantedScopes()).contains("system/Patient.read");
  }

  @Test
  void aCombinedPatientLeadsToItsSurvivor() {
    assertThat(value(actions.getPatient("12990013", call())).json().path("active").asBoolean(true))
        .isFalse();
    assertThat(value(actions.getSurvivingPatient("12990013", call())).id()).isEqualTo("12990001");
  }

  @Test
  void encountersOfAPatientComeOldestFirst() {
    List<ObjectNode> encounters = value(actions.getPatientEncounters("12990001", call()));
    assertThat(encounters).hasSizeGreaterThan(1);
    assertThat(encounters)
        .extracting(encounter -> encounter.at("/period/start").asText())
        .isSorted();
    assertThat(value(actions.getEncounter("97990101", call())).type()).isEqualTo("Encounter");
  }

  @Test
  void aNoteIsFiledAndFoundAgain() {
    Created created = value(actions.createDocument(note("Note 4711"), call()));
    assertThat(created.version()).isEqualTo("1");
    assertThat(value(actions.getDocument(created.id(), call())).id()).isEqualTo(created.id());
    assertThat(found(CLOCK.instant().minusSeconds(60))).contains(created.id());
  }

  @Test
  void aNoteIsCorrectedOnceForEachVersion() {
    Created created = value(actions.createDocument(note("Note 4713"), call()));
    ObjectNode amended = note("Note 4713").put("id", created.id()).put("docStatus", "amended");
    amended
        .withObject("/content/0/attachment")
        .put("contentType", "text/html;charset=utf-8")
        .put("data", "PHA+U2VlbiB0b2RheS48L3A+");

    Updated updated =
        value(actions.updateDocument(created.id(), created.version(), amended, call()));

    assertThat(updated.version()).isEqualTo("2");
    assertThat(value(actions.getDocument(created.id(), call())).json().path("docStatus").asText())
        .isEqualTo("amended");
    assertThat(
            fault(actions.updateDocument(created.id(), created.version(), amended, call())).code())
        .isEqualTo(FaultCode.CONFLICT);
  }

  @Test
  void aNoteWhoseAnswerWasLostIsFoundByLookingForIt() throws Exception {
    value(actions.getPatient("12990001", call()));
    setFault(
        "{\"method\":\"POST\",\"path\":\"DocumentReference\",\"drop\":\"after-commit\",\"times\":1}");
    List<String> before = found(CLOCK.instant().minusSeconds(60));
    Fault lost = fault(actions.createDocument(note("Note 4712"), call()));
    assertThat(lost.code()).isEqualTo(FaultCode.CONNECTION_BROKEN);
    assertThat(lost.nothingStored()).isFalse();
    assertThat(found(CLOCK.instant().minusSeconds(60))).hasSize(before.size() + 1);
  }

  @Test
  void whatCernerRefusesIsToldInItsWords() {
    ObjectNode without = note("Note");
    without.remove("docStatus");
    Fault refused = fault(actions.createDocument(without, call()));
    assertThat(refused.code()).isEqualTo(FaultCode.REFUSED);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.cernerText()).isNotEmpty();
    assertThat(refused.requestId()).isNotEmpty();
  }

  @Test
  void aTokenThatExpiredMidwayIsReplaced() throws Exception {
    value(actions.getPatient("12990001", call()));
    setFault("{\"path\":\"Patient\",\"expiredToken\":true,\"times\":1}");
    assertThat(value(actions.getPatient("12990001", call())).id()).isEqualTo("12990001");
  }

  @Test
  void manyCallersWithAnExpiredTokenShareOneNewToken() throws Exception {
    value(actions.getPatient("12990001", call()));
    long before = tokensAsked();
    setFault("{\"path\":\"Patient\",\"expiredToken\":true,\"times\":1}");
    List<CompletableFuture<Reply<FhirResource>>> all = new ArrayList<>();
    ExecutorService callers = Executors.newFixedThreadPool(25);
    try {
      for (int i = 0; i < 50; i++) {
        all.add(
            CompletableFuture.supplyAsync(() -> actions.getPatient("12990001", call()), callers));
      }
      for (CompletableFuture<Reply<FhirResource>> one : all) {
        assertThat(value(one.get(20, TimeUnit.SECONDS)).id()).isEqualTo("12990001");
      }
    } finally {
      callers.shutdownNow();
    }
    assertThat(tokensAsked() - before).isEqualTo(1);
  }

  @Test
  void throttlingAndOutagesAreToldApart() throws Exception {
    value(actions.getPatient("12990001", call()));
    setFault("{\"path\":\"Patient\",\"status\":503,\"times\":1}");
    assertThat(fault(actions.getPatient("12990001", call())).code())
        .isEqualTo(FaultCode.UNAVAILABLE);
    setFault("{\"path\":\"Patient\",\"latency\":\"5s\",\"times\":1}");
    assertThat(fault(actions.getPatient("12990001", Call.within(Duration.ofMillis(300)))).code())
        .isEqualTo(FaultCode.TOO_SLOW);
    // Last, since it slows down what comes after it.
    setFault("{\"path\":\"Patient\",\"status\":429,\"times\":1}");
    assertThat(fault(actions.getPatient("12990001", call())).code()).isEqualTo(FaultCode.THROTTLED);
  }

  @Test
  void aNewPatientIsEnrolled() {
    ObjectNode patient = JsonNodeFactory.instance.objectNode().put("resourceType", "Patient");
    patient.put("active", true).put("gender", "female").put("birthDate", "1980-01-31");
    ObjectNode name = patient.putArray("name").addObject();
    name.put("use", "official").put("family", "ZZTESTNEW").putArray("given").add("EVA");
    patient
        .putArray("identifier")
        .addObject()
        .putObject("assigner")
        .put("reference", "Organization/675844");
    Created created = value(actions.createPatient(patient, call()));
    assertThat(created.version()).isEqualTo("0");
    assertThat(value(actions.getPatient(created.id(), call())).type()).isEqualTo("Patient");
  }

  @Test
  void aWrongSecretAndAWrongKindOfScopesAreTheSettingsFault() {
    try (CernerActions wrong = actions("not the secret", V1)) {
      assertThat(fault(wrong.getPatient("12990001", call())).code())
          .isEqualTo(FaultCode.CREDENTIALS_REFUSED);
    }
    try (CernerActions v2 = actions(sandbox.clientSecret(), "system/Patient.rs")) {
      Fault fault = fault(v2.getPatient("12990001", call()));
      assertThat(fault.code()).isEqualTo(FaultCode.NOT_PERMITTED);
      assertThat(fault.sentence()).contains("invalid_scope", "empty-scopes");
    }
    try (CernerActions patients = actions(sandbox.clientSecret(), "system/Patient.read")) {
      assertThat(fault(patients.getPatientEncounters("12990001", call())).code())
          .isEqualTo(FaultCode.NOT_PERMITTED);
    }
  }

  private List<String> found(Instant since) {
    return value(actions.findDocuments("12990001", since, call())).documents().stream()
        .map(document -> document.path("id").asText())
        .toList();
  }

  private static ObjectNode note(String title) {
    ObjectNode note = Bodies.document().put("status", "current").put("docStatus", "final");
    note.putObject("type")
        .putArray("coding")
        .addObject()
        .put("system", "http://loinc.org")
        .put("code", "11506-3");
    note.putObject("subject").put("reference", "Patient/12990001");
    String data =
        Base64.getEncoder().encodeToString("Seen today.".getBytes(StandardCharsets.UTF_8));
    note.putArray("content")
        .addObject()
        .putObject("attachment")
        .put("contentType", "text/plain;charset=utf-8")
        .put("data", data)
        .put("title", title);
    note.putObject("context").putObject("period").put("end", "2026-11-20T09:00:00Z");
    return note;
  }

  private long tokensAsked() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + "/requests")).build();
    String listed =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    return new ObjectMapper()
        .readTree(listed).path("requests").findValuesAsText("path").stream()
            .filter("token"::equals)
            .count();
  }

  private void setFault(String fault) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + "/faults"))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString("{\"faults\":[" + fault + "]}"))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(204);
  }
}
