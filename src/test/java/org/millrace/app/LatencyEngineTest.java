package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.OpenMetricsText.Sample;
import org.millrace.trace.Latency;

/** What a whole engine tells of how long things took. */
class LatencyEngineTest {
  /** What is told of ANNA MARIE ZZTESTMILLER in these messages, and by their sender. */
  private static final String[] OF_A_MESSAGE = {
    "ZZTEST", "9900101", "19610314", "FILLER-T1", "Progress", "T0001", "LABSYS"
  };

  private static final Set<String> LABELS =
      Set.of(
          "feed", "outcome", "action", "status", "tenant", "lookup", "face", "interaction", "le");

  @TempDir private Path folder;

  private static HttpResponse<String> asked(Engine engine, String accept) {
    return SandboxBench.http(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + engine.managementPort() + "/metrics"))
            .header("Accept", accept));
  }

  private static OpenMetricsText page(Engine engine) {
    HttpResponse<String> answer = asked(engine, "application/openmetrics-text; version=1.0.0");
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
    return OpenMetricsText.read(answer.body());
  }

  private Engine engine(SandboxBench bench, Map<String, String> more) throws Exception {
    Map<String, String> all = new TreeMap<>(bench.healtheIntent());
    all.putAll(more);
    return bench.engine(folder.resolve("data"), all);
  }

  private static int http(Engine engine, String method, String path, String body) {
    return SandboxBench.http(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.httpPort() + path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)))
        .statusCode();
  }

  /** Among it what callers make up: it is told as no more than that something was asked. */
  private static void askedOverHttp(Engine engine) {
    String patient = "{\"patientResourceId\":\"12990001\"}";
    assertThat(http(engine, "POST", "/actions/healtheintent-list-allergies", patient))
        .isEqualTo(200);
    assertThat(http(engine, "GET", "/fhir/r4/Patient?family=ZZTESTMILLER", "")).isEqualTo(200);
    assertThat(http(engine, "GET", "/fhir/r4/Zztestmiller/9900101", "")).isEqualTo(404);
    assertThat(http(engine, "ZZTEST", "/fhir/r4/Patient/9900101", "")).isBetween(400, 501);
  }

  /** A result is filed and a patient asked for; the page is read once all of it is counted. */
  private static OpenMetricsText worked(Engine engine) throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.exchange(Typed.result("T1", "FILLER-T1"));
      assertThat(socket.exchange(Typed.query("T2", "9900101"))).contains("ZZTEST");
      socket.exchange(Typed.result("T1", "FILLER-T1"));
      askedOverHttp(engine);
      await()
          .until(() -> !page(engine).named("millrace_received_to_filed_seconds_count").isEmpty());
      await()
          .until(
              () ->
                  page(engine).named("millrace_received_to_acknowledged_seconds_count").size() > 1);
    }
    return page(engine);
  }

  private static String family(Latency kind) {
    return kind.exported();
  }

  @Test
  void eachKindIsAHistogramWithOurBuckets() throws Exception {
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = engine(bench, Map.of())) {
      OpenMetricsText page = worked(engine);

      for (Latency kind : Latency.values()) {
        assertThat(page.type(family(kind))).as(family(kind)).isEqualTo("histogram");
        List<Sample> counts = page.named(family(kind) + "_count");
        assertThat(counts).allSatisfy(each -> assertThat(each.value()).isPositive());
        assertThat(page.buckets(family(kind), counts.get(0).labels()))
            .extracting(each -> each.labels().get("le"))
            .containsExactlyElementsOf(ends(kind));
      }
      assertThat(page.only("millrace_received_to_filed_seconds_count", Map.of("feed", "oru-r01")))
          .satisfies(each -> assertThat(each.value()).isEqualTo(1));
      acknowledged(page, "stored");
      acknowledged(page, "again");
      page.only("millrace_query_answer_seconds_count", with("qry-a19", "answered"));
      page.only(
          "millrace_cerner_call_seconds_count",
          Map.of("action", "create DocumentReference", "status", "2xx"));
      page.only(
          "millrace_cerner_call_seconds_count",
          Map.of("action", "search Encounter", "status", "2xx"));
      page.only(
          "millrace_healtheintent_call_seconds_count",
          Map.of("lookup", "allergies", "status", "2xx"));
      page.only(
          "millrace_http_answer_seconds_count",
          Map.of("face", "/fhir/r4", "interaction", "search", "status", "2xx"));
      page.only(
          "millrace_http_answer_seconds_count",
          Map.of("face", "/actions", "interaction", "search", "status", "2xx"));
      assertThat(page.samples()).allMatch(each -> each.exemplar().isEmpty());
    }
  }

  private static List<String> ends(Latency kind) {
    List<String> ends =
        kind.buckets().stream()
            .map(each -> Double.toString(each.toMillis() / 1000.0))
            .collect(Collectors.toList());
    ends.add("+Inf");
    return ends;
  }

  private static Map<String, String> with(String feed, String outcome) {
    return Map.of("feed", feed, "outcome", outcome);
  }

  private static void acknowledged(OpenMetricsText page, String outcome) {
    assertThat(
            page.only("millrace_received_to_acknowledged_seconds_count", with("oru-r01", outcome))
                .value())
        .isEqualTo(1);
  }

  @Test
  void noLabelHoldsAnythingOfAMessage() throws Exception {
    Map<String, String> traced = Map.of("MILLRACE_OTLP_URL", "http://127.0.0.1:9");
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = engine(bench, traced)) {
      OpenMetricsText page = worked(engine);

      Set<String> exemplars = new TreeSet<>();
      for (Latency kind : Latency.values()) {
        for (Sample each : page.samples()) {
          if (each.name().startsWith(family(kind))) {
            assertThat(LABELS).containsAll(each.labels().keySet());
            assertThat(each.labels().toString()).doesNotContain(OF_A_MESSAGE);
            each.exemplar()
                .ifPresent(
                    named -> {
                      assertThat(named.labels()).containsOnlyKeys("trace_id", "span_id");
                      assertThat(named.labels().get("trace_id")).matches("[0-9a-f]{32}");
                      assertThat(named.labels().get("span_id")).matches("[0-9a-f]{16}");
                      exemplars.add(each.name());
                    });
          }
        }
      }
      assertThat(exemplars).hasSize(6);
    }
  }

  @Test
  void bucketsNameTheTracesThatTheCollectorGot() throws Exception {
    List<String> bodies = new CopyOnWriteArrayList<>();
    HttpServer collector = collector(bodies);
    Map<String, String> there =
        Map.of("MILLRACE_OTLP_URL", "http://127.0.0.1:" + collector.getAddress().getPort());
    Set<String> named = new TreeSet<>();
    try {
      try (SandboxBench bench = SandboxBench.start();
          Engine engine = engine(bench, there)) {
        OpenMetricsText page = worked(engine);
        String filed = trace(page, Latency.FILED, Map.of("feed", "oru-r01"));
        assertThat(trace(page, Latency.ACKNOWLEDGED, with("oru-r01", "stored"))).isEqualTo(filed);
        assertThat(
                trace(
                    page,
                    Latency.CALL,
                    Map.of("action", "create DocumentReference", "status", "2xx")))
            .isEqualTo(filed);
        String asked = trace(page, Latency.ANSWERED, with("qry-a19", "answered"));
        assertThat(trace(page, Latency.CALL, Map.of("action", "search Encounter", "status", "2xx")))
            .isEqualTo(asked)
            .isNotEqualTo(filed);
        assertThat(asked(engine, "text/plain").body()).doesNotContain("trace_id");
        named.addAll(Set.of(filed, asked));
      }
    } finally {
      collector.stop(0);
    }
    // In protobuf the number of a trace stands as its sixteen bytes.
    assertThat(named)
        .allSatisfy(
            trace ->
                assertThat(String.join("\n", bodies))
                    .contains(
                        new String(HexFormat.of().parseHex(trace), StandardCharsets.ISO_8859_1)));
  }

  private static HttpServer collector(List<String> bodies) throws Exception {
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    collector.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          bodies.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    return collector;
  }

  /** The trace that a bucket of this series names. */
  private static String trace(OpenMetricsText page, Latency kind, Map<String, String> labels) {
    return page.buckets(family(kind), labels).stream()
        .flatMap(each -> each.exemplar().stream())
        .map(each -> each.labels().get("trace_id"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no exemplar: " + kind + labels));
  }

  @Test
  void tracesThatAreNotChosenAreNotNamed() throws Exception {
    Map<String, String> oneInAMillion =
        Map.of("MILLRACE_OTLP_URL", "http://127.0.0.1:9", "MILLRACE_TRACE_ONE_IN", "1000000");
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = engine(bench, oneInAMillion)) {
      assertThat(worked(engine).samples()).allMatch(each -> each.exemplar().isEmpty());
    }
  }

  @Test
  void whoAsksForTextHasTheSameNumbersAsText() throws Exception {
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = engine(bench, Map.of())) {
      worked(engine);
      HttpResponse<String> text = asked(engine, "*/*");

      assertThat(text.headers().firstValue("Content-Type"))
          .isEqualTo(Optional.of("text/plain; version=0.0.4; charset=utf-8"));
      assertThat(text.body())
          .contains("# TYPE millrace_received_to_filed_seconds histogram")
          .contains("millrace_received_to_filed_seconds_bucket{feed=\"oru-r01\",le=\"600.0\"} 1")
          .doesNotContain("# EOF");
    }
  }
}
