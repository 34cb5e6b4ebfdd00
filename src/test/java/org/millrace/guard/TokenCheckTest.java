package org.millrace.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.SettableClock;
import org.millrace.guard.Admission.Reason;
import org.millrace.journal.JournalDatabase;

/** Tokens of an issuer that this test plays. */
class TokenCheckTest {
  private static final Needs READ_PATIENT = Needs.of(Need.of("Patient", Interaction.READ));
  private static RSAKey rsa;
  private static RSAKey short1024;
  private static ECKey ec;
  private static ECKey stranger;

  private final SettableClock clock = new SettableClock();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile JWKSet keys = new JWKSet(List.<JWK>of(rsa, ec, short1024));
  private volatile boolean down;
  private HttpServer server;
  private String issuer = "";
  private JournalDatabase journal;
  private Gate gate;

  @BeforeAll
  static void makeKeys() throws Exception {
    rsa = new RSAKeyGenerator(2048).keyID("rsa").keyUse(KeyUse.SIGNATURE).generate();
    short1024 = new RSAKeyGenerator(1024, true).keyID("short").generate();
    ec = new ECKeyGenerator(Curve.P_384).keyID("ec").generate();
    stranger = new ECKeyGenerator(Curve.P_384).keyID("ec").generate();
  }

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
    serve(
        "/realm/.well-known/openid-configuration",
        () ->
            "{\"issuer\":\"%s\",\"token_endpoint\":\"%s/token\",\"jwks_uri\":\"%s/keys\"}"
                .formatted(issuer, issuer, issuer));
    serve(
        "/realm/keys",
        () -> {
          asked.incrementAndGet();
          return keys.toString();
        });
    server.start();
    journal = JournalDatabase.open(folder, clock);
    TokenSettings settings =
        new TokenSettings(URI.create(issuer), "millrace", Set.of("RS384", "ES384", "RS256"));
    gate =
        new Gate(
            journal,
            new GateSettings(false, "", Optional.of(settings), new GateSettings.Limits(1000, 1000)),
            clock);
  }

  private void serve(String path, Supplier<String> content) {
    server.createContext(
        path,
        exchange -> {
          byte[] bytes = content.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(down ? 503 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  @AfterEach
  void stop() {
    server.stop(0);
    journal.close();
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(issuer)
        .audience("millrace")
        .subject("service-account")
        .claim("client_id", "portal")
        .claim("scope", "system/Patient.rs openid")
        .expirationTime(Date.from(clock.instant().plusSeconds(300)));
  }

  private static String signed(JWSAlgorithm algorithm, String kid, JWSSigner by, JWTClaimsSet of)
      throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(kid).build(), of);
    jwt.sign(by);
    return jwt.serialize();
  }

  private String good(JWTClaimsSet claims) throws Exception {
    return signed(JWSAlgorithm.ES384, "ec", new ECDSASigner(ec), claims);
  }

  private Admission admit(String token) {
    return gate.admit(
        new Credentials(List.of("Bearer " + token), List.of(), "10.1.2.3"), READ_PATIENT);
  }

  private void refused(String token, String because) {
    assertThat(admit(token))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(Reason.NOT_KNOWN);
              assertThat(refused.sentence()).contains(because);
            });
  }

  @Test
  void aTokenOfTheIssuerIsTakenWithItsScopes() throws Exception {
    assertThat(admit(good(claims().build())))
        .isInstanceOfSatisfying(
            Admission.Admitted.class,
            admitted -> {
              assertThat(admitted.principal().name()).isEqualTo("portal");
              assertThat(admitted.principal().proof()).isEqualTo(Principal.Proof.TOKEN);
              assertThat(admitted.principal().scopes().words())
                  .containsExactly("system/Patient.rs");
            });
    assertThat(admit(signed(JWSAlgorithm.RS384, "rsa", new RSASSASigner(rsa), claims().build())))
        .isInstanceOf(Admission.Admitted.class);
    assertThat(asked).hasValue(1);
  }

  @Test
  void fromTheIssuerOnEverybodyIsAskedWhoTheyAre() {
    assertThat(gate.admit(new Credentials(List.of(), List.of(), "10.1.2.3"), READ_PATIENT))
        .isInstanceOf(Admission.Refused.class);
  }

  @Test
  void scopesMayStandInAListAndUnderTheOtherName() throws Exception {
    for (JWTClaimsSet each :
        List.of(
            claims().claim("scope", List.of("system/Patient.read")).build(),
            claims().claim("scope", null).claim("scp", List.of("system/Patient.r")).build(),
            claims().claim("scope", null).claim("scp", "a system/Patient.r").build())) {
      assertThat(admit(good(each))).isInstanceOf(Admission.Admitted.class);
    }
    assertThat(admit(good(claims().claim("scope", "patient/Patient.read").build())))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.FORBIDDEN));
  }

  @Test
  void whatIsNotSignedByTheIssuersKeyIsNotTaken() throws Exception {
    JWTClaimsSet claims = claims().build();
    refused(new PlainJWT(claims).serialize(), "no signed JWT");
    refused(signed(JWSAlgorithm.ES384, "ec", new ECDSASigner(stranger), claims), "not signed with");
    refused(
        signed(JWSAlgorithm.HS384, "rsa", new MACSigner(rsa.toRSAPublicKey().getEncoded()), claims),
        "algorithm");
    refused(signed(JWSAlgorithm.RS512, "rsa", new RSASSASigner(rsa), claims), "algorithm");
    refused(
        signed(
            JWSAlgorithm.RS256,
            "short",
            new RSASSASigner(short1024.toRSAPrivateKey(), true),
            claims),
        "not signed with");
    String good = good(claims);
    String[] parts = good.split("\\.");
    String[] others = good(claims().claim("scope", "system/*.cruds").build()).split("\\.");
    refused(parts[0] + "." + others[1] + "." + parts[2], "not signed with");
    refused("a.b.c", "no signed JWT");
    refused("x".repeat(20_000), "too long");
  }

  @Test
  void anEmbeddedKeyIsNotBelieved() throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES384).jwk(stranger.toPublicJWK()).build(),
            claims().build());
    jwt.sign(new ECDSASigner(stranger));

    refused(jwt.serialize(), "not signed with");
  }

  @Test
  void aTokenOfAnotherIssuerAudienceTypeOrTimeIsNotTaken() throws Exception {
    refused(good(claims().issuer("https://elsewhere.example").build()), "(iss)");
    refused(good(claims().audience("another").build()), "(aud)");
    refused(good(claims().audience((String) null).build()), "(aud)");
    refused(good(claims().expirationTime(null).build()), "(exp)");
    Date past = Date.from(clock.instant().minusSeconds(60));
    Date future = Date.from(clock.instant().plusSeconds(61));
    refused(good(claims().expirationTime(past).build()), "has expired");
    refused(good(claims().notBeforeTime(future).build()), "not good yet");
    refused(good(claims().issueTime(future).build()), "not good yet");
    refused(good(claims().subject(null).claim("client_id", null).build()), "names no client");
    SignedJWT typed =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES384)
                .type(new JOSEObjectType("logout+jwt"))
                .keyID("ec")
                .build(),
            claims().build());
    typed.sign(new ECDSASigner(ec));
    refused(typed.serialize(), "by its typ");
  }

  @Test
  void aTokenIsForTheTenantsItNamesElseForTheOneWithoutAName() throws Exception {
    Gate north = gate.ofTenant("north");
    Credentials unnamed =
        new Credentials(List.of("Bearer " + good(claims().build())), List.of(), "10.1.2.3");
    Credentials named =
        new Credentials(
            List.of("Bearer " + good(claims().claim("tenant", List.of("north")).build())),
            List.of(),
            "10.1.2.3");

    assertThat(gate.admit(unnamed, READ_PATIENT)).isInstanceOf(Admission.Admitted.class);
    assertThat(north.admit(named, READ_PATIENT)).isInstanceOf(Admission.Admitted.class);
    for (Admission refused :
        List.of(gate.admit(named, READ_PATIENT), north.admit(unnamed, READ_PATIENT))) {
      assertThat(((Admission.Refused) refused).reason()).isEqualTo(Reason.FORBIDDEN);
    }
  }

  @Test
  void clocksMayDifferByAMinute() throws Exception {
    Date lately = Date.from(clock.instant().minusSeconds(59));
    Date soon = Date.from(clock.instant().plusSeconds(60));

    assertThat(admit(good(claims().expirationTime(lately).notBeforeTime(soon).build())))
        .isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void aNewKeyIsFetchedOnceInHalfAMinuteAtMost() throws Exception {
    admit(good(claims().build()));
    ECKey fresh = new ECKeyGenerator(Curve.P_384).keyID("fresh").generate();
    keys = new JWKSet(List.<JWK>of(fresh));
    String token = signed(JWSAlgorithm.ES384, "fresh", new ECDSASigner(fresh), claims().build());

    refused(token, "not signed with");
    for (int i = 0; i < 20; i++) {
      refused(token, "not signed with");
    }
    assertThat(asked).hasValue(1);
    clock.forward(Duration.ofSeconds(30));

    assertThat(admit(token)).isInstanceOf(Admission.Admitted.class);
    assertThat(asked).hasValue(2);
    refused(good(claims().build()), "not signed with");
  }

  @Test
  void anIssuerThatIsDownCostsNobodyForSixHours() throws Exception {
    String early = good(claims().build());
    assertThat(admit(early)).isInstanceOf(Admission.Admitted.class);
    down = true;

    clock.forward(Duration.ofHours(6));
    assertThat(admit(good(claims().build()))).isInstanceOf(Admission.Admitted.class);
    clock.forward(Duration.ofSeconds(31));
    assertThat(admit(good(claims().build())))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE));
    down = false;
    clock.forward(Duration.ofSeconds(31));

    assertThat(admit(good(claims().build()))).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void theIssuerSaysWhereTokensAreGiven() {
    assertThat(gate.authorizationServer())
        .hasValueSatisfying(
            server -> assertThat(server.tokenEndpoint()).hasToString(issuer + "/token"));
  }
}
