package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.millrace.app.Typed.field;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.v251.message.ADR_A19;
import ca.uhn.hl7v2.parser.CanonicalModelClassFactory;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.management.ObjectName;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;

/** The whole engine, through its sockets, in front of a sandbox. */
final class EngineTest {
  @TempDir static Path journals;

  private static SandboxBench bench;
  private static Trap trap;
  private static Engine engine;
  private static Path data;

  @BeforeAll
  static void start() throws Exception {
    bench = SandboxBench.start();
    trap = new Trap();
    data = journals.resolve("engine");
    // Alerts go to the webhook, too; they have tests of their own.
    Map<String, String> settings =
        Map.of(
            "MILLRACE_WEBHOOK_URL", trap.url("/hook"),
            "MILLRACE_ALERT_HELD", "0",
            "MILLRACE_ALERT_DISK_MB", "0");
    engine = bench.engine(data, settings);
  }

  @AfterAll
  static void stop() {
    engine.close();
    trap.close();
    bench.close();
  }

  @BeforeEach
  void asSeeded() {
    bench.reset();
    trap.taken.clear();
  }

  @Test
  void aThousandFramesInOneWriteGetAThousandRepliesInOrder() throws Exception {
    List<String> sent = new ArrayList<>();
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < 1000; i++) {
      String id = "K" + i;
      sent.add(id);
      // Slow and quick answers beside each other: an answer that overtakes shows.
      frames.writeBytes(
          RawSocket.frame(
              i % 20 == 0
                  ? Typed.query(id, "9900101")
                  : i % 7 == 0
                      ? Typed.unsupported(id)
                      : Typed.result(id, "F" + i, "9900101", "P")));
    }
    List<String> answered = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(() -> writeAll(socket, frames.toByteArray()));
      for (int i = 0; i < 1000; i++) {
        String reply = socket.reply();
        answered.add(field(reply, "MSA", 2));
        String expected = i % 20 == 0 ? "ADR AA" : i % 7 == 0 ? "ACK AR" : "ACK AA";
        String got = field(reply, "MSH", 9).substring(0, 3) + " " + field(reply, "MSA", 1);
        if (!got.equals(expected)) {
          wrong.add(i + ": " + got);
        }
      }
      writing.join();
    }
    assertThat(answered).isEqualTo(sent);
    assertThat(wrong).isEmpty();
  }

  @Test
  void theJournalKnowsWhereAMessageCameFrom() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(field(socket.exchange(Typed.result("PEER1", "FPEER1", "9900101", "P")), "MSA", 1))
          .isEqualTo("AA");
    }
    try (JournalDatabase journal = JournalDatabase.openReadOnly(data, Clock.systemUTC())) {
      assertThat(journal.listing().list(MessageFilter.any().withControlId("PEER1")))
          .singleElement()
          .satisfies(message -> assertThat(message.peer()).matches("127\\.0\\.0\\.1:\\d+"));
    }
  }

  private static void writeAll(RawSocket socket, byte[] bytes) {
    try {
      socket.write(bytes);
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  @Test
  void aQueryTypedIntoASocketGetsAnAnswerThatHapiAccepts() throws Exception {
    String reply;
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      reply = socket.exchange(Typed.query("Q1", "9900102"));
    }
    try (HapiContext hapi = new DefaultHapiContext(new CanonicalModelClassFactory("2.5.1"))) {
      ADR_A19 answer = (ADR_A19) hapi.getPipeParser().parse(reply);
      assertThat(answer.getMSA().getAcknowledgmentCode().getValue()).isEqualTo("AA");
      assertThat(answer.getMSA().getMessageControlID().getValue()).isEqualTo("Q1");
      assertThat(answer.getQUERY_RESPONSEReps()).isEqualTo(1);
      var patient = answer.getQUERY_RESPONSE().getPID();
      assertThat(patient.getPatientName(0).getFamilyName().getSurname().getValue())
          .isEqualTo("ZZTESTMILLER");
      assertThat(patient.getPatientIdentifierList(0).getIDNumber().getValue()).isEqualTo("9900102");
      assertThat(patient.getDateTimeOfBirth().getTime().getValue()).isEqualTo("19581102");
      assertThat(answer.getQUERY_RESPONSE().getPV1().getPatientClass().getValue()).isEqualTo("I");
      assertThat(answer.getQUERY_RESPONSE().getNK1Reps()).isEqualTo(2);
    }
  }

  @Test
  void anEmptyFrameAndGarbageAreRefusedAndTheConnectionStays() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(field(socket.exchange(""), "MSA", 1)).isEqualTo("AR");
      assertThat(field(socket.exchange("\u0000\u0001garbage|\r\n"), "MSA", 1)).isEqualTo("AR");
      assertThat(field(socket.exchange("MSH"), "MSA", 1)).isEqualTo("AR");
      socket.write("junk between frames\r\n".getBytes(StandardCharsets.UTF_8));
      String reply = socket.exchange(Typed.query("Q2", "9900101"));
      assertThat(field(reply, "MSA", 1)).isEqualTo("AA");
      assertThat(field(reply, "MSA", 2)).isEqualTo("Q2");
    }
  }

  @Test
  void theManagementPortTellsHowTheEngineIs() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.exchange(Typed.query("Q3", "9900101"));
    }
    String root = "http://127.0.0.1:" + engine.managementPort();
    HttpResponse<String> health = SandboxBench.get(root + "/health");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(SandboxBench.json(health.body()).path("status").asText()).isEqualTo("UP");
    assertThat(SandboxBench.json(health.body()).at("/cerner/good").asBoolean()).isTrue();
    HttpResponse<String> ready = SandboxBench.get(root + "/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(SandboxBench.json(ready.body()).path("ready").asBoolean()).isTrue();
    HttpResponse<String> metrics = SandboxBench.get(root + "/metrics");
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
    assertThat(metrics.body().lines()).anyMatch(line -> line.startsWith("millrace_"));
    await().until(() -> SandboxBench.standing(engine.managementPort(), "DELIVERED") > 0);
    assertThat(SandboxBench.get(root + "/health/more").statusCode()).isEqualTo(404);
  }

  @Test
  void aNoteIsFiledOnceHoweverOftenItIsSent() throws Exception {
    String message = Typed.result("R1", "FILED-ONCE");
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String first = socket.exchange(message);
      assertThat(field(first, "MSA", 1)).isEqualTo("AA");
      assertThat(socket.exchange(message)).isEqualTo(first);
    }
    await().until(() -> !bench.documentsTitled("FILED-ONCE").isEmpty());
    assertThat(bench.documentsTitled("FILED-ONCE")).hasSize(1);
    assertThat(bench.asked())
        .filteredOn(each -> each.path("method").asText().equals("POST"))
        .hasSize(1);
  }

  @Test
  void aStoppedMessageIsToldToTheWebhookWithoutPatientData() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String reply = socket.exchange(Typed.result("R2", "NOBODY", "9900999", "F"));
      assertThat(field(reply, "MSA", 1)).isEqualTo("AA");
    }
    await().until(() -> !trap.taken.isEmpty());
    String notice = String.valueOf(trap.taken.peek());
    JsonNode told = SandboxBench.json(notice.substring(notice.indexOf('{')));
    assertThat(notice).startsWith("POST /hook");
    assertThat(told.path("state").asText()).isEqualTo("HELD");
    assertThat(told.path("reason").asText()).isEqualTo("no-such-patient");
    assertThat(told.path("remedy").asText()).isNotEmpty();
    assertThat(notice).doesNotContain("9900999").doesNotContain("ZZTEST");
  }

  @Test
  void whatCamelReadsFromHeadersHasNoEffectWhenACallerSendsIt() {
    String path = "http://127.0.0.1:" + engine.httpPort() + "/fhir/r4/Patient/12990001";
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path));
    for (String prefix : List.of("Camel", "camel", "CAMEL", "cAmEl")) {
      request
          .header(prefix + "HttpUri", trap.url("/" + prefix))
          .header(prefix + "HttpMethod", "DELETE")
          .header(prefix + "HttpPath", "/fhir/r4/Patient/12990002")
          .header(prefix + "HttpRawPath", "/Patient/12990002")
          .header(prefix + "HttpQuery", "_id=12990002")
          .header(prefix + "RestHttpUri", trap.url("/rest"))
          .header(prefix + "HttpResponseCode", "299");
    }
    request
        .header("X-HTTP-Method-Override", "DELETE")
        .header("X-HTTP-Method", "DELETE")
        .header("X-Method-Override", "DELETE")
        .header("_method", "DELETE");
    HttpResponse<String> answer = SandboxBench.http(request);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(SandboxBench.json(answer.body()).path("id").asText()).isEqualTo("12990001");
    assertThat(answer.headers().map().keySet())
        .noneMatch(name -> name.regionMatches(true, 0, "camel", 0, 5) || name.startsWith("x-http"));
    assertThat(bench.asked())
        .singleElement()
        .satisfies(
            asked -> {
              assertThat(asked.path("method").asText()).isEqualTo("GET");
              assertThat(asked.path("path").asText()).isEqualTo("Patient/12990001");
              assertThat(asked.path("query")).isEmpty();
            });
    assertThat(trap.taken).isEmpty();
  }

  @Test
  void whatCamelReadsFromHeadersHasNoEffectAsAQueryOrAFormField() {
    String root = "http://127.0.0.1:" + engine.httpPort();
    String smuggled =
        "CamelHttpUri=" + trap.url("/query") + "&camelhttpmethod=DELETE&_method=DELETE";
    SandboxBench.get(root + "/fhir/r4/Patient/12990001?" + smuggled);
    SandboxBench.post(
        root + "/fhir/r4/Patient/_search", "application/x-www-form-urlencoded", smuggled);
    SandboxBench.post(
        root + "/actions/get-patient?" + smuggled,
        "application/json",
        "{\"resourceId\":\"12990001\"}");
    assertThat(trap.taken).isEmpty();
    assertThat(bench.asked())
        .allSatisfy(
            asked -> {
              assertThat(asked.path("method").asText()).isEqualTo("GET");
              assertThat(asked.path("query").toString()).doesNotContainIgnoringCase("camel");
            });
  }

  @Test
  void hl7OverHttpIsAnsweredAsOverMllp() {
    HttpResponse<String> answer =
        SandboxBench.http(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.httpPort() + "/hl7"))
                .header("Content-Type", "application/hl7-v2")
                .header("MillracePeer", "somebody-else")
                .header("MillraceFeed", "none")
                .header("CamelHttpUri", trap.url("/hl7"))
                .POST(BodyPublishers.ofString(Typed.query("Q4", "9900101"))));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(field(answer.body(), "MSA", 1)).isEqualTo("AA");
    assertThat(field(answer.body(), "MSA", 2)).isEqualTo("Q4");
    assertThat(field(answer.body(), "PID", 5)).startsWith("ZZTESTMILLER");
    assertThat(trap.taken).isEmpty();
  }

  @Test
  void aBusyPortIsOneLineThatNamesItsSetting() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = String.valueOf(busy.getLocalPort());
      for (String setting :
          List.of(
              "MILLRACE_MLLP_PORT",
              "MILLRACE_HTTP_PORT",
              "MILLRACE_MANAGEMENT_PORT",
              "MILLRACE_CONSOLE_PORT")) {
        assertThatThrownBy(
                () -> bench.engine(journals.resolve("busy"), Map.of(setting, port)).close())
            .isInstanceOf(StartException.class)
            .hasMessageStartingWith(setting + ": ")
            .hasMessageContaining(port)
            .message()
            .satisfies(line -> assertThat(line.lines()).hasSize(1));
      }
    }
  }

  @Test
  void nothingKeepsHoldOfTheRoutesOfAnEngineThatWasClosed() throws Exception {
    long before = camelContexts();

    bench.engine(journals.resolve("once"), Map.of()).close();

    await().pollInterval(Duration.ofSeconds(1)).until(() -> camelContexts() <= before);
  }

  /** Those that are still held by something: the JVM collects its garbage before it counts. */
  private static long camelContexts() throws Exception {
    String counted =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return counted
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(row -> row.length > 3 && row[3].equals(DefaultCamelContext.class.getName()))
        .mapToLong(row -> Long.parseLong(row[1]))
        .sum();
  }

  @Test
  void aSecondEngineOnTheSameJournalDoesNotStart() {
    assertThatThrownBy(() -> bench.engine(data, Map.of()).close())
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("MILLRACE_DATA: ")
        .message()
        .satisfies(line -> assertThat(line.lines()).hasSize(1));
    assertThat(
            SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/ready").statusCode())
        .as("the first engine goes on")
        .isEqualTo(200);
  }

  @Test
  void closingIsQuickAlthoughSendersStayConnectedAndTheJournalCanBeOpenedAgain() throws Exception {
    Path own = journals.resolve("closing");
    Engine closing = bench.engine(own, Map.of());
    int mllp = closing.mllpPort();
    try (RawSocket idle = new RawSocket(mllp);
        Socket halfSent = new Socket("127.0.0.1", mllp)) {
      idle.exchange(Typed.query("Q5", "9900101"));
      halfSent.getOutputStream().write("\u000bMSH|^~\\&|LAB".getBytes(StandardCharsets.UTF_8));
      long began = System.nanoTime();
      closing.close();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }
    assertThatThrownBy(() -> new RawSocket(mllp).close()).isInstanceOf(IOException.class);
    bench.engine(own, Map.of()).close();
  }
}
