package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;

/**
 * The checks of ONC's Inferno on backend services' authorization, and what RFC 7523 adds to them.
 */
class ClientAssertionsTest {
  private static final ECKey ELLIPTIC = elliptic("ec");
  private static final RSAKey RSA = rsa();
  private static final String SCOPE = "&scope=system%2FPatient.read";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T10:00:00Z"));
  private Sandbox sandbox;
  private Caller caller;

  private static ECKey elliptic(String id) {
    try {
      return new ECKeyGenerator(Curve.P_384).keyID(id).generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RSAKey rsa() {
    try {
      return new RSAKeyGenerator(2048).keyID("rsa").generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() throws Exception {
    sandbox =
        Sandbox.start(
            SandboxOptions.defaults()
                .withClock(clock)
                .withClientKeys(new JWKSet(List.of(ELLIPTIC, RSA)).toString(true)));
    caller = new Caller(sandbox);
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(sandbox.clientId())
        .subject(sandbox.clientId())
        .audience(sandbox.tokenUrl())
        .expirationTime(Date.from(clock.instant().plus(Duration.ofMinutes(5))))
        .jwtID(UUID.randomUUID().toString());
  }

  private static JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.ES384).keyID("ec").type(JOSEObjectType.JWT);
  }

  private static String signed(JWSHeader header, JWTClaimsSet claims, ECKey key) throws Exception {
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(new ECDSASigner(key));
    return jwt.serialize();
  }

  private String withClaims(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
    return signed(header().build(), change.apply(claims()).build(), ELLIPTIC);
  }

  private HttpResponse<String> ask(String form) {
    return caller.send(
        HttpRequest.newBuilder(URI.create(sandbox.tokenUrl()))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  private static String form(String grant, String type, String assertion) {
    return "grant_type="
        + grant
        + SCOPE
        + "&client_assertion_type="
        + URLEncoder.encode(type, StandardCharsets.UTF_8)
        + "&client_assertion="
        + assertion;
  }

  private HttpResponse<String> prove(String assertion) {
    return ask(form("client_credentials", ClientAssertions.TYPE, assertion));
  }

  @Test
  void aValidRequestIsAnsweredWithEverythingATokenNeeds() throws Exception {
    SignedJWT byRsa =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS384).keyID("rsa").build(), claims().build());
    byRsa.sign(new RSASSASigner(RSA));
    String older = sandbox.tokenUrl().replaceFirst("/hosts/[^/]+", "");
    for (String assertion :
        List.of(
            withClaims(claims -> claims),
            byRsa.serialize(),
            withClaims(claims -> claims.audience(older)))) {
      HttpResponse<String> response = prove(assertion);
      JsonNode body = Caller.json(response);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/json");
      assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(body.path("access_token").asText()).isNotEmpty();
      assertThat(body.path("token_type").asText()).isEqualToIgnoringCase("bearer");
      assertThat(body.path("expires_in").isInt()).isTrue();
      assertThat(body.path("scope").asText()).isEqualTo("system/Patient.read");
    }
  }

  @Test
  void aWrongGrantTypeIsRefused() throws Exception {
    HttpResponse<String> response =
        ask(form("not_a_grant_type", ClientAssertions.TYPE, withClaims(claims -> claims)));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Caller.json(response).path("error").asText()).isEqualTo("unsupported_grant_type");
  }

  @Test
  void aWrongAssertionTypeOrASecondProofIsRefused() throws Exception {
    HttpResponse<String> type =
        ask(form("client_credentials", "not_an_assertion_type", withClaims(claims -> claims)));
    assertThat(type.statusCode()).isEqualTo(400);
    assertThat(Caller.json(type).path("error").asText()).isEqualTo("invalid_request");

    HttpResponse<String> both =
        caller.askToken(
            sandbox.tokenUrl(),
            sandbox.clientId(),
            sandbox.clientSecret(),
            form("client_credentials", ClientAssertions.TYPE, withClaims(claims -> claims)));
    assertThat(both.statusCode()).isEqualTo(400);

    HttpResponse<String> none =
        ask("grant_type=client_credentials" + SCOPE + "&client_assertion_type=" + type());
    assertThat(none.statusCode()).isEqualTo(401);
  }

  private static String type() {
    return URLEncoder.encode(ClientAssertions.TYPE, StandardCharsets.UTF_8);
  }

  @Test
  void anInvalidAssertionIsRefusedAndTheLogSaysWhy() throws Exception {
    refused("a.b.c", "no signed JWT");
    refused(signed(header().build(), claims().build(), elliptic("ec")), "signature");
    refused(signed(header().keyID("other").build(), claims().build(), ELLIPTIC), "kid");
    refused(
        signed(header().type(new JOSEObjectType("at+jwt")).build(), claims().build(), ELLIPTIC),
        "typ");
    SignedJWT shared = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
    shared.sign(new MACSigner(new byte[32]));
    refused(shared.serialize(), "RS384");
    refused(withClaims(claims -> claims.issuer("somebody")), "iss");
    refused(withClaims(claims -> claims.subject(null)), "iss");
    refused(withClaims(claims -> claims.audience("https://example.org/token")), "aud");
    refused(withClaims(claims -> claims.expirationTime(null)), "exp");
    refused(withClaims(claims -> claims.expirationTime(in(0))), "past");
    refused(withClaims(claims -> claims.expirationTime(in(301))), "five minutes");
    refused(withClaims(claims -> claims.issueTime(in(1))), "future");
    refused(withClaims(claims -> claims.notBeforeTime(in(1))), "future");
    refused(withClaims(claims -> claims.jwtID(null)), "jti is missing");
  }

  private Date in(int seconds) {
    return Date.from(clock.instant().plusSeconds(seconds));
  }

  private void refused(String assertion, String why) {
    HttpResponse<String> response = prove(assertion);
    assertThat(response.statusCode()).as(why).isEqualTo(401);
    JsonNode body = Caller.json(response);
    assertThat(body.path("error").asText()).isEqualTo("invalid_client");
    assertThat(body.path("error_uri").asText()).contains("invalid-signature");
    JsonNode logged = caller.lastRequest();
    assertThat(logged.path("reason").asText()).contains(why);
    assertThat(logged.toString()).doesNotContain(assertion);
  }

  @Test
  void anAssertionServesOnce() throws Exception {
    String once = withClaims(claims -> claims);
    assertThat(prove(once).statusCode()).isEqualTo(200);
    refused(once, "came before");
  }
}
