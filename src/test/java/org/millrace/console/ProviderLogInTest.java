package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.guard.PlayedProvider;
import org.millrace.guard.ProviderSettings;
import org.millrace.guard.Role;
import org.millrace.journal.AuditEvent;
import org.slf4j.LoggerFactory;

/** Logging in by an OpenID provider, and every way in which that must not work. */
@Timeout(120)
final class ProviderLogInTest {
  @TempDir private Path folder;
  private PlayedProvider provider;
  private ConsoleBench bench;

  @BeforeEach
  void open() throws Exception {
    provider = new PlayedProvider();
    bench = ConsoleBench.withProvider(folder.resolve("journal"), provider.settings());
  }

  @AfterEach
  void close() {
    bench.close();
    provider.close();
  }

  private void reopen(ProviderSettings settings) throws Exception {
    bench.close();
    bench = ConsoleBench.withProvider(folder.resolve("journal-2"), settings);
  }

  /** Begins a log-in, and tells with what the provider sends the browser back. */
  private String begun(Browser browser, String to) throws Exception {
    return provider.begun(browser::get, browser.root(), to);
  }

  private HttpResponse<String> logIn(Browser browser) throws Exception {
    return browser.get(begun(browser, ""));
  }

  private static boolean in(Browser browser) throws Exception {
    return browser.get("/messages").statusCode() == 200;
  }

  /** A page, its addresses as they stand in the browser. */
  private static String plain(String page) {
    return page.replace("&#x3D;", "=");
  }

  private void refused(HttpResponse<String> answer, String why) throws Exception {
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Refresh")).isEmpty();
    assertThat(in(bench.browser)).isFalse();
    assertThat(bench.trail("", "log-in"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.outcome()).isEqualTo(AuditEvent.Outcome.DENIED);
              assertThat(event.details().getOrDefault("why", "")).contains(why);
            });
  }

  @Test
  void whoTheProviderNamesIsInWithTheirRoleAndOnRecord() throws Exception {
    HttpResponse<String> answer = bench.browser.get(begun(bench.browser, "?to=%2Fmessages"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Refresh")).hasValue("0; url=/messages");
    assertThat(answer.body()).contains("href=\"/messages\"");
    assertThat(in(bench.browser)).isTrue();
    assertThat(bench.browser.page("/")).contains("oidc:ana", "admin", "Log out");
    assertThat(bench.trail("", "log-in"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.outcome()).isEqualTo(AuditEvent.Outcome.DONE);
              assertThat(event.actor())
                  .isEqualTo(new AuditEvent.Actor("oidc:ana", "oidc", "127.0.0.1"));
              assertThat(event.details())
                  .containsExactlyInAnyOrderEntriesOf(
                      Map.of("subject", "248289761001", "roles", "admin"));
            });
  }

  @Test
  void withAProviderEverybodyLogsInThoughThereIsNoAccount() throws Exception {
    assertThat(bench.browser.get("/messages").headers().firstValue("Location"))
        .hasValue("/log-in?to=%2Fmessages");
    assertThat(plain(bench.browser.page("/log-in?to=%2Fmessages")))
        .contains(
            "Log in with Hospital ID",
            "href=\"" + bench.browser.root() + "/log-in/oidc?to=%2Fmessages\"")
        .doesNotContain("type=\"password\"");
  }

  @Test
  void theProviderAddsItsTwoWaysInAndNoOther() throws Exception {
    try (ConsoleBench without = new ConsoleBench(folder.resolve("without"))) {
      List<String> more =
          bench.server.routes().stream()
              .filter(
                  route ->
                      without.server.routes().stream()
                          .noneMatch(other -> other.key().equals(route.key())))
              .map(Route::key)
              .toList();
      assertThat(more).containsExactlyInAnyOrder("GET /log-in/oidc", "GET /log-in/oidc/back");
      assertThat(without.browser.get("/log-in/oidc").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void theRequestHoldsNoSecretAndTheCookieIsForThisBrowserAlone() throws Exception {
    HttpResponse<String> begun = bench.browser.get("/log-in/oidc");

    assertThat(begun.headers().firstValue("Location").orElseThrow())
        .contains("code_challenge_method=S256", "scope=openid+profile", "response_type=code")
        .doesNotContain("secret");
    assertThat(begun.headers().allValues("Set-Cookie"))
        .anySatisfy(
            cookie ->
                assertThat(cookie)
                    .startsWith("millrace-log-in-" + bench.server.port() + "=")
                    .contains("; HttpOnly", "; SameSite=Lax", "; Max-Age=600"));
    AttemptCookie overTls = new AttemptCookie(8082);
    assertThat(overTls.setCookie("x", true))
        .isEqualTo(
            "__Host-millrace-log-in-8082=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure");
    assertThat(overTls.of(List.of("millrace-log-in-8082=planted"), true)).isEmpty();
  }

  @Test
  void theSecretIsShownAsTheProviderWantsIt() throws Exception {
    logIn(bench.browser);
    assertThat(in(bench.browser)).isTrue();
    assertThat(provider.redeemed.get(0)).containsKey("Authorization");

    provider.said.put("token_endpoint_auth_methods_supported", List.of("client_secret_post"));
    reopen(provider.settings());
    logIn(bench.browser);
    assertThat(in(bench.browser)).isTrue();
    assertThat(provider.redeemed.get(1)).containsKey("client_secret");
  }

  /** Whoever gave a browser its cookie before the log-in must not be in by it. */
  @Test
  void theCookieIsAnotherOneAfterTheLogInAndTheOneBeforeOpensNothing() throws Exception {
    String back = begun(bench.browser, "");
    String before = bench.browser.cookie();

    bench.browser.get(back);

    assertThat(in(bench.browser)).isTrue();
    assertThat(bench.browser.cookie()).doesNotContain("millrace-log-in");
    HttpResponse<String> answer =
        new Browser(bench.server.port())
            .sent(
                HttpRequest.newBuilder(URI.create(bench.browser.root() + "/messages"))
                    .header("Cookie", before));
    assertThat(answer.statusCode()).isEqualTo(303);
  }

  /** Else an attacker could have others work, and be watched, under the attacker's name. */
  @Test
  void aLogInThatAnotherBrowserBeganIsNotTaken() throws Exception {
    String back = begun(new Browser(bench.server.port()), "");

    refused(bench.browser.get(back), "not begun in this browser");
    assertThat(provider.redeemed).isEmpty();
  }

  @Test
  void norIsOneThatThisBrowserBeganAndAnotherOneWent() throws Exception {
    String theirs = begun(new Browser(bench.server.port()), "");
    begun(bench.browser, "");

    refused(bench.browser.get(theirs), "not begun in this browser");
    assertThat(provider.redeemed).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"guessed", "''"})
  void withoutTheStateOfTheLogInNothingIsTaken(String state) throws Exception {
    provider.brought.put("state", state);

    refused(logIn(bench.browser), "not begun in this browser");
    assertThat(provider.redeemed).isEmpty();
  }

  @Test
  void aLogInIsGoodForTenMinutes() throws Exception {
    String back = begun(bench.browser, "");
    bench.clock.forward(Duration.ofMinutes(10));

    refused(bench.browser.get(back), "too long ago");
    assertThat(provider.redeemed).isEmpty();
  }

  @Test
  void theAnswerIsGoodOnceAlsoForWhoKeptTheCookie() throws Exception {
    String back = begun(bench.browser, "");
    String kept = bench.browser.cookie();
    bench.browser.get(back);
    Browser other = new Browser(bench.server.port());
    HttpResponse<String> again =
        other.sent(HttpRequest.newBuilder(URI.create(other.root() + back)).header("Cookie", kept));

    assertThat(again.statusCode()).isEqualTo(403);
    assertThat(in(other)).isFalse();
    assertThat(bench.browser.get(back).statusCode()).isEqualTo(403);
    assertThat(provider.redeemed).hasSize(1);
    assertThat(bench.trail("", "log-in"))
        .anySatisfy(
            event ->
                assertThat(event.details().getOrDefault("why", "")).contains("answered before"));
  }

  /** Of a code that somebody read: without the verifier of its log-in it is worth nothing. */
  @Test
  void aCodeOfAnotherLogInIsNotTaken() throws Exception {
    String stolen =
        begun(new Browser(bench.server.port()), "").replaceAll(".*code=([^&]+).*", "$1");
    provider.brought.put("code", stolen);

    refused(logIn(bench.browser), "invalid_grant");
  }

  @Test
  void anAnswerThatHasSomethingTwiceIsNotTaken() throws Exception {
    refused(bench.browser.get(begun(bench.browser, "") + "&code=another"), "twice");
  }

  @Test
  void whoTheProviderTurnsAwayIsToldSo() throws Exception {
    provider.brought.putAll(Map.of("error", "access_denied", "code", ""));
    HttpResponse<String> answer = logIn(bench.browser);

    assertThat(answer.body()).contains("Hospital ID did not log you in (access_denied).");
    refused(answer, "access_denied");
  }

  /** By the answer of one provider a code of another one must not be redeemed: a mix-up. */
  @ParameterizedTest
  @CsvSource({"true, http://evil.example", "true, ''", "false, http://evil.example"})
  void theIssuerInTheAnswerMustBeTheProvider(boolean told, String issuer) throws Exception {
    provider.said.put("authorization_response_iss_parameter_supported", told);
    provider.brought.put("iss", issuer);

    refused(logIn(bench.browser), "another issuer (iss)");
    assertThat(provider.redeemed).isEmpty();
  }

  @Test
  void withItsIssuerInTheAnswerAllIsWell() throws Exception {
    provider.said.put("authorization_response_iss_parameter_supported", true);
    provider.brought.put("iss", provider.issuer());
    logIn(bench.browser);

    assertThat(in(bench.browser)).isTrue();
  }

  private static Arguments claims(
      String what, UnaryOperator<JWTClaimsSet.Builder> change, String why) {
    return Arguments.of(what, change, why);
  }

  private static Date in(long seconds) {
    return Date.from(Clock.systemUTC().instant().plusSeconds(seconds));
  }

  static Stream<Arguments> untrue() {
    return Stream.of(
        claims("nonce of another log-in", set -> set.claim("nonce", "another"), "nonce"),
        claims("no nonce", set -> set.claim("nonce", null), "nonce"),
        claims("expired", set -> set.expirationTime(in(-300)), "Expired"),
        claims("no end", set -> set.expirationTime(null), "exp"),
        claims("of the future", set -> set.issueTime(in(600)), "issue"),
        claims("for others", set -> set.audience("another"), "audience"),
        claims("for several", set -> set.audience(List.of("millrace", "x")), "azp"),
        claims("given to others", set -> set.claim("azp", "another"), "azp"),
        claims("of another issuer", set -> set.issuer("http://evil.example"), "issuer"),
        claims("of a realm below", set -> set.issuer(String.valueOf("http://localhost")), "issuer"),
        claims("of nobody", set -> set.subject(null), "sub"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("untrue")
  void aTokenThatIsNotOfThisLogInIsNotTaken(
      String what, UnaryOperator<JWTClaimsSet.Builder> change, String why) throws Exception {
    provider.claims(change);

    refused(logIn(bench.browser), why);
  }

  private static PlayedProvider.Signing hmac(byte[] secret) {
    return set -> {
      SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).build(), set);
      jwt.sign(new MACSigner(secret));
      return jwt.serialize();
    };
  }

  private static String changed(RSAKey key, JWTClaimsSet set) throws Exception {
    String[] parts = PlayedProvider.signed(key, set).split("\\.");
    JWTClaimsSet other = new JWTClaimsSet.Builder(set).subject("another").build();
    return parts[0] + "." + new PlainJWT(other).serialize().split("\\.")[1] + "." + parts[2];
  }

  static Stream<Arguments> forged() {
    RSAKey stranger = PlayedProvider.key("one", 2048);
    RSAKey unknown = PlayedProvider.key("two", 2048);
    return Stream.of(
        Arguments.of("alg none", (PlayedProvider.Signing) set -> new PlainJWT(set).serialize()),
        Arguments.of(
            "HS256 with the secret", hmac(PlayedProvider.SECRET.getBytes(StandardCharsets.UTF_8))),
        Arguments.of(
            "another key of the same id",
            (PlayedProvider.Signing) set -> PlayedProvider.signed(stranger, set)),
        Arguments.of(
            "a key that is not known",
            (PlayedProvider.Signing) set -> PlayedProvider.signed(unknown, set)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forged")
  void aTokenThatTheProviderHasNotSignedIsNotTaken(String what, PlayedProvider.Signing signing)
      throws Exception {
    provider.signing(signing);

    refused(logIn(bench.browser), "ID token");
  }

  @Test
  void norIsOneThatWasChangedOrSignedWithTheKeyThatEverybodyHas() throws Exception {
    RSAKey key = provider.key();
    byte[] published = key.toRSAPublicKey().getEncoded();
    for (PlayedProvider.Signing signing :
        List.<PlayedProvider.Signing>of(hmac(published), set -> changedOf(key, set))) {
      provider.signing(signing);
      assertThat(logIn(bench.browser).statusCode()).isEqualTo(403);
      assertThat(in(bench.browser)).isFalse();
    }
  }

  private static String changedOf(RSAKey key, JWTClaimsSet set) {
    try {
      return changed(key, set);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aKeyThatIsTooShortIsNotTaken() throws Exception {
    RSAKey weak = PlayedProvider.key("weak", 1024);
    provider.keys(new JWKSet(List.of(provider.key(), weak)));
    provider.signing(set -> PlayedProvider.signed(weak, set));

    refused(logIn(bench.browser), "ID token");
  }

  @Test
  void aNewKeyOfTheProviderIsRead() throws Exception {
    logIn(bench.browser);
    RSAKey fresh = PlayedProvider.key("fresh", 2048);
    provider.keys(new JWKSet(fresh));
    provider.signing(set -> PlayedProvider.signed(fresh, set));
    bench.clock.forward(Duration.ofSeconds(45));
    Browser other = new Browser(bench.server.port());
    logIn(other);

    assertThat(in(other)).isTrue();
  }

  @Test
  void whoHasNoRoleIsRefusedInWordsAndByName() throws Exception {
    provider.claims(set -> set.claim("groups", List.of("staff")));
    HttpResponse<String> answer = logIn(bench.browser);

    assertThat(answer.body()).contains("Hospital ID knows you, but gives you no role here.");
    refused(answer, "no value of the claim groups gives a role");
    assertThat(bench.trail("", "log-in").get(0).actor().name()).isEqualTo("oidc:ana");
  }

  @Test
  void aTokenWithoutTheClaimIsToldAsSuch() throws Exception {
    provider.claims(set -> set.claim("groups", null));

    refused(logIn(bench.browser), "the ID token has no claim groups");
  }

  @Test
  void rolesAreFoundWithinClaimsAndAddUp() throws Exception {
    reopen(
        provider.settings(
            "realm_access.roles",
            "operator=CN=HL7 Operators,OU=Groups,DC=hospital; analyst = analysts;viewer=analysts"));
    provider.claims(
        set ->
            set.claim(
                "realm_access",
                Map.of("roles", List.of("CN=HL7 Operators,OU=Groups,DC=hospital", "analysts"))));
    logIn(bench.browser);

    assertThat(bench.browser.page("/")).contains("<small>operator, analyst</small>");
    assertThat(bench.browser.get("/codes").statusCode()).isEqualTo(200);
    assertThat(bench.browser.get("/audit").statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({"''", "' '", "'an\u202ea'", "'a\u0000b'"})
  void whoHasNoNameThatCanBeShownIsRefused(String name) throws Exception {
    provider.claims(set -> set.claim("preferred_username", name));

    refused(logIn(bench.browser), "preferred_username");
  }

  @ParameterizedTest
  @CsvSource({
    "/messages?state=HELD, /messages?state=HELD",
    "https://evil.example/, /",
    "//evil.example/, /",
    "/\\evil.example/, /",
    "messages, /"
  })
  void theLogInLeadsOnToPagesOfTheConsoleOnly(String to, String where) throws Exception {
    String back = begun(bench.browser, "?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));

    assertThat(bench.browser.get(back).headers().firstValue("Refresh")).hasValue("0; url=" + where);
  }

  @Test
  void aVisitEndsAsOneByAnAccountDoes() throws Exception {
    logIn(bench.browser);
    bench.clock.forward(Visits.IDLE.minusSeconds(1));
    assertThat(in(bench.browser)).isTrue();
    bench.clock.forward(Visits.IDLE);
    assertThat(in(bench.browser)).isFalse();
  }

  @Test
  void anAccountOfTheSameNameIsSomebodyElse() throws Exception {
    bench.account("ana", Role.VIEWER);
    logIn(bench.browser);
    Browser local = new Browser(bench.server.port());
    local.logIn("ana", ConsoleBench.PASSWORD);

    assertThat(local.get("/audit").statusCode()).isEqualTo(403);
    assertThat(bench.browser.get("/audit").statusCode()).isEqualTo(200);
    bench.journal.accounts().lock("ana", AuditEvent.Actor.user("root")).get();
    assertThat(in(local)).isFalse();
    assertThat(in(bench.browser)).isTrue();
    await().until(() -> bench.trail("", "console").size() == 1);
    assertThat(bench.trail("", "console").get(0).actor().name()).isEqualTo("ana");
  }

  @Test
  void loggingOutEndsTheVisitAndLeadsToTheProviders() throws Exception {
    logIn(bench.browser);
    bench.browser.get("/");
    HttpResponse<String> answer = bench.browser.postOnly("/log-out", Map.of());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(plain(answer.body()))
        .contains("You are logged out here", provider.issuer() + "/end?client_id=millrace")
        .doesNotContain("id_token", "Log out</button>");
    assertThat(in(bench.browser)).isFalse();
    await().until(() -> bench.trail("", "log-out").size() == 1);
    assertThat(bench.trail("", "log-out").get(0).actor().proof()).isEqualTo("oidc");
  }

  @Test
  void whereTheProviderHasNoLogOutTheLogInFollows() throws Exception {
    provider.said.remove("end_session_endpoint");
    logIn(bench.browser);
    bench.browser.get("/");

    assertThat(bench.browser.postOnly("/log-out", Map.of()).headers().firstValue("Location"))
        .hasValue("/log-in");
  }

  @Test
  void whileTheProviderIsDownThePageSaysSoAndAccountsWork() throws Exception {
    bench.account("ana", Role.VIEWER);
    provider.instead(
        "/.well-known/openid-configuration", exchange -> PlayedProvider.send(exchange, 503, "{}"));

    HttpResponse<String> answer = bench.browser.get("/log-in/oidc?to=%2Fmessages");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("You cannot be logged in by Hospital ID at present");
    assertThat(bench.browser.page("/log-in"))
        .contains("Hospital ID could not be reached when it was last tried.");
    bench.browser.logIn("ana", ConsoleBench.PASSWORD);
    assertThat(in(bench.browser)).isTrue();

    provider.asBefore("/.well-known/openid-configuration");
    bench.clock.forward(Duration.ofSeconds(45));
    Browser other = new Browser(bench.server.port());
    logIn(other);
    assertThat(in(other)).isTrue();
    assertThat(new Browser(bench.server.port()).page("/log-in")).doesNotContain("could not be");
  }

  private static void stalls(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
  }

  private static void isHuge(HttpExchange exchange) throws IOException {
    PlayedProvider.send(exchange, 200, "{\"id_token\":\"" + "x".repeat(3 << 20) + "\"}");
  }

  private void leadsElsewhere(HttpExchange exchange) throws IOException {
    PlayedProvider.redirect(exchange, provider.issuer() + "/elsewhere");
  }

  /** Neither waited for without end, nor believed, nor followed with the secret. */
  @ParameterizedTest
  @CsvSource({
    "/token, stalls",
    "/token, huge",
    "/token, redirect",
    "/token, fault",
    "/.well-known/openid-configuration, stalls",
    "/.well-known/openid-configuration, huge",
    "/.well-known/openid-configuration, redirect",
    "/keys, huge",
    "/keys, fault"
  })
  void aProviderThatAnswersBadlyKeepsNobodyWaiting(String path, String how) throws Exception {
    provider.instead(
        path,
        switch (how) {
          case "stalls" -> ProviderLogInTest::stalls;
          case "huge" -> ProviderLogInTest::isHuge;
          case "redirect" -> this::leadsElsewhere;
          default -> exchange -> PlayedProvider.send(exchange, 500, "{}");
        });
    HttpResponse<String> answer =
        path.equals("/token") ? logIn(bench.browser) : bench.browser.get("/log-in/oidc");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("You cannot be logged in by Hospital ID at present");
    assertThat(in(bench.browser)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "issuer, http://evil.example",
    "issuer, ''",
    "authorization_endpoint, javascript:alert(1)",
    "authorization_endpoint, ftp://evil.example/",
    "end_session_endpoint, javascript:alert(1)",
    "token_endpoint, ftp://evil.example/",
    "subject_types_supported, nonsense"
  })
  void aDocumentThatIsOfAnotherOrCannotBeRightIsNotUsed(String name, String value)
      throws Exception {
    provider.said.put(name, value);

    assertThat(bench.browser.get("/log-in/oidc").statusCode()).isEqualTo(503);
  }

  @Test
  void aProviderThatTakesNoSecretIsNotUsed() throws Exception {
    provider.said.put("token_endpoint_auth_methods_supported", List.of("private_key_jwt"));

    assertThat(bench.browser.get("/log-in/oidc").statusCode()).isEqualTo(503);
  }

  @Test
  void whoFailsTooOftenIsPutOff() throws Exception {
    provider.claims(set -> set.claim("groups", null));
    for (int tried = 0; tried < 30; tried++) {
      assertThat(logIn(bench.browser).statusCode()).isEqualTo(403);
    }
    provider.claims(set -> set);
    assertThat(logIn(bench.browser).statusCode()).isEqualTo(429);
    assertThat(provider.redeemed).hasSize(30);
    bench.clock.forward(Duration.ofMinutes(10));
    logIn(bench.browser);
    assertThat(in(bench.browser)).isTrue();
  }

  /** Any page that somebody has open can have their browser ask for that. */
  @Test
  void answersOfNoLogInKeepNobodyOutAndFillNoJournal() throws Exception {
    for (int tried = 0; tried < 40; tried++) {
      assertThat(bench.browser.get("/log-in/oidc/back?code=x&state=y").statusCode()).isEqualTo(403);
    }
    assertThat(bench.trail("", "log-in")).hasSize(31);
    logIn(bench.browser);
    assertThat(in(bench.browser)).isTrue();
  }

  @Test
  void whileItsTokenEndpointFailsNobodyIsPutOffAndNoJournalFilled() throws Exception {
    provider.instead("/token", exchange -> PlayedProvider.send(exchange, 500, "{}"));
    for (int tried = 0; tried < 40; tried++) {
      assertThat(logIn(bench.browser).statusCode()).isEqualTo(503);
    }
    assertThat(bench.trail("", "log-in"))
        .hasSize(30)
        .allMatch(event -> event.outcome() == AuditEvent.Outcome.FAILED);
    provider.asBefore("/token");
    logIn(bench.browser);
    assertThat(in(bench.browser)).isTrue();
  }

  @Test
  void anAddressThatTheProviderHasNotVerifiedIsNoName() throws Exception {
    ProviderSettings usual = provider.settings();
    reopen(
        new ProviderSettings(
            usual.issuer(), usual.client(), usual.roles(), "email", usual.title()));
    provider.claims(set -> set.claim("email", "ana@x.example").claim("email_verified", false));
    refused(logIn(bench.browser), "email_verified");

    provider.claims(set -> set.claim("email", "ana@x.example").claim("email_verified", true));
    logIn(bench.browser);
    assertThat(bench.browser.page("/")).contains("oidc:ana@x.example");
  }

  @Test
  void nothingOfCodesTokensAndSecretsIsLoggedOnRecordOrOnAPage() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Level level = root.getLevel();
    root.addAppender(log);
    root.setLevel(Level.ALL);
    StringBuilder seen = new StringBuilder();
    List<String> codes = new ArrayList<>();
    try {
      for (int status : List.of(200, 400, 500)) {
        if (status != 200) {
          provider.instead(
              "/token",
              exchange ->
                  PlayedProvider.send(
                      exchange, status, "{\"error\":\"eyJ\",\"id_token\":\"eyJ\"}"));
        }
        Browser browser = new Browser(bench.server.port());
        String back = begun(browser, "");
        codes.add(back.replaceAll(".*code=([^&]+).*", "$1"));
        seen.append(browser.get(back).body());
      }
    } finally {
      root.setLevel(level);
      root.detachAppender(log);
    }
    log.list.forEach(event -> seen.append(event.getFormattedMessage()).append('\n'));
    bench.trail("", "log-in").forEach(event -> seen.append(event).append(event.details()));

    assertThat(bench.trail("", "log-in")).hasSize(3);
    assertThat(log.list).isNotEmpty();
    assertThat(seen.toString())
        .contains("its token endpoint answers 500", "its token endpoint refuses")
        .doesNotContain(codes)
        .doesNotContain("an-access-token", "eyJ", PlayedProvider.SECRET, "Basic ");
  }
}
