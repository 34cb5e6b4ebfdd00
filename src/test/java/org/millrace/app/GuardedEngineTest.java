package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nl.altindag.ssl.SSLFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.guard.ApiKeys;
import org.millrace.journal.AuditCheck;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditFilter;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;
import org.millrace.mllp.DemoCertificates;

/** An engine that is open to the network, asked from this machine. */
class GuardedEngineTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2096-01-01T00:00:00Z");

  @TempDir private Path folder;

  private SandboxBench bench;
  private HttpClient client;
  private Map<String, String> settings;

  @BeforeEach
  void start() throws Exception {
    bench = SandboxBench.start();
    DemoCertificates authority = DemoCertificates.authority("authority", FROM, UNTIL);
    DemoCertificates.Issued server =
        authority.issue("server", List.of("localhost", "127.0.0.1"), FROM, UNTIL);
    DemoCertificates.write(server.certificate(), folder.resolve("server.pem"));
    DemoCertificates.write(server.key(), folder.resolve("server-key.pem"));
    client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .sslContext(
                SSLFactory.builder()
                    .withTrustMaterial(authority.certificate())
                    .build()
                    .getSslContext())
            .build();
    settings =
        new TreeMap<>(
            Map.of(
                "MILLRACE_BIND", "0.0.0.0",
                "MILLRACE_TLS_CERTIFICATE", folder.resolve("server.pem").toString(),
                "MILLRACE_TLS_KEY", folder.resolve("server-key.pem").toString(),
                "MILLRACE_TLS_FOR", "mllp,http,management",
                "MILLRACE_MLLP_ALLOW", "127.0.0.1"));
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  private String key(String scopes, String senders) throws Exception {
    ApiKeys.Fresh fresh = ApiKeys.fresh();
    try (JournalDatabase journal =
        JournalDatabase.openForRequests(folder.resolve("journal"), Clock.systemUTC())) {
      CallerKey key =
          CallerKey.fresh(
              fresh.id(),
              "caller-" + fresh.id(),
              fresh.digest(),
              new CallerKey.Rights(scopes, "", senders),
              new CallerKey.Act(Clock.systemUTC().instant(), "ana"),
              Optional.empty());
      assertThat(journal.callers().add(key).get()).isTrue();
    }
    return fresh.secret();
  }

  private HttpRequest.Builder to(int port, String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(int port, String path, String key) throws Exception {
    HttpRequest.Builder request = to(port, path);
    return send(key.isEmpty() ? request : request.header("Authorization", "Bearer " + key));
  }

  @Test
  void itAsksEverybodyWhoTheyAreAndHoldsThemToTheirScopes() throws Exception {
    try (Engine engine = bench.engine(folder.resolve("journal"), settings)) {
      int http = engine.httpPort();
      assertThat(get(http, "/fhir/r4/Patient?family=ZZTESTMILLER", "").statusCode()).isEqualTo(401);
      HttpResponse<String> metadata = get(http, "/fhir/r4/metadata", "");
      assertThat(metadata.statusCode()).isEqualTo(200);
      assertThat(metadata.headers().firstValue("strict-transport-security")).isPresent();
      assertThat(get(http, "/openapi.json", "").statusCode()).isEqualTo(200);

      String reader = key("system/Patient.rs", "");
      await()
          .untilAsserted(
              () ->
                  assertThat(get(http, "/fhir/r4/Patient?family=ZZTESTMILLER", reader).statusCode())
                      .isEqualTo(200));
      HttpResponse<String> denied = get(http, "/fhir/r4/Encounter?patient=1", reader);
      assertThat(denied.statusCode()).isEqualTo(403);
      assertThat(SandboxBench.json(denied.body()).at("/issue/0/details/text").asText())
          .contains("system/Encounter.s");
      assertThat(denied.headers().firstValue("www-authenticate"))
          .hasValueSatisfying(
              challenge -> assertThat(challenge).contains("scope=\"system/Encounter.s\""));
      assertThat(
              send(to(http, "/actions/get-encounter")
                      .header("X-API-Key", reader)
                      .header("Content-Type", "application/json")
                      .POST(BodyPublishers.ofString("{\"resourceId\":\"1\"}")))
                  .statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void whoSawWhomAndWhoWasDeniedIsOnRecord() throws Exception {
    String reader;
    try (Engine engine = bench.engine(folder.resolve("journal"), settings)) {
      int http = engine.httpPort();
      reader = key("system/Patient.rs", "");
      await()
          .untilAsserted(
              () ->
                  assertThat(get(http, "/fhir/r4/Patient/12990001", reader).statusCode())
                      .isEqualTo(200));
      get(http, "/fhir/r4/Encounter?patient=12990001", reader);
      get(http, "/fhir/r4/Patient/12990001", "mlr_wrong");
      get(http, "/fhir/r4/metadata", "");
    }
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(folder.resolve("journal"), Clock.systemUTC())) {
      AuditFilter ofPatient =
          new AuditFilter(
              "",
              "",
              Optional.of(AuditEvent.Outcome.DONE),
              Optional.of("12990001"),
              Optional.empty(),
              Optional.empty(),
              0);
      assertThat(journal.auditTrail().list(ofPatient, 10, true))
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.event().what()).isEqualTo("read");
                assertThat(entry.event().actor().name()).startsWith("caller-");
                assertThat(entry.event().actor().address()).isEqualTo("127.0.0.1");
              });
      AuditFilter denied =
          new AuditFilter(
              "",
              "",
              Optional.of(AuditEvent.Outcome.DENIED),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              0);
      assertThat(journal.auditTrail().list(denied, 10, true))
          .extracting(entry -> entry.event().what() + " " + entry.event().status())
          .contains("search 403", "read 401");
      assertThat(journal.auditTrail().list(AuditFilter.ANY, 50, true))
          .noneMatch(entry -> entry.event().details().toString().contains("metadata"))
          .noneMatch(entry -> entry.toString().contains(reader.substring(15)));
      assertThat(new AuditCheck(journal, List.of()).run().faults()).isEmpty();
    }
  }

  @Test
  void aCallerSendsOnlyAsTheSendersOfItsKey() throws Exception {
    String other;
    try (Engine engine = bench.engine(folder.resolve("journal"), settings)) {
      String lab = key("millrace/hl7", "LABSYS@NORTH");
      other = key("millrace/hl7", "RIS@NORTH");
      await().untilAsserted(() -> assertThat(hl7(engine, lab, "K1")).contains("MSA|AA|K1"));

      assertThat(hl7(engine, other, "K2")).contains("MSA|AR|K2").contains("MSH^1^3");
      String batch = "BHS|^~\\&|RIS|NORTH\r" + result("K3") + result("K4") + "BTS|2\r";
      assertThat(posted(engine, other, batch)).contains("MSA|AR|K3").contains("MSA|AR|K4");
    }
    assertThat(denied())
        .hasSize(3)
        .allSatisfy(
            event -> {
              assertThat(event.what()).isEqualTo("send");
              assertThat(event.status()).isEqualTo(403);
              assertThat(event.actor().proof()).isEqualTo("key " + other.split("_", -1)[1]);
              assertThat(event.actor().address()).isEqualTo("127.0.0.1");
              assertThat(event.details()).containsEntry("sender", "LABSYS@NORTH");
            });
  }

  private String hl7(Engine engine, String key, String controlId) throws Exception {
    return posted(engine, key, result(controlId));
  }

  private static String result(String controlId) {
    return Typed.result(controlId, "F" + controlId, "9900101", "P");
  }

  private String posted(Engine engine, String key, String message) throws Exception {
    return send(to(engine.httpPort(), "/hl7")
            .header("X-API-Key", key)
            .header("Content-Type", "application/hl7-v2")
            .POST(BodyPublishers.ofString(message)))
        .body();
  }

  /** What was denied, newest first, of an engine that has stopped. */
  private List<AuditEvent> denied() {
    AuditFilter denied =
        new AuditFilter(
            "",
            "",
            Optional.of(AuditEvent.Outcome.DENIED),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0);
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(folder.resolve("journal"), Clock.systemUTC())) {
      return journal.auditTrail().list(denied, 100, true).stream().map(AuditEntry::event).toList();
    }
  }

  @Test
  void theManagementPortTellsStrangersOnlyWhetherAllIsWell() throws Exception {
    try (Engine engine = bench.engine(folder.resolve("journal"), settings)) {
      int port = engine.managementPort();
      assertThat(get(port, "/ready", "").body().strip()).isEqualTo("{\"ready\":true}");
      assertThat(get(port, "/health", "").body().strip()).isEqualTo("{\"status\":\"UP\"}");
      assertThat(get(port, "/metrics", "").statusCode()).isEqualTo(401);
      assertThat(get(port, "/messages", "").statusCode()).isEqualTo(401);

      String watcher = key("millrace/management", "");
      String reader = key("system/*.cruds", "");
      await()
          .untilAsserted(
              () -> assertThat(get(port, "/metrics", watcher).statusCode()).isEqualTo(200));
      assertThat(get(port, "/health", watcher).body()).contains("grantedScopes");
      assertThat(get(port, "/metrics", reader).statusCode()).isEqualTo(403);
      assertThat(get(port, "/health", reader).body()).doesNotContain("grantedScopes");
    }
    // Whether all is well is told to anybody: that no more was told is no denial.
    assertThat(denied())
        .filteredOn(event -> event.status() == 403)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.actor().name()).startsWith("caller-");
              assertThat(event.actor().address()).isEqualTo("127.0.0.1");
            });
    assertThat(denied())
        .allMatch(event -> event.subject().equals("millrace/management"))
        .extracting(event -> event.status() + " " + event.details().get("request"))
        .contains("401 GET /metrics", "401 GET /messages", "403 GET /metrics")
        .noneMatch(told -> told.contains("/health") || told.contains("/ready"));
  }

  @Test
  void aManagementPortThatOthersCouldListenToTakesNoKey() throws Exception {
    settings.put("MILLRACE_TLS_FOR", "mllp,http");
    try (Engine engine = bench.engine(folder.resolve("journal"), settings)) {
      String watcher = key("millrace/management", "");
      String root = "http://127.0.0.1:" + engine.managementPort();

      assertThat(SandboxBench.get(root + "/ready").body().strip()).isEqualTo("{\"ready\":true}");
      assertThat(
              SandboxBench.http(
                      HttpRequest.newBuilder(URI.create(root + "/metrics"))
                          .header("X-API-Key", watcher))
                  .statusCode())
          .isEqualTo(403);
    }
    assertThat(denied())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.status()).isEqualTo(403);
              assertThat(event.actor().proof()).isEqualTo("none");
              assertThat(event.details()).containsEntry("request", "GET /metrics");
            });
  }

  @Test
  void onLoopbackNobodyIsAskedUntilACallerHasAKey() throws Exception {
    Map<String, String> plain = new TreeMap<>();
    try (Engine engine = bench.engine(folder.resolve("journal"), plain)) {
      String search =
          "http://127.0.0.1:" + engine.httpPort() + "/fhir/r4/Patient?family=ZZTESTMILLER";
      assertThat(SandboxBench.get(search).statusCode()).isEqualTo(200);

      String reader = key("system/Patient.rs", "");

      await().untilAsserted(() -> assertThat(SandboxBench.get(search).statusCode()).isEqualTo(401));
      assertThat(
              SandboxBench.http(
                      HttpRequest.newBuilder(URI.create(search)).header("X-API-Key", reader))
                  .statusCode())
          .isEqualTo(200);
    }
  }
}
