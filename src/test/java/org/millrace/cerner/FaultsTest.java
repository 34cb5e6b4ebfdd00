package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cerner.Bench.fault;
import static org.millrace.cerner.Bench.value;
import static org.millrace.cerner.ScriptedServer.answer;
import static org.millrace.cerner.ScriptedServer.cutOff;
import static org.millrace.cerner.ScriptedServer.drop;
import static org.millrace.cerner.ScriptedServer.json;
import static org.millrace.cerner.ScriptedServer.status;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.Ports;
import org.millrace.cerner.CernerSettings.Authorization;

class FaultsTest {
  private final Bench bench = new Bench();
  private final CernerActions actions = bench.withoutToken();

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource({
    "400, REFUSED, true",
    "401, CREDENTIALS_REFUSED, true",
    "403, NOT_PERMITTED, true",
    "404, NOT_PERMITTED, true",
    "406, REFUSED, true",
    "407, NOT_PERMITTED, true",
    "408, SERVER_ERROR, false",
    "409, CONFLICT, true",
    "412, CONFLICT, true",
    "415, REFUSED, true",
    "422, REFUSED, true",
    "423, LOCKED, true",
    "424, REFUSED, true",
    "425, SERVER_ERROR, false",
    "429, THROTTLED, true",
    "500, SERVER_ERROR, false",
    "502, SERVER_ERROR, false",
    "503, UNAVAILABLE, true",
    "504, SERVER_ERROR, false",
    "302, UNREADABLE_ANSWER, false",
    "204, UNREADABLE_ANSWER, false"
  })
  void aStatusToACreateTellsTheKindAndWhetherAnythingWasStored(
      int status, FaultCode code, boolean nothingStored) {
    bench.fhir.does(request -> answer(status, Map.of("X-Request-Id", "r-1"), ""));
    Fault fault = fault(actions.createDocument(Bodies.document(), bench.call()));
    assertThat(fault.code()).isEqualTo(code);
    assertThat(fault.nothingStored()).isEqualTo(nothingStored);
    assertThat(fault.status()).isEqualTo(status);
    assertThat(fault.requestId()).isEqualTo("r-1");
    assertThat(bench.fhir.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 401, 403, 404})
  void settingsOfATenantAreToldByTheNamesTheyHave(int status) {
    CernerActions ofNorth =
        bench.opened(
            new CernerActions(
                Bench.settings(
                        bench.fhir.url(Bench.ROOT),
                        Authorization.NONE,
                        Optional.empty(),
                        Optional.empty())
                    .named("MILLRACE_TENANT_NORTH_"),
                bench.clock));
    // A page of a gateway, not an answer of FHIR.
    bench.fhir.does(request -> answer(status, Map.of(), "<h1>Oops</h1>"));

    assertThat(fault(ofNorth.getPatient("12", bench.call())).sentence())
        .contains("MILLRACE_TENANT_NORTH_")
        .doesNotContainPattern("MILLRACE_(?!TENANT_NORTH_)");
    assertThat(fault(actions.getPatient("12", bench.call())).sentence())
        .contains("MILLRACE_")
        .doesNotContain("NORTH");
  }

  @Test
  void onlyAFhirServerCanSayThatARecordDoesNotExist() {
    bench.fhir.does(request -> answer(404, Map.of(), outcome("error", "not-found", "")));
    assertThat(fault(actions.getPatient("12", bench.call())).code()).isEqualTo(FaultCode.NOT_FOUND);

    bench.fhir.does(
        request -> answer(404, Map.of("Content-Type", "text/html"), "<html><h1>Oops</h1></html>"));
    assertThat(fault(actions.getPatient("12", bench.call())).code())
        .isEqualTo(FaultCode.NOT_PERMITTED);

    bench.fhir.does(request -> answer(404, Map.of(), outcome("error", "not-found", "")));
    assertThat(fault(actions.getPatientEncounters("12", bench.call())).code())
        .isEqualTo(FaultCode.NOT_PERMITTED);
  }

  @Test
  void aRecordThatCernerCannotExpressIsNotTriedForEver() {
    bench.fhir.does(request -> answer(500, Map.of(), outcome("fatal", "required", "")));
    assertThat(fault(actions.getEncounter("1", bench.call())).code())
        .isEqualTo(FaultCode.RECORD_DEFECT);
    Fault create = fault(actions.createDocument(Bodies.document(), bench.call()));
    assertThat(create.code()).isEqualTo(FaultCode.SERVER_ERROR);
    assertThat(create.nothingStored()).isFalse();
  }

  @Test
  void moreThanAThousandPatientsAreTooMany() {
    bench.fhir.does(request -> status(422));
    Parameter family = new Parameter("family", "S");
    assertThat(fault(actions.searchPatients(List.of(family), bench.call())).code())
        .isEqualTo(FaultCode.TOO_MANY);
    assertThat(fault(actions.findPatientByMrn("1", Optional.empty(), bench.call())).code())
        .isEqualTo(FaultCode.REFUSED);
  }

  @Test
  void retryAfterIsReadInBothForms() {
    bench.fhir.does(request -> answer(429, Map.of("Retry-After", "17"), ""));
    assertThat(fault(actions.getPatient("1", bench.call())).retryAfter())
        .contains(Duration.ofSeconds(17));

    bench.clock.forward(Duration.ofSeconds(17));
    bench.fhir.does(
        request -> answer(503, Map.of("Retry-After", "Fri, 20 Nov 2026 10:02:17 GMT"), ""));
    assertThat(fault(actions.getPatient("1", bench.call())).retryAfter())
        .contains(Duration.ofMinutes(2));

    bench.clock.forward(Duration.ofMinutes(3));
    bench.fhir.does(
        request ->
            answer(
                503,
                Map.of(
                    "Retry-After", "Fri, 20 Nov 2026 12:00:30 GMT",
                    "Date", "Fri, 20 Nov 2026 12:00:00 GMT"),
                ""));
    assertThat(fault(actions.getPatient("1", bench.call())).retryAfter())
        .contains(Duration.ofSeconds(30));

    bench.clock.forward(Duration.ofMinutes(3));
    bench.fhir.does(request -> answer(503, Map.of("Retry-After", "soon"), ""));
    assertThat(fault(actions.getPatient("1", bench.call())).retryAfter()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"details\":{\"text\":\"Too long\"}}]}",
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"diagnostics\":\"Too long\"}]}",
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"details\":{\"coding\":"
            + "[{\"code\":\"x\",\"display\":\"Too long\"}]}}]}",
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"details\":{\"coding\":"
            + "[{\"code\":\"Too long\"}]}}]}",
        "<html><head><title>Too long</title></head><body>page</body></html>",
        "{\"message\":\"Too long\"}",
        "Too long\n"
      })
  void cernersWordsAreFoundWhereverTheyHide(String body) {
    bench.fhir.does(request -> answer(422, Map.of(), body));
    Fault fault = fault(actions.createDocument(Bodies.document(), bench.call()));
    assertThat(fault.cernerText()).isEqualTo("Too long");
    assertThat(fault.toString()).doesNotContain("Too long");
    assertThat(fault.sentence()).doesNotContain("Too long");
  }

  @Test
  void anAnswerThatIsNoFhirIsUnreadable() {
    bench.fhir.does(
        request -> answer(200, Map.of("Content-Type", "text/html"), "<title>Log in</title>"));
    Fault page = fault(actions.getPatient("12", bench.call()));
    assertThat(page.code()).isEqualTo(FaultCode.UNREADABLE_ANSWER);
    assertThat(page.cernerText()).isEqualTo("Log in");

    bench.fhir.does(request -> json("{\"resourceType\":\"Patient\",\"id\":\"13\"}"));
    assertThat(fault(actions.getPatient("12", bench.call())).code())
        .as("another patient than asked for")
        .isEqualTo(FaultCode.UNREADABLE_ANSWER);

    bench.fhir.does(request -> json(Bench.PATIENT));
    assertThat(fault(actions.getPatientEncounters("12", bench.call())).code())
        .isEqualTo(FaultCode.UNREADABLE_ANSWER);
  }

  @Test
  void aConnectionThatIsRefusedStoredNothing() throws IOException {
    try (Ports.Closed nobody = new Ports.Closed()) {
      Fault refused = createAt("http://127.0.0.1:" + nobody.number() + "/r4");
      assertThat(refused.code()).isEqualTo(FaultCode.UNREACHABLE);
      assertThat(refused.nothingStored()).isTrue();
    }
  }

  @Test
  void aFailedTlsHandshakeStoredNothing() {
    URI plain = bench.fhir.url("/r4");
    Fault tls = createAt("https://127.0.0.1:" + plain.getPort() + "/r4");
    assertThat(tls.code()).isEqualTo(FaultCode.UNREACHABLE);
    assertThat(tls.nothingStored()).isTrue();
  }

  private Fault createAt(String base) {
    CernerSettings settings =
        Bench.settings(URI.create(base), Authorization.NONE, Optional.empty(), Optional.empty());
    CernerActions there = bench.opened(new CernerActions(settings, bench.clock));
    return fault(there.createDocument(Bodies.document(), bench.call()));
  }

  @Test
  void aConnectionThatBreaksAfterTheRequestLeavesTheOutcomeOpen() {
    bench.fhir.does(request -> drop());
    Fault dropped = fault(actions.createDocument(Bodies.document(), bench.call()));
    assertThat(dropped.code()).isEqualTo(FaultCode.CONNECTION_BROKEN);
    assertThat(dropped.nothingStored()).isFalse();
    assertThat(bench.fhir.requests()).as("never sent again by itself").hasSize(1);

    bench.fhir.does(request -> cutOff(200, Map.of()));
    assertThat(fault(actions.getPatient("12", bench.call())).code())
        .isEqualTo(FaultCode.CONNECTION_BROKEN);
  }

  @Test
  void aRefusalStaysOneThoughItsTextBreaksOff() {
    bench.fhir.does(request -> cutOff(422, Map.of()));
    Fault refused = fault(actions.createDocument(Bodies.document(), bench.call()));
    assertThat(refused.code()).isEqualTo(FaultCode.REFUSED);
    assertThat(refused.nothingStored()).isTrue();

    bench.fhir.does(request -> cutOff(201, Map.of("Location", "/r4/DocumentReference/77")));
    assertThat(value(actions.createDocument(Bodies.document(), bench.call())).id()).isEqualTo("77");
  }

  @Test
  void anAnswerThatHangsOrDripsIsCutAtTheDeadline() {
    bench.fhir.does(request -> bench.fhir.hang());
    isCutInTime();
    bench.fhir.does(request -> bench.fhir.drip(200, Map.of()));
    isCutInTime();
  }

  private void isCutInTime() {
    long began = System.nanoTime();
    Fault slow =
        fault(actions.createDocument(Bodies.document(), bench.call(Duration.ofMillis(300))));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    assertThat(slow.code()).isEqualTo(FaultCode.TOO_SLOW);
    assertThat(slow.nothingStored()).isFalse();
  }

  @Test
  void aDeadlineThatHasPassedSendsNothing() {
    Fault late = fault(actions.createDocument(Bodies.document(), bench.call(Duration.ZERO)));
    assertThat(late.code()).isEqualTo(FaultCode.TOO_SLOW);
    assertThat(late.nothingStored()).isTrue();
    assertThat(bench.fhir.requests()).isEmpty();
  }

  @Test
  void aRedirectIsNotFollowedWithTheToken() {
    try (ScriptedServer elsewhere = new ScriptedServer()) {
      String target = elsewhere.url("/r4/Patient/12").toString();
      bench.fhir.does(request -> answer(307, Map.of("Location", target), ""));
      Fault fault = fault(bench.actions().getPatient("12", bench.call()));
      assertThat(fault.code()).isEqualTo(FaultCode.UNREADABLE_ANSWER);
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @Test
  void theStateTellsHowTheLastCallsWent() {
    assertThat(actions.state().good()).isTrue();
    assertThat(actions.state().lastSuccess()).isEmpty();

    bench.fhir.does(request -> status(503));
    fault(actions.getPatient("12", bench.call()));
    assertThat(actions.state().good()).isFalse();
    assertThat(actions.state().lastFault()).isEqualTo("unavailable");
    assertThat(actions.state().lastFailure()).contains(bench.clock.instant());

    bench.clock.forward(Duration.ofSeconds(5));
    bench.fhir.does(request -> answer(404, Map.of(), outcome("error", "not-found", "")));
    fault(actions.getPatient("12", bench.call()));
    assertThat(actions.state().good()).as("an orderly no is an answer").isTrue();
  }

  @Test
  void afterClosingEveryActionIsAFaultThatStoredNothing() {
    actions.close();
    CernerActions withToken = bench.actions();
    withToken.close();
    assertThat(fault(actions.getPatient("12", bench.call())).code())
        .isEqualTo(FaultCode.UNREACHABLE);
    Fault create = fault(withToken.createDocument(Bodies.document(), bench.call()));
    assertThat(create.code()).isEqualTo(FaultCode.NO_TOKEN);
    assertThat(create.nothingStored()).isTrue();
  }

  private static String outcome(String severity, String code, String text) {
    return "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\""
        + severity
        + "\",\"code\":\""
        + code
        + "\",\"diagnostics\":\""
        + text
        + "\"}]}";
  }
}
