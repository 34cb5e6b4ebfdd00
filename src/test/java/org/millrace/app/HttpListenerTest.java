package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.guard.ApiKeys;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;

/** What HTTP does with those that send much, slowly or nothing; written byte by byte. */
class HttpListenerTest {
  private static final Map<String, String> GUARDED = Map.of("MILLRACE_TLS_IN_FRONT", "true");
  private static final int MEGABYTE = 1024 * 1024;
  private static final String LENGTH = "Content-Length: ";

  @TempDir private Path folder;

  private SandboxBench bench;

  @BeforeEach
  void start() throws Exception {
    bench = SandboxBench.start();
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  private Engine engine(Map<String, String> more) throws Exception {
    return bench.engine(folder.resolve("journal"), more);
  }

  private String key(String scopes) throws Exception {
    ApiKeys.Fresh fresh = ApiKeys.fresh();
    try (JournalDatabase journal =
        JournalDatabase.openForRequests(folder.resolve("journal"), Clock.systemUTC())) {
      assertThat(
              journal
                  .callers()
                  .add(
                      CallerKey.fresh(
                          fresh.id(),
                          "portal",
                          fresh.digest(),
                          new CallerKey.Rights(scopes, "", ""),
                          new CallerKey.Act(Clock.systemUTC().instant(), "ana"),
                          Optional.empty()))
                  .get())
          .isTrue();
    }
    return "X-API-Key: " + fresh.secret();
  }

  private static Socket open(Engine engine) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), engine.httpPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static Socket begin(Engine engine, String request, String... headers) throws IOException {
    Socket socket = open(engine);
    String head = request + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers);
    write(socket, head + "\r\n\r\n");
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** All that comes until the engine closes. */
  private static String answer(Socket socket) throws IOException {
    try (socket) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The first line of the answer; the connection stays. */
  private static String status(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = socket.getInputStream().read(); next >= 0 && next != '\r'; ) {
      line.append((char) next);
      next = socket.getInputStream().read();
    }
    return line.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "POST /hl7, Content-Length: 50000000",
    "POST /hl7, Transfer-Encoding: chunked",
    "POST /actions/get-patient, Content-Length: 5",
    "POST /fhir/r4/Patient/_search, Transfer-Encoding: chunked",
    "POST /x/../fhir/r4/Patient, Content-Length: 5",
    "GET /fhir/r4beyond, Content-Length: 5"
  })
  void aStrangersBodyIsNotWaitedFor(String request, String length) throws Exception {
    try (Engine engine = engine(GUARDED)) {
      assertThat(answer(begin(engine, request, length)))
          .startsWith("HTTP/1.1 401 ")
          .contains("caller-unknown")
          .containsIgnoringCase("www-authenticate: Bearer")
          .contains("default-src 'none'");
    }
  }

  @Test
  void whoSendsAllOfItNeverthelessReadsTheAnswer() throws Exception {
    try (Engine engine = engine(GUARDED)) {
      Socket socket = begin(engine, "POST /hl7", LENGTH + 4 * MEGABYTE);
      write(socket, "x".repeat(4 * MEGABYTE));

      assertThat(answer(socket)).startsWith("HTTP/1.1 401 ");
    }
  }

  @Test
  void whoMayNotOrAsksTooOftenIsToldSoBeforeItsBodyIsRead() throws Exception {
    try (Engine engine =
        engine(Map.of("MILLRACE_TLS_IN_FRONT", "true", "MILLRACE_LIMIT_CALLER_REQUESTS", "1"))) {
      String reader = key("system/Patient.rs");
      await()
          .untilAsserted(
              () ->
                  assertThat(answer(begin(engine, "POST /fhir/r4/Patient", reader, LENGTH + 9)))
                      .startsWith("HTTP/1.1 403 ")
                      .contains("system/Patient.c"));
      List<Socket> atOnce = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        atOnce.add(begin(engine, "POST /fhir/r4/Patient", reader, LENGTH + 9));
      }
      List<String> answers = new ArrayList<>();
      for (Socket each : atOnce) {
        answers.add(answer(each));
      }
      assertThat(answers)
          .anySatisfy(
              answer ->
                  assertThat(answer)
                      .startsWith("HTTP/1.1 429 ")
                      .containsIgnoringCase("retry-after: "));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /fhir/r4/metadata", "GET /openapi.json"})
  void whatAnybodyMayAskTakesNoBody(String request) throws Exception {
    try (Engine engine = engine(GUARDED)) {
      assertThat(answer(begin(engine, request, LENGTH + MEGABYTE))).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void aBodyThatIsTooLongIsRefusedInTheFormOfItsFaceWhetherItSaysSoOrNot() throws Exception {
    try (Engine engine = engine(Map.of("MILLRACE_LIMIT_MESSAGE_MB", "1"))) {
      assertThat(answer(begin(engine, "POST /hl7", LENGTH + (MEGABYTE + 1))))
          .startsWith("HTTP/1.1 413 ")
          .contains("body-too-large");

      Socket chunked = begin(engine, "POST /fhir/r4/Patient", "Transfer-Encoding: chunked");
      write(chunked, "100001\r\n" + "x".repeat(MEGABYTE + 1) + "\r\n");
      assertThat(answer(chunked)).startsWith("HTTP/1.1 413 ").contains("OperationOutcome");
    }
  }

  @Test
  void aBodyThatDoesNotEndInTimeIsNotWaitedFor() throws Exception {
    try (Engine engine = engine(Map.of("MILLRACE_LIMIT_FRAME_TIME", "500ms"))) {
      Socket socket = begin(engine, "POST /hl7", LENGTH + 10);
      write(socket, "MSH|");

      assertThat(answer(socket)).startsWith("HTTP/1.1 408 ").contains("body-too-slow");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /fhir/r4/metadata HTTP/1.1\r\nHost: loc"})
  void aConnectionThatBringsNoRequestIsClosed(String sent) throws Exception {
    try (Engine engine = engine(Map.of("MILLRACE_LIMIT_FRAME_TIME", "500ms"))) {
      Socket socket = open(engine);
      write(socket, sent);

      assertThat(answer(socket)).isEmpty();
    }
  }

  @Test
  void aConnectionBringsAsManyRequestsAsComeInTime() throws Exception {
    try (Engine engine = engine(Map.of("MILLRACE_LIMIT_FRAME_TIME", "2s"))) {
      Socket socket = begin(engine, "GET /nowhere");
      write(socket, "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertThat(answer(socket).split("HTTP/1.1 404 ", -1)).hasSize(3);
    }
  }

  @Test
  void bodiesShareTheirMemory() throws Exception {
    try (Engine engine =
        engine(Map.of("MILLRACE_LIMIT_MESSAGE_MB", "1", "MILLRACE_LIMIT_RECEIVE_MB", "1"))) {
      Socket first = begin(engine, "POST /hl7", LENGTH + 600_000, "Expect: 100-continue");
      assertThat(status(first)).contains("100");

      assertThat(answer(begin(engine, "POST /hl7", LENGTH + 600_000)))
          .startsWith("HTTP/1.1 503 ")
          .contains("no-room")
          .containsIgnoringCase("retry-after: 1");
      assertThat(answer(begin(engine, "POST /hl7", "Transfer-Encoding: chunked")))
          .startsWith("HTTP/1.1 503 ");
      // Short ones have their own.
      Socket small = begin(engine, "POST /hl7", "Connection: close", LENGTH + 4);
      write(small, "MSH|");
      assertThat(answer(small)).startsWith("HTTP/1.1 415 ");

      first.close();
      await()
          .untilAsserted(
              () -> {
                Socket next = begin(engine, "POST /hl7", LENGTH + 600_000, "Expect: 100-continue");
                assertThat(status(next)).contains("100");
                next.close();
              });
    }
  }

  @Test
  void aBodyThatDidNotSayItsLengthTakesNoMoreThanItHasOnceItIsRead() throws Exception {
    try (Engine engine =
        engine(Map.of("MILLRACE_LIMIT_MESSAGE_MB", "1", "MILLRACE_LIMIT_RECEIVE_MB", "1"))) {
      for (int i = 0; i < 5; i++) {
        Socket chunked =
            begin(engine, "POST /hl7", "Connection: close", "Transfer-Encoding: chunked");
        write(chunked, "4\r\nMSH|\r\n0\r\n\r\n");
        assertThat(answer(chunked)).startsWith("HTTP/1.1 415 ");
      }
    }
  }

  @Test
  void thereAreNoMoreConnectionsThanMayBe() throws Exception {
    try (Engine engine =
        engine(
            Map.of("MILLRACE_LIMIT_CONNECTIONS", "1", "MILLRACE_LIMIT_CONNECTIONS_OF_PEER", "1"))) {
      Socket first = begin(engine, "GET /nowhere");
      assertThat(status(first)).contains("404");

      assertThat(answer(open(engine))).isEmpty();
      assertThat(
              SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/metrics").body())
          .contains("millrace_http_refused_total{kind=\"too-many\"} 1");
      first.close();
      await()
          .untilAsserted(() -> assertThat(status(begin(engine, "GET /nowhere"))).contains("404"));
    }
  }

  @Test
  void nothingOfABodyIsWrittenToFiles() throws Exception {
    Settings settings =
        Settings.read(SettingsSource.of(bench.settings(folder)), Path.of("").toAbsolutePath());

    assertThat(HttpListener.configuration(settings.listeners()).getBodyHandler())
        .satisfies(how -> assertThat(how.isHandleFileUploads()).isFalse());
    assertThat(List.of(HttpListener.configuration(settings.listeners()).getMaxBodySize()))
        .containsExactly(64L * MEGABYTE);
  }

  @Test
  void noStrangerIsAskedToGoOn() throws Exception {
    try (Engine engine = engine(GUARDED)) {
      assertThat(answer(begin(engine, "POST /hl7", LENGTH + MEGABYTE, "Expect: 100-continue")))
          .startsWith("HTTP/1.1 401 ")
          .doesNotContain("100 Continue");
    }
  }

  @ParameterizedTest
  @CsvSource({"POST /hl7, true, 401", "POST /nowhere, false, 404"})
  void aBodyThatNobodyReadsIsNotTakenForTheNextRequest(String request, boolean asks, int status)
      throws Exception {
    try (Engine engine = engine(asks ? GUARDED : Map.of())) {
      String inside = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
      Socket socket = begin(engine, request, LENGTH + inside.length());
      write(socket, inside + "GET /no HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

      assertThat(answer(socket))
          .startsWith("HTTP/1.1 " + status + " ")
          .doesNotContain("HTTP/1.1 200 ");
    }
  }

  @Test
  void requestsThatAreSentAtOnceAreAnsweredInTheirOrder() throws Exception {
    try (Engine engine = engine(Map.of())) {
      String post = "POST /hl7 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nMSH|";
      String last = "GET /no HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      Socket socket = open(engine);
      write(socket, post + post + last);

      assertThat(answer(socket).lines().filter(line -> line.contains("HTTP/1.1 ")).toList())
          .extracting(line -> line.replaceAll(".*HTTP/1.1 (\\d+) .*", "$1"))
          .containsExactly("415", "415", "404");
    }
  }

  @Test
  void aHeadIsRefusedWithoutABody() throws Exception {
    try (Engine engine = engine(GUARDED)) {
      assertThat(answer(begin(engine, "HEAD /fhir/r4/Patient/1", LENGTH + 5)))
          .startsWith("HTTP/1.1 401 ")
          .endsWith("\r\n\r\n");
      assertThat(answer(begin(engine, "OPTIONS /hl7", LENGTH + 5))).startsWith("HTTP/1.1 401 ");
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 401", "false, 415"})
  void theOldHttpIsAnsweredAndClosed(boolean asks, int status) throws Exception {
    try (Engine engine = engine(asks ? GUARDED : Map.of())) {
      Socket socket = open(engine);
      write(
          socket,
          "POST /hl7 HTTP/1.0\r\nHost: localhost\r\nExpect: 100-continue\r\n"
              + "Content-Length: 4\r\n\r\nMSH|");

      assertThat(answer(socket))
          .startsWith("HTTP/1.")
          .contains(" " + status + " ")
          .doesNotContain("100 Continue");
    }
  }

  @Test
  void bodiesOfThoseWhoAreGoneAtOnceTakeNoMemory() throws Exception {
    try (Engine engine =
        engine(Map.of("MILLRACE_LIMIT_MESSAGE_MB", "1", "MILLRACE_LIMIT_RECEIVE_MB", "1"))) {
      for (int i = 0; i < 100; i++) {
        Socket gone = begin(engine, "POST /hl7", LENGTH + 600_000);
        gone.setSoLinger(true, 0);
        gone.close();
      }
      await()
          .untilAsserted(
              () -> {
                Socket next = begin(engine, "POST /hl7", LENGTH + 600_000, "Expect: 100-continue");
                assertThat(status(next)).contains("100");
                next.close();
              });
    }
  }
}
