package org.millrace.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyMeterTest {
  private static final TracedMessage MESSAGE =
      new TracedMessage(417, Instant.parse("2026-11-20T16:15:00.250Z"), "oru-r01", "ORU^R01");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(
          PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, new Exemplars());
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();

  private Traces traces(int oneIn) {
    return Traces.into(spans, oneIn, java.time.Clock.systemUTC());
  }

  /** The page without comments. */
  private List<String> page() {
    return registry
        .scrape("application/openmetrics-text")
        .lines()
        .filter(line -> !line.startsWith("# "))
        .toList();
  }

  private List<String> named() {
    return page().stream()
        .filter(line -> line.contains("_bucket") && line.contains(" # "))
        .toList();
  }

  private LatencyMeter filed() {
    return new LatencyMeter(Latency.FILED).register(registry);
  }

  /** 10 to 14 of them, from a millisecond to ten minutes at most, each longer than the last. */
  @Test
  void bucketsAreFewAndGrow() {
    for (Latency kind : Latency.values()) {
      assertThat(kind.buckets()).hasSizeBetween(10, 14).isSorted().doesNotHaveDuplicates();
      assertThat(kind.buckets().get(0)).isGreaterThanOrEqualTo(Duration.ofMillis(1));
      assertThat(kind.buckets().get(kind.buckets().size() - 1))
          .isLessThanOrEqualTo(Duration.ofMinutes(10));
    }
  }

  @Test
  void whatTookSoLongIsInEachBucketThatIsNotShorter() {
    filed().took(Duration.ofMillis(100), "oru-r01");
    filed().took(Duration.ofHours(1), "oru-r01");

    assertThat(page())
        .contains(
            "millrace_received_to_filed_seconds_bucket{feed=\"oru-r01\",le=\"0.05\"} 0",
            "millrace_received_to_filed_seconds_bucket{feed=\"oru-r01\",le=\"0.1\"} 1",
            "millrace_received_to_filed_seconds_bucket{feed=\"oru-r01\",le=\"600.0\"} 1",
            "millrace_received_to_filed_seconds_bucket{feed=\"oru-r01\",le=\"+Inf\"} 2",
            "millrace_received_to_filed_seconds_count{feed=\"oru-r01\"} 2",
            "millrace_received_to_filed_seconds_sum{feed=\"oru-r01\"} 3600.1");
  }

  @Test
  void aClockThatWasSetBackCountsAsNoTime() {
    filed().took(Duration.ofHours(-1), "oru-r01");

    assertThat(page())
        .contains(
            "millrace_received_to_filed_seconds_bucket{feed=\"oru-r01\",le=\"0.02\"} 1",
            "millrace_received_to_filed_seconds_sum{feed=\"oru-r01\"} 0.0");
  }

  @Test
  void nothingIsCountedBeforeThereIsARegistry() {
    LatencyMeter early = new LatencyMeter(Latency.COMMIT);
    early.took(Duration.ofSeconds(1));
    early.register(registry).took(Duration.ofSeconds(1));

    assertThat(page()).contains("millrace_journal_commit_seconds_count 1");
  }

  @Test
  void tenantsAreToldApart() {
    new LatencyMeter(Latency.CALL)
        .register(registry, Tags.of("tenant", "north"))
        .took(Duration.ofMillis(3), "read Patient", "2xx");

    assertThat(page())
        .contains(
            "millrace_cerner_call_seconds_count"
                + "{action=\"read Patient\",status=\"2xx\",tenant=\"north\"} 1");
  }

  @Test
  void labelsBeyondTheLimitAreOne() {
    SimpleMeterRegistry counted = new SimpleMeterRegistry();
    LatencyMeter calls = new LatencyMeter(Latency.CALL).register(counted);
    IntStream.range(0, 600).forEach(i -> calls.took(Duration.ofMillis(1), "read T" + i, "2xx"));

    assertThat(counted.find("millrace.cerner.call").timers()).hasSize(LatencyMeter.MOST + 1);
    assertThat(counted.get("millrace.cerner.call").tag("action", "other").timer().count())
        .isEqualTo(100);
  }

  @Test
  void theBucketNamesTheTraceOfTheMessage() {
    Traces all = traces(1);
    all.received(MESSAGE);
    all.of(MESSAGE).during(() -> filed().took(Duration.ofMillis(70), "oru-r01"));

    String trace = spans.getFinishedSpanItems().get(0).getTraceId();
    assertThat(named())
        .singleElement()
        .asString()
        .startsWith("millrace_received_to_filed_seconds_bucket{feed=\"oru-r01\",le=\"0.1\"} 1 # {")
        .contains("trace_id=\"" + trace + "\"", "} 0.07 ");
  }

  @Test
  void theBucketNamesTheTraceThatIsUnderWay() {
    try (UnderWay query = traces(1).asking("qry-a19", "QRY^A19")) {
      new LatencyMeter(Latency.ANSWERED)
          .register(registry)
          .took(Duration.ofMillis(70), "qry-a19", "answered");
      query.came("DELIVERED", "", false);
    }

    String trace = spans.getFinishedSpanItems().get(0).getTraceId();
    assertThat(named()).singleElement().asString().contains("trace_id=\"" + trace + "\"");
  }

  @Test
  void withoutTracesOrAChosenOneNoBucketNamesAny() {
    Traces.none().of(MESSAGE).during(() -> filed().took(Duration.ofMillis(70), "oru-r01"));
    traces(1_000_000).of(MESSAGE).during(() -> filed().took(Duration.ofMillis(70), "oru-r01"));
    try (UnderWay query = traces(1_000_000).asking("qry-a19", "QRY^A19")) {
      filed().took(Duration.ofMillis(70), "oru-r01");
      query.came("DELIVERED", "", false);
    }

    assertThat(page()).contains("millrace_received_to_filed_seconds_count{feed=\"oru-r01\"} 3");
    assertThat(named()).isEmpty();
  }

  /** What is told of another message on the way does not belong to the one that is under way. */
  @Test
  void aMessageWithoutATraceDoesNotBorrowOne() {
    try (UnderWay query = traces(1).asking("qry-a19", "QRY^A19")) {
      TraceMark.NONE.during(() -> filed().took(Duration.ofMillis(70), "oru-r01"));
      query.came("DELIVERED", "", false);
    }

    assertThat(named()).isEmpty();
  }
}
