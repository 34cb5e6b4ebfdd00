package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.SettableClock;
import org.millrace.guard.ApiKeys;
import org.millrace.guard.Gate;
import org.millrace.guard.GateSettings;
import org.millrace.guard.Interaction;
import org.millrace.guard.Need;
import org.millrace.guard.Needs;
import org.millrace.guard.Principal;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;

/** The step behind a real server; requests are written byte by byte. */
class HttpStepTest {
  private static final List<RestRequest> SEEN = new CopyOnWriteArrayList<>();
  private static final RestSettings SETTINGS =
      new RestSettings(
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          1000,
          10,
          Duration.ofMinutes(1),
          Optional.empty(),
          URI.create("http://cerner.example/r4/t"),
          ZoneId.of("UTC"));
  private static final SettableClock CLOCK = new SettableClock();

  @TempDir static Path folder;

  private static JournalDatabase journal;
  private static CamelContext camel;
  private static int port;

  /** Remembers what it was asked, and fails on demand. */
  private static final class Recorder implements RestHandler {
    @Override
    public Needs needs(RestRequest request) {
      return request.path().equals(List.of("metadata"))
          ? Needs.OPEN
          : Needs.of(Need.of("Patient", Interaction.READ));
    }

    @Override
    public RestAnswer handle(RestRequest request) {
      SEEN.add(request);
      if (request.path().equals(List.of("bug"))) {
        throw new IllegalStateException("ZZTEST in the text of an exception");
      }
      return new RestAnswer(
          201,
          Map.of(
              "Content-Type",
              "text/x-recorded",
              "ETag",
              "W/\"7\"",
              "Location",
              "http://x/y",
              "Idempotency-Replayed",
              "true"),
          "recorded".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public RestAnswer refuse(Refusal refusal) {
      return Problems.answer(refusal);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    journal = JournalDatabase.open(folder, CLOCK);
    Gate open = new Gate(journal, GateSettings.ofKeys(false, ""), CLOCK);
    Gate guarded = new Gate(journal, GateSettings.ofKeys(true, ""), CLOCK);
    camel = new DefaultCamelContext();
    MainHttpServer server = new MainHttpServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    camel.addService(server);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("platform-http:/face?matchOnUriPrefix=true")
                .process(new HttpStep("/face", new Recorder(), SETTINGS, open, CLOCK));
            from("platform-http:/guarded?matchOnUriPrefix=true")
                .process(new HttpStep("/guarded", new Recorder(), SETTINGS, guarded, CLOCK));
          }
        });
    camel.start();
    port = camel.hasService(VertxPlatformHttpServer.class).getServer().actualPort();
  }

  @AfterAll
  static void stop() {
    camel.stop();
    journal.close();
  }

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  @Test
  void aRequestArrivesTakenApartAndItsAnswerLeaves() throws IOException {
    String answer =
        send(
            "POST /face/Patient/a%20b?name=%C5%81&name=x+y&flag HTTP/1.1",
            "Host: engine.example:8080",
            "Content-Type: application/json",
            "Idempotency-Key: k-1",
            "Content-Length: 2",
            "",
            "{}");
    assertThat(answer).startsWith("HTTP/1.1 201 ");
    assertThat(headers(answer))
        .contains(
            "idempotency-replayed: true",
            "content-type: text/x-recorded",
            "etag: W/\"7\"",
            "location: http://x/y",
            "cache-control: no-store",
            "content-security-policy: default-src 'none'; frame-ancestors 'none'",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff");
    assertThat(answer).endsWith("recorded");
    RestRequest seen = theOne();
    assertThat(seen.method()).isEqualTo("POST");
    assertThat(seen.root()).isEqualTo("http://engine.example:8080");
    assertThat(seen.path()).containsExactly("Patient", "a b");
    assertThat(seen.query()).extracting("name").containsExactly("name", "name", "flag");
    assertThat(seen.query()).extracting("value").containsExactly("Ł", "x y", "");
    assertThat(seen.headers())
        .containsOnlyKeys("host", "content-type", "idempotency-key")
        .containsEntry("idempotency-key", "k-1")
        .containsEntry("content-type", "application/json");
    assertThat(seen.body()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
  }

  @Test
  void nothingElseOfTheWireGetsInOrOut() throws IOException {
    String answer =
        send(
            "GET /face/x?CamelHttpMethod=DELETE&cAMELhttpresponsecode=500&accept=text/xml HTTP/1.1",
            "Host: localhost",
            "CamelHttpResponseCode: 418",
            "camelhttpuri: http://elsewhere.example",
            "CAMELFileName: /etc/passwd",
            "X-HTTP-Method-Override: DELETE",
            "X-Forwarded-Host: elsewhere.example",
            "Authorization: Bearer of-the-caller",
            "Cookie: a=b",
            "X-Own: kept out",
            "");
    assertThat(answer).startsWith("HTTP/1.1 201 ");
    assertThat(headers(answer))
        .allSatisfy(
            header ->
                assertThat(header)
                    .matches(
                        "(cache-control|content-length|content-security-policy|content-type|etag"
                            + "|idempotency-replayed|location|referrer-policy|x-content-type-options): .*"));
    RestRequest seen = theOne();
    assertThat(seen.method()).isEqualTo("GET");
    assertThat(seen.headers()).containsOnlyKeys("host");
    assertThat(seen.root()).isEqualTo("http://localhost");
  }

  @Test
  void aFormArrivesAsItsBodyAndNotAsHeaders() throws IOException {
    String form = "family=M%C3%BCller&CamelHttpMethod=DELETE&content-type=text/xml";
    send(
        "POST /face/Patient/_search HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: " + form.length(),
        "",
        form);
    RestRequest seen = theOne();
    assertThat(seen.headers().get("content-type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(UrlText.parameters(new String(seen.body(), StandardCharsets.UTF_8)).orElseThrow())
        .extracting("value")
        .contains("Müller");
  }

  /** Camel makes a map of it, of which there are no bytes. */
  @Test
  void aFormInSeveralPartsIsForTheHandlerToRefuse() throws IOException {
    String form =
        "--cut\r\nContent-Disposition: form-data; name=\"family\"\r\n\r\nMiller\r\n--cut--\r\n";
    String answer =
        send(
            "POST /face/Patient HTTP/1.1",
            "Host: localhost",
            "Content-Type: multipart/form-data; boundary=cut",
            "Content-Length: " + form.length(),
            "",
            form);
    assertThat(answer).startsWith("HTTP/1.1 201 ");
    assertThat(theOne().headers().get("content-type")).startsWith("multipart/form-data");
    assertThat(theOne().body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/face/%2e%2e/%2e%2e/etc",
        "/face/a%2Fb",
        "/face/a%5Cb",
        "/face/a%00b",
        "/face/%C3%28",
        "/face/a//b",
        "/face/x?a=%zz",
        "/face/x?a=%ff",
        "/faceless"
      })
  void aPathOrQueryThatCannotBeReadNeverReachesTheHandler(String target) throws IOException {
    String answer = send("GET " + target + " HTTP/1.1", "Host: localhost", "");
    assertThat(answer).matches("(?s)HTTP/1.1 (400|404) .*");
    assertThat(SEEN).isEmpty();
  }

  @Test
  void whatIsDecodedOnceStaysSo() throws IOException {
    send("GET /face/a%252Fb?c=%2525 HTTP/1.1", "Host: localhost", "");
    assertThat(theOne().path()).containsExactly("a%2Fb");
    assertThat(theOne().query()).extracting("value").containsExactly("%25");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "evil.example/x", "a@b", "<x>"})
  void aHostThatIsNoneIsRefused(String host) throws IOException {
    assertThat(send("GET /face/x HTTP/1.1", "Host: " + host, "")).startsWith("HTTP/1.1 400 ");
    assertThat(SEEN).isEmpty();
  }

  @Test
  void aBodyOverTheLimitIs413InTheFormOfTheFace() throws IOException {
    String answer =
        send(
            "POST /face/x HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Content-Length: 1001",
            "",
            "x".repeat(1001));
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("body-too-large");
    assertThat(SEEN).isEmpty();
  }

  @Test
  void aBugIs500WithoutItsText() throws IOException {
    String answer = send("GET /face/bug HTTP/1.1", "Host: localhost", "");
    assertThat(answer).startsWith("HTTP/1.1 500 ").contains("internal").doesNotContain("ZZTEST");
  }

  @Test
  void whoShowsNothingIsToldWhatToShow() throws IOException {
    String answer = send("GET /guarded/Patient/1 HTTP/1.1", "Host: localhost", "");

    assertThat(answer).startsWith("HTTP/1.1 401 ").contains("caller-unknown");
    assertThat(headers(answer)).contains("www-authenticate: Bearer realm=\"millrace\"");
    assertThat(SEEN).isEmpty();
  }

  @Test
  void whatAnybodyMayAskIsAnsweredToAnybody() throws IOException {
    assertThat(send("GET /guarded/metadata HTTP/1.1", "Host: localhost", ""))
        .startsWith("HTTP/1.1 201 ");
    assertThat(theOne().caller()).isEqualTo(Principal.ANYBODY);
  }

  @Test
  void aPathThatCannotBeReadTellsAStrangerNothing() throws IOException {
    assertThat(send("GET /guarded/a%2Fb HTTP/1.1", "Host: localhost", ""))
        .startsWith("HTTP/1.1 401 ");
  }

  @Test
  void theHandlerKnowsWhoAsksAndNotByWhatKey() throws Exception {
    // This gate asks always; the other one of this class must not begin to.
    try (JournalDatabase own = JournalDatabase.open(folder.resolve("own"), CLOCK)) {
      ApiKeys.Fresh fresh = ApiKeys.fresh();
      own.callers().add(portal(fresh)).get();
      Gate gate = new Gate(own, GateSettings.ofKeys(true, ""), CLOCK);
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("platform-http:/own?matchOnUriPrefix=true")
                  .process(new HttpStep("/own", new Recorder(), SETTINGS, gate, CLOCK));
            }
          });

      assertThat(
              send(
                  "GET /own/Patient/1 HTTP/1.1",
                  "Host: localhost",
                  "X-API-Key: " + fresh.secret(),
                  ""))
          .startsWith("HTTP/1.1 201 ");
      assertThat(theOne().caller().name()).isEqualTo("portal");
      assertThat(theOne().headers()).containsOnlyKeys("host");
      assertThat(
              send(
                  "GET /own/Patient/1 HTTP/1.1",
                  "Host: localhost",
                  "Authorization: Bearer " + fresh.secret().substring(1),
                  ""))
          .startsWith("HTTP/1.1 401 ")
          .contains("error=\"invalid_token\"");
    }
  }

  private static CallerKey portal(ApiKeys.Fresh fresh) {
    return CallerKey.fresh(
        fresh.id(),
        "portal",
        fresh.digest(),
        new CallerKey.Rights("system/Patient.rs", "", ""),
        new CallerKey.Act(CLOCK.instant(), "ana"),
        Optional.empty());
  }

  private static RestRequest theOne() {
    assertThat(SEEN).hasSize(1);
    return SEEN.get(0);
  }

  private static List<String> headers(String answer) {
    String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
    List<String> lines = new ArrayList<>(List.of(head.split("\r\n")));
    lines.remove(0);
    lines.remove("connection: close");
    return lines.stream().map(HttpStepTest::withLowerCaseName).toList();
  }

  private static String withLowerCaseName(String line) {
    int colon = line.indexOf(':');
    return line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon);
  }

  private static String send(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add(2, "Connection: close");
    String text = String.join("\r\n", all) + (lines[lines.length - 1].isEmpty() ? "\r\n" : "");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
