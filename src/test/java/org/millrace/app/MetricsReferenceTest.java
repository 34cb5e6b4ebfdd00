package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.OpenMetricsText.Sample;
import org.millrace.mllp.DemoCertificates;
import org.millrace.trace.Latency;
import org.millrace.trace.Metric;
import org.millrace.trace.MetricLabel;

/** Holds the list of metrics, of which docs/reference is made, against an engine with all of it. */
class MetricsReferenceTest {
  @TempDir private Path folder;

  /** Two tenants, HealtheIntent, a webhook and certificates, which HTTP alone speaks TLS with. */
  private Engine engine(SandboxBench bench) throws Exception {
    Map<String, String> all = new TreeMap<>(bench.healtheIntent());
    all.put("MILLRACE_WEBHOOK_URL", "http://127.0.0.1:9/");
    all.put("MILLRACE_TENANTS", "north");
    bench
        .settings(folder)
        .forEach(
            (name, value) -> {
              if (name.matches("MILLRACE_(TENANT_ID|FHIR_BASE_URL|CLIENT_ID|CLIENT_SECRET)")) {
                all.put(name.replace("MILLRACE_", "MILLRACE_TENANT_NORTH_"), value);
              }
            });
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    Instant until = Instant.parse("2096-01-01T00:00:00Z");
    DemoCertificates.Issued server =
        DemoCertificates.authority("authority", from, until)
            .issue("server", List.of("127.0.0.1"), from, until);
    DemoCertificates.write(server.certificate(), folder.resolve("server.pem"));
    DemoCertificates.write(server.key(), folder.resolve("key.pem"));
    all.put("MILLRACE_TLS_CERTIFICATE", folder.resolve("server.pem").toString());
    all.put("MILLRACE_TLS_KEY", folder.resolve("key.pem").toString());
    all.put("MILLRACE_TLS_FOR", "http");
    return bench.engine(folder.resolve("data"), all);
  }

  private static OpenMetricsText page(Engine engine) {
    return OpenMetricsText.read(
        SandboxBench.http(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + engine.managementPort() + "/metrics"))
                    .header("Accept", "application/openmetrics-text; version=1.0.0"))
            .body());
  }

  /** A result, another one with what is tolerated, junk, a query. */
  private static OpenMetricsText worked(Engine engine) throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.exchange(Typed.result("T1", "FILLER-T1"));
      socket.exchange(Typed.result("T2", "FILLER-T2").replace("\r", "\r\n"));
      socket.exchange(Typed.query("T3", "9900101"));
    }
    await().until(() -> page(engine).named("millrace_received_to_filed_seconds_count").size() == 1);
    await().until(() -> !page(engine).named("millrace_tolerated_total").isEmpty());
    return page(engine);
  }

  /** The labels of each family, as its samples may have them. */
  private static Map<String, List<MetricLabel>> listed() {
    Map<String, List<MetricLabel>> listed = new HashMap<>();
    for (Metric each : Metric.values()) {
      listed.put(each.exported(), each.labels());
    }
    for (Latency each : Latency.values()) {
      List<MetricLabel> labels = each.labels();
      List.of("_bucket", "_sum", "_count", "_max")
          .forEach(end -> listed.put(each.exported() + end, labels));
    }
    return listed;
  }

  @Test
  void whatAnEngineTellsIsOfTheListWithItsLabelsAndTheirWords() throws Exception {
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = engine(bench)) {
      Map<String, List<MetricLabel>> listed = listed();
      Set<String> seen = new TreeSet<>();
      for (Sample each : worked(engine).samples()) {
        if (each.name().startsWith("jvm_") || each.name().endsWith("_created")) {
          continue;
        }
        seen.add(each.name());
        assertThat(listed).containsKey(each.name());
        check(each, listed.getOrDefault(each.name(), List.of()));
      }
      List<String> gauges = new ArrayList<>();
      Arrays.stream(Metric.values())
          .filter(each -> each.type() == Metric.Type.GAUGE)
          .forEach(each -> gauges.add(each.exported()));
      assertThat(seen).containsAll(gauges).contains("millrace_cerner_calls_total");
    }
  }

  private static void check(Sample sample, List<MetricLabel> labels) {
    Map<String, String> values = new TreeMap<>(sample.labels());
    values.remove("le");
    for (MetricLabel label : labels) {
      String value = values.remove(label.name());
      assertThat(value).as(sample.name() + " " + label.name()).isNotNull();
      if (!label.values().isEmpty()) {
        assertThat(label.values()).as(sample.name()).contains(value);
      }
    }
    assertThat(values).as(sample.name()).isEmpty();
  }
}
