package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cerner.Bench.fault;
import static org.millrace.cerner.Bench.value;
import static org.millrace.cerner.ScriptedServer.answer;
import static org.millrace.cerner.ScriptedServer.json;

import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.cerner.CernerSettings.Authorization;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;

/**
 * What ONC's Inferno looks at in a backend service's request for a token, and the answers to it.
 */
class ClientAssertionTest {
  private static final ClientKey KEY = ClientKeys.fresh("2026-11", "ES384");

  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private CernerActions signing(ClientKey key) {
    CernerSettings settings =
        Bench.settings(
            bench.fhir.url(Bench.ROOT),
            Authorization.SMART,
            Optional.of(bench.tokens.url("/token")),
            Optional.empty());
    return bench.opened(new CernerActions(settings.signingWith(key), bench.clock));
  }

  private static Map<String, String> form(ScriptedServer.Request request) {
    Map<String, String> form = new TreeMap<>();
    for (String pair : request.body().split("&", -1)) {
      String[] parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private static SignedJWT assertion(ScriptedServer.Request request) throws Exception {
    return SignedJWT.parse(form(request).getOrDefault("client_assertion", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES384", "RS384"})
  void theRequestIsWhatTheSmartGuideAsksForAndHoldsNoSecret(String algorithm) throws Exception {
    bench.fhir.does(request -> json(Bench.PATIENT));
    ClientKey key = ClientKeys.fresh("key-1", algorithm);

    value(signing(key).getPatient("12", bench.call()));

    ScriptedServer.Request asked = bench.tokens.last();
    assertThat(asked.header("Authorization")).isEmpty();
    assertThat(asked.header("Content-Type")).startsWith("application/x-www-form-urlencoded");
    assertThat(asked.header("Accept")).isEqualTo("application/json");
    assertThat(form(asked))
        .containsOnlyKeys("grant_type", "scope", "client_assertion_type", "client_assertion")
        .containsEntry("grant_type", "client_credentials")
        .containsEntry(
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    SignedJWT jwt = assertion(asked);
    assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
    assertThat(jwt.getHeader().getKeyID()).isEqualTo("key-1");
    assertThat(jwt.getHeader().getType().getType()).isEqualTo("JWT");
    JWTClaimsSet claims = jwt.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("client one").isEqualTo(claims.getSubject());
    assertThat(claims.getAudience()).containsExactly(bench.tokens.url("/token").toString());
    assertThat(claims.toJSONObject().get("aud")).as("one text, no list").isInstanceOf(String.class);
    assertThat(claims.getJWTID()).isNotBlank();
    JWK registered = JWKSet.parse(new ClientKeys(List.of(key)).publicSet()).getKeyByKeyId("key-1");
    assertThat(
            jwt.verify(
                new DefaultJWSVerifierFactory()
                    .createJWSVerifier(
                        jwt.getHeader(),
                        algorithm.equals("ES384")
                            ? registered.toECKey().toECPublicKey()
                            : registered.toRSAKey().toRSAPublicKey())))
        .isTrue();
  }

  @Test
  void theAssertionStandsTwoMinutesOfWrongClockInEitherDirection() throws Exception {
    bench.fhir.does(request -> json(Bench.PATIENT));
    value(signing(KEY).getPatient("12", bench.call()));

    JWTClaimsSet claims = assertion(bench.tokens.last()).getJWTClaimsSet();

    for (Duration wrong : List.of(Duration.ofMinutes(-2), Duration.ofMinutes(2))) {
      var there = bench.clock.instant().plus(wrong);
      assertThat(claims.getIssueTime().toInstant()).isBefore(there);
      assertThat(claims.getExpirationTime().toInstant())
          .isAfter(there)
          .isBeforeOrEqualTo(there.plus(Duration.ofMinutes(5)));
    }
  }

  @Test
  void everyAssertionHasAnIdOfItsOwn() throws Exception {
    bench.fhir.does(request -> json(Bench.PATIENT));
    CernerActions actions = signing(KEY);
    for (int i = 0; i < 3; i++) {
      value(actions.getPatient("12", bench.call()));
      bench.clock.forward(Duration.ofMinutes(10));
    }
    assertThat(bench.tokens.requests())
        .hasSize(3)
        .extracting(request -> assertion(request).getJWTClaimsSet().getJWTID())
        .doesNotHaveDuplicates();
  }

  @Test
  void aKeyThatIsNotRegisteredIsToldByItsId() {
    bench.tokens.does(
        request ->
            answer(
                401,
                Map.of("Cerner-Correlation-ID", "5f1c"),
                "{\"error\":\"invalid_client\",\"error_uri\":\"https://authorization.cerner.com"
                    + "/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken"
                    + "%3Ainvalid-signature/instances/5f\"}"));
    Fault fault = fault(signing(KEY).getPatient("12", bench.call()));
    assertThat(fault.code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED);
    assertThat(fault.sentence())
        .contains("token:invalid-signature", "5f1c", "public key 2026-11 (ES384) is registered")
        .doesNotContain("MILLRACE_CLIENT_SECRET");
  }

  @ParameterizedTest
  @CsvSource({"ES384, true", "RS384, true", "ES384, false"})
  void theSandboxTakesARegisteredKeyAndNoOther(String algorithm, boolean registered)
      throws Exception {
    ClientKey key = ClientKeys.fresh("2026-11", algorithm);
    ClientKey known = registered ? key : ClientKeys.fresh("2026-11", algorithm);
    ClientKeys keys = new ClientKeys(List.of(ClientKeys.fresh("2025-11", "RS384"), known));
    try (Sandbox sandbox =
        Sandbox.start(
            SandboxOptions.defaults()
                .withClock(Clock.systemUTC())
                .withClientKeys(keys.publicSet()))) {
      CernerSettings settings =
          new CernerSettings(
                  java.net.URI.create(sandbox.fhirBaseUrl()),
                  Authorization.SMART,
                  Optional.empty(),
                  sandbox.tenantId(),
                  sandbox.clientId(),
                  "",
                  "system/Patient.read",
                  "urn:oid:2.16.840.1.113883.6.1000",
                  Optional.empty(),
                  Duration.ofSeconds(2))
              .signingWith(key);
      CernerActions actions = bench.opened(new CernerActions(settings, Clock.systemUTC()));

      Reply<FhirResource> reply = actions.getPatient("12990001", bench.call());

      if (registered) {
        assertThat(value(reply).id()).isEqualTo("12990001");
      } else {
        assertThat(fault(reply).code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED);
      }
    }
  }
}
