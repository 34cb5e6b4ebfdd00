package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.guard.ApiKeys;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;

/** HTTP callers of two hospitals, each at its own path. */
final class TenantFacesTest {
  @TempDir private Path home;
  @TempDir private Path data;
  private SandboxBench first;
  private SandboxBench second;
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    first = SandboxBench.start();
    second = SandboxBench.start();
    FeedHome.copied(home);
    FeedHome.face(home, "fhir", "north");
    FeedHome.face(home, "actions", "north");
    Map<String, String> values = new TreeMap<>(first.settings(data));
    values.put("MILLRACE_TENANTS", "north");
    values.putAll(TenantBench.named(second.settings(data), "north"));
    values.put("MILLRACE_TENANT_NORTH_TENANT_ID", "of-north");
    engine = Engine.start(Settings.read(SettingsSource.of(values), home), Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    engine.close();
    first.close();
    second.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + engine.httpPort() + path;
  }

  @Test
  void whatIsAskedBelowATenantsPathIsAskedOfItsCernerAndLinksStayThere() {
    HttpResponse<String> read = SandboxBench.get(url("/t/north/fhir/r4/Patient/12990001"));
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(second.asked()).hasSize(1);
    assertThat(first.asked()).isEmpty();

    JsonNode page =
        SandboxBench.json(
            SandboxBench.get(url("/t/north/fhir/r4/Patient?family=ZZTEST&_count=1")).body());
    for (JsonNode link : page.path("link")) {
      assertThat(link.path("url").asText()).startsWith(url("/t/north/fhir/r4/Patient?"));
    }
    String next = page.at("/link/1/url").asText();
    assertThat(page.at("/link/1/relation").asText()).isEqualTo("next");
    assertThat(SandboxBench.get(next).statusCode()).isEqualTo(200);
    assertThat(SandboxBench.get(next.replace("/t/north", "")).statusCode())
        .as("a page of one tenant is none of another")
        .isGreaterThanOrEqualTo(400);
    assertThat(first.asked()).isEmpty();

    HttpResponse<String> action =
        SandboxBench.post(
            url("/t/north/actions/find-patient-by-mrn"),
            "application/json",
            "{\"mrn\":\"9900101\"}");
    assertThat(action.statusCode()).isEqualTo(200);
    assertThat(first.asked()).isEmpty();
    assertThat(SandboxBench.get(url("/t/south/fhir/r4/Patient/1")).statusCode()).isEqualTo(404);
    assertThat(SandboxBench.get(url("/fhir/r4/Patient/12990001")).statusCode()).isEqualTo(200);
    assertThat(first.asked()).hasSize(1);
  }

  @Test
  void aKeyForOneTenantDoesNotOpenAnother() throws Exception {
    String ofNorth = key("of-north");
    String ofAll = key("");
    String north = url("/t/north/fhir/r4/Patient/12990001");
    String unnamed = url("/fhir/r4/Patient/12990001");
    // The engine hears of its first keys within seconds.
    await().untilAsserted(() -> assertThat(get(north, "")).isEqualTo(401));
    assertThat(get(north, ofNorth)).isEqualTo(200);
    assertThat(get(unnamed, ofNorth)).isEqualTo(403);
    assertThat(get(north, ofAll)).isEqualTo(200);
    assertThat(get(unnamed, ofAll)).isEqualTo(200);
    // It is a path of the tenant without a name; the scope would be missing to a key of all.
    HttpResponse<String> sent =
        SandboxBench.http(
            HttpRequest.newBuilder(URI.create(url("/hl7")))
                .header("X-API-Key", ofNorth)
                .header("Content-Type", "application/hl7-v2")
                .POST(BodyPublishers.ofString("MSH|")));
    assertThat(sent.statusCode()).isEqualTo(403);
    assertThat(sent.body()).contains("another tenant");
  }

  private static int get(String url, String key) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    return SandboxBench.http(
            key.isEmpty() ? request : request.header("Authorization", "Bearer " + key))
        .statusCode();
  }

  private String key(String tenant) throws Exception {
    ApiKeys.Fresh fresh = ApiKeys.fresh();
    try (JournalDatabase journal = JournalDatabase.openForRequests(data, Clock.systemUTC())) {
      CallerKey key =
          CallerKey.fresh(
              fresh.id(),
              "caller-" + fresh.id(),
              fresh.digest(),
              new CallerKey.Rights("system/*.rs", tenant, ""),
              new CallerKey.Act(Clock.systemUTC().instant(), "ana"),
              Optional.empty());
      assertThat(journal.callers().add(key).get()).isTrue();
    }
    return fresh.secret();
  }
}
