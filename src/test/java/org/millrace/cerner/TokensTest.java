package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cerner.Bench.fault;
import static org.millrace.cerner.Bench.value;
import static org.millrace.cerner.ScriptedServer.answer;
import static org.millrace.cerner.ScriptedServer.json;
import static org.millrace.cerner.ScriptedServer.status;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.cerner.CernerSettings.Authorization;

class TokensTest {
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private void patientForEveryToken() {
    bench.fhir.does(request -> json(Bench.PATIENT));
  }

  @Test
  void whetherARequestMayLeaveIsAskedWhenItHasItsToken() {
    patientForEveryToken();
    CernerActions actions = bench.actions();
    List<Integer> tokens = new ArrayList<>();

    value(
        actions.getPatient("12", bench.call().leavingAfter(() -> tokens.add(bench.issued.get()))));

    assertThat(tokens).containsExactly(1);
  }

  @Test
  void theTokenIsAskedForAsCernerWantsItAndUsedAgain() {
    patientForEveryToken();
    CernerActions actions = bench.actions();

    value(actions.getPatient("12", bench.call()));
    value(actions.getPatient("12", bench.call()));

    assertThat(bench.tokens.requests()).hasSize(1);
    ScriptedServer.Request asked = bench.tokens.last();
    assertThat(asked.body())
        .isEqualTo(
            "grant_type=client_credentials"
                + "&scope=system%2FPatient.read%20system%2FEncounter.read");
    assertThat(asked.header("Content-Type")).startsWith("application/x-www-form-urlencoded");
    String credentials =
        new String(
            Base64.getDecoder().decode(asked.header("Authorization").substring("Basic ".length())),
            StandardCharsets.UTF_8);
    assertThat(credentials)
        .isEqualTo(
            URLEncoder.encode("client one", StandardCharsets.UTF_8)
                + ":"
                + URLEncoder.encode("s:ecret/ü", StandardCharsets.UTF_8));
    assertThat(bench.fhir.requests())
        .allSatisfy(
            request -> {
              assertThat(request.header("Authorization")).isEqualTo("Bearer token-1");
              assertThat(request.header("Accept")).isEqualTo("application/fhir+json");
              assertThat(request.header("Cookie")).isEmpty();
            });
    assertThat(actions.grantedScopes()).containsExactly("system/Patient.read");
  }

  @Test
  void aTokenIsReplacedShortlyBeforeItExpires() {
    patientForEveryToken();
    CernerActions actions = bench.actions();
    value(actions.getPatient("12", bench.call()));

    bench.clock.forward(Duration.ofSeconds(530));
    value(actions.getPatient("12", bench.call()));
    assertThat(bench.issued).hasValue(1);

    bench.clock.forward(Duration.ofSeconds(11));
    value(actions.getPatient("12", bench.call()));
    assertThat(bench.issued).hasValue(2);
    assertThat(bench.fhir.last().header("Authorization")).isEqualTo("Bearer token-2");
  }

  @Test
  void aShortLivedTokenIsUsedForHalfItsLife() {
    patientForEveryToken();
    bench.tokens.does(
        request -> {
          bench.issued.incrementAndGet();
          return json("{\"access_token\":\"t\",\"token_type\":\"bearer\",\"expires_in\":10}");
        });
    CernerActions actions = bench.actions();
    value(actions.getPatient("12", bench.call()));
    bench.clock.forward(Duration.ofSeconds(4));
    value(actions.getPatient("12", bench.call()));
    assertThat(bench.issued).hasValue(1);
    bench.clock.forward(Duration.ofSeconds(2));
    value(actions.getPatient("12", bench.call()));
    assertThat(bench.issued).hasValue(2);
  }

  @Test
  void twoHundredCallersShareOneRequestForAToken() throws Exception {
    patientForEveryToken();
    CountDownLatch allWait = new CountDownLatch(1);
    bench.tokens.does(
        request ->
            out -> {
              allWait.await(5, TimeUnit.SECONDS);
              return bench.freshToken().run(out);
            });
    CernerActions actions = bench.actions();

    CyclicBarrier together = new CyclicBarrier(200, allWait::countDown);
    List<Reply<FhirResource>> replies =
        times(
            200,
            () -> {
              together.await();
              return actions.getPatient("12", bench.call());
            });

    assertThat(replies).allSatisfy(reply -> assertThat(value(reply).id()).isEqualTo("12"));
    assertThat(bench.issued).hasValue(1);
    assertThat(bench.seen.stream().filter(exchange -> exchange.pathTemplate().equals("token")))
        .hasSize(1);
  }

  @Test
  void aStormOf401MakesOneRefresh() throws Exception {
    CyclicBarrier allRefused = new CyclicBarrier(50);
    bench.fhir.does(
        request ->
            request.header("Authorization").equals("Bearer token-1")
                ? out -> {
                  try {
                    allRefused.await(5, TimeUnit.SECONDS);
                  } catch (java.util.concurrent.BrokenBarrierException
                      | java.util.concurrent.TimeoutException e) {
                    return false;
                  }
                  return status(401).run(out);
                }
                : json(Bench.PATIENT));
    CernerActions actions = bench.actions();

    List<Reply<FhirResource>> replies = times(50, () -> actions.getPatient("12", bench.call()));

    assertThat(replies).allSatisfy(reply -> assertThat(value(reply).id()).isEqualTo("12"));
    assertThat(bench.issued).hasValue(2);
  }

  @Test
  void twoHundredCallersWithOneExpiredTokenMakeOneRefresh() throws Exception {
    bench.fhir.does(
        request ->
            request.header("Authorization").equals("Bearer token-1")
                ? status(401)
                : json(Bench.PATIENT));
    CernerActions actions = bench.actions();

    List<Reply<FhirResource>> replies =
        times(200, () -> actions.getPatient("12", bench.call(Duration.ofSeconds(20))));

    assertThat(replies).allSatisfy(reply -> assertThat(value(reply).id()).isEqualTo("12"));
    assertThat(bench.issued).hasValue(2);
  }

  @Test
  void aTokenThatExpiresInTheMiddleOfPagingIsReplacedUnnoticed() {
    String next = bench.fhir.url(Bench.ROOT + "/Encounter") + "?-pageContext=";
    bench.fhir.does(
        request -> {
          int page = request.target().contains("=2") ? 2 : request.target().contains("=3") ? 3 : 1;
          boolean expired = page > 1 && request.header("Authorization").equals("Bearer token-1");
          return expired
              ? status(401)
              : json(
                  "{\"resourceType\":\"Bundle\",\"link\":["
                      + (page < 3
                          ? "{\"relation\":\"next\",\"url\":\"" + next + (page + 1) + "\"}"
                          : "")
                      + "],\"entry\":[{\"resource\":{\"resourceType\":\"Encounter\",\"id\":\""
                      + page
                      + "\"}}]}");
        });

    assertThat(value(bench.actions().getPatientEncounters("1", bench.call())))
        .extracting(each -> each.path("id").asText())
        .containsExactly("1", "2", "3");
    assertThat(bench.issued).hasValue(2);
    assertThat(bench.fhir.requests()).hasSize(4);
  }

  @Test
  void a401WithAFreshTokenIsAFaultOfTheCredentialsAndTriedOnceOnly() {
    bench.fhir.does(request -> status(401));
    Fault fault = fault(bench.actions().getPatient("12", bench.call()));
    assertThat(fault.code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED);
    assertThat(fault.kind()).isEqualTo(FaultKind.PERSON);
    assertThat(fault.nothingStored()).isTrue();
    assertThat(bench.fhir.requests()).hasSize(2);
    assertThat(bench.issued).hasValue(2);
  }

  @Test
  void aServerThatWantsNoTokenGetsNone() {
    patientForEveryToken();
    CernerActions actions = bench.withoutToken();
    value(actions.getPatient("12", bench.call()));
    assertThat(bench.fhir.last().headers()).doesNotContainKey("authorization");
    assertThat(bench.tokens.requests()).isEmpty();
    assertThat(actions.grantedScopes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_scope, NOT_PERMITTED",
    "401, invalid_client, CREDENTIALS_REFUSED",
    "400, unauthorized_client, NOT_PERMITTED",
    "400, unsupported_grant_type, CREDENTIALS_REFUSED",
    "400, temporarily_unavailable, NO_TOKEN",
    "500, server_error, NO_TOKEN"
  })
  void aRefusalOfTheTokenServerIsToldByItsCode(int status, String error, FaultCode code) {
    String correlation = "5f1c9a2e";
    bench.tokens.does(
        request ->
            answer(
                status,
                Map.of("Cerner-Correlation-ID", correlation),
                "{\"error\":\""
                    + error
                    + "\",\"error_uri\":\"https://authorization.cerner.com/errors/urn%3Acerner%3A"
                    + "error%3Aauthorization-server%3Aoauth2%3Atoken%3Aempty-scopes/instances/5f"
                    + "?client=c&tenant=t\"}"));

    Fault fault = fault(bench.actions().getPatient("12", bench.call()));

    assertThat(fault.code()).isEqualTo(code);
    assertThat(fault.requestId()).isEqualTo(correlation);
    assertThat(fault.nothingStored()).isTrue();
    if (code != FaultCode.NO_TOKEN) {
      assertThat(fault.sentence()).contains(error, "token:empty-scopes", correlation);
    }
    assertThat(bench.fhir.requests()).isEmpty();
  }

  @Test
  void aTokenServerThatIsDownOrSlowIsNoToken() {
    bench.tokens.does(request -> bench.tokens.hang());
    Fault slow =
        fault(
            bench.actions().createDocument(Bodies.document(), bench.call(Duration.ofMillis(200))));
    assertThat(slow.code()).isEqualTo(FaultCode.NO_TOKEN);
    assertThat(slow.nothingStored()).isTrue();

    bench.tokens.close();
    Fault down = fault(bench.actions().createDocument(Bodies.document(), bench.call()));
    assertThat(down.code()).isEqualTo(FaultCode.NO_TOKEN);
    assertThat(down.nothingStored()).isTrue();
    assertThat(bench.fhir.requests()).isEmpty();
  }

  @Test
  void aCallerWithoutTimeDoesNotSpoilTheAttemptForTheOthers() throws Exception {
    patientForEveryToken();
    CountDownLatch go = new CountDownLatch(1);
    bench.tokens.does(
        request ->
            out -> {
              go.await(5, TimeUnit.SECONDS);
              return bench.freshToken().run(out);
            });
    CernerActions actions = bench.actions();
    Fault hurried = fault(actions.getPatient("12", bench.call(Duration.ofMillis(100))));
    assertThat(hurried.code()).isEqualTo(FaultCode.NO_TOKEN);
    go.countDown();
    value(actions.getPatient("12", bench.call()));
    assertThat(bench.issued).hasValue(1);
  }

  @Test
  void theTokenUrlIsDiscoveredOnceAndTriedAgainAfterAFailure() {
    bench.fhir.does(request -> status(503));
    CernerActions actions = bench.actions(Authorization.SMART, Optional.empty(), Optional.empty());
    assertThat(fault(actions.getPatient("12", bench.call())).code()).isEqualTo(FaultCode.NO_TOKEN);

    String wellKnown = Bench.ROOT + "/.well-known/smart-configuration";
    bench.fhir.does(
        request ->
            request.path().equals(wellKnown)
                ? json("{\"token_endpoint\":\"" + bench.tokens.url("/token") + "\"}")
                : json(Bench.PATIENT));
    value(actions.getPatient("12", bench.call()));
    bench.clock.forward(Duration.ofHours(1));
    value(actions.getPatient("12", bench.call()));

    assertThat(bench.issued).hasValue(2);
    assertThat(bench.fhir.count(wellKnown)).isEqualTo(2);
    assertThat(bench.fhir.requests().get(1).header("Accept")).isEqualTo("application/json");
    assertThat(bench.fhir.requests().get(1).header("Authorization")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"200", "404"})
  void aServerThatTellsNoTokenUrlIsAMatterOfSettings(int status) {
    bench.fhir.does(request -> answer(status, Map.of(), "{}"));
    Fault fault =
        fault(
            bench
                .actions(Authorization.SMART, Optional.empty(), Optional.empty())
                .getPatient("12", bench.call()));
    assertThat(fault.code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED);
    assertThat(fault.sentence()).contains("MILLRACE_TOKEN_URL");
  }

  @Test
  void onlyForCernersOwnHostsIsTheTokenUrlDerived() {
    Reply<URI> cerner = discoveredAt("https://fhir-ehr.cerner.com/r4/tenant-1");
    assertThat(value(cerner))
        .isEqualTo(
            URI.create(
                "https://authorization.cerner.com/tenants/tenant-1"
                    + "/protocols/oauth2/profiles/smart-v1/token"));
    for (String other :
        List.of("https://fhir.cerner.com.example.org/r4", "https://notcerner.com/r4")) {
      assertThat(fault(discoveredAt(other)).code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED);
    }
  }

  @Test
  void theSecretIsNotSentOverHttpWhenFhirIsReachedByHttps() {
    Exchanged.Answer told =
        new Exchanged.Answer(
            200,
            Map.of(),
            "{\"token_endpoint\":\"http://example.org/token\"}".getBytes(StandardCharsets.UTF_8),
            Duration.ZERO);
    assertThat(fault(discovery("https://example.org/r4").tokenUrl(request -> told)).code())
        .isEqualTo(FaultCode.CREDENTIALS_REFUSED);
  }

  private static Reply<URI> discoveredAt(String base) {
    Exchanged.Answer nothing = new Exchanged.Answer(404, Map.of(), new byte[0], Duration.ZERO);
    return discovery(base).tokenUrl(request -> nothing);
  }

  private static Discovery discovery(String base) {
    URI root = URI.create(base);
    return new Discovery(
        Bench.settings(root, Authorization.SMART, Optional.empty(), Optional.empty()),
        new FhirAddresses(root));
  }

  private static <T> List<T> times(int many, Callable<T> task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(many);
    try {
      List<Callable<T>> tasks = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        tasks.add(task);
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
