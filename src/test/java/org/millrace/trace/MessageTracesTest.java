package org.millrace.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MessageTracesTest {
  private static final Instant AT = Instant.parse("2026-11-20T16:15:00.250Z");
  private static final TracedMessage MESSAGE = new TracedMessage(417, AT, "oru-r01", "ORU^R01");

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final MessageTraces traces = MessageTraces.into(spans);

  private SpanData span(String name) {
    List<SpanData> found =
        spans.getFinishedSpanItems().stream().filter(each -> each.getName().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }

  private static Map<String, Object> attributes(SpanData span) {
    Map<String, Object> all = new TreeMap<>();
    span.getAttributes().forEach((key, value) -> all.put(key.getKey(), value));
    return all;
  }

  private static long nanos(Instant at) {
    return TimeUnit.MILLISECONDS.toNanos(at.toEpochMilli());
  }

  @Test
  void aMessageIsATraceFromReceiptToTheCallsOfItsAttempts() {
    traces.received(MESSAGE, AT, AT.plusMillis(3));
    try (MessageTraces.Attempt attempt = traces.delivering(MESSAGE, 2, AT.plusSeconds(1))) {
      MessageTraces.exchanged(
          "POST", "DocumentReference", 201, "r-1", Duration.ofMillis(80), AT.plusMillis(1200));
      attempt.came("DELIVERED", "", false, AT.plusMillis(1300));
    }

    SpanData receive = span("receive");
    SpanData deliver = span("deliver");
    SpanData call = span("POST DocumentReference");
    assertThat(receive.getParentSpanContext().isValid()).isFalse();
    assertThat(deliver.getParentSpanId()).isEqualTo(receive.getSpanId());
    assertThat(call.getParentSpanId()).isEqualTo(deliver.getSpanId());
    assertThat(List.of(receive, deliver, call))
        .extracting(SpanData::getTraceId)
        .containsOnly(receive.getTraceId());
    assertThat(attributes(receive))
        .isEqualTo(
            Map.of(
                "millrace.message", 417L, "millrace.feed", "oru-r01", "millrace.type", "ORU^R01"));
    assertThat(attributes(deliver))
        .isEqualTo(
            Map.of(
                "millrace.message", 417L,
                "millrace.feed", "oru-r01",
                "millrace.type", "ORU^R01",
                "millrace.attempt", 2L,
                "millrace.state", "DELIVERED"));
    assertThat(attributes(call))
        .isEqualTo(
            Map.of(
                "http.request.method", "POST",
                "url.template", "DocumentReference",
                "http.response.status_code", 201L,
                "millrace.cerner.request", "r-1"));
    assertThat(call.getStartEpochNanos()).isEqualTo(nanos(AT.plusMillis(1120)));
    assertThat(call.getEndEpochNanos()).isEqualTo(nanos(AT.plusMillis(1200)));
    assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void anAttemptOfAnotherEngineOrAfterARestartJoinsTheTrace() {
    traces.received(MESSAGE, AT, AT.plusMillis(3));
    InMemorySpanExporter elsewhere = InMemorySpanExporter.create();
    try (MessageTraces other = MessageTraces.into(elsewhere);
        MessageTraces.Attempt attempt =
            other.delivering(
                new TracedMessage(417, AT.plusNanos(999), "oru-r01", "ORU^R01"), 1, AT)) {
      attempt.came("HELD", "no-patient", true, AT);
      assertThat(elsewhere.getFinishedSpanItems())
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.getTraceId()).isEqualTo(span("receive").getTraceId());
                assertThat(each.getParentSpanId()).isEqualTo(span("receive").getSpanId());
                assertThat(each.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
              });
    }
  }

  @Test
  void otherMessagesAreOtherTraces() {
    traces.received(MESSAGE, AT, AT);
    traces.received(new TracedMessage(418, AT, "oru-r01", "ORU^R01"), AT, AT);
    traces.received(new TracedMessage(417, AT.plusMillis(1), "oru-r01", "ORU^R01"), AT, AT);

    assertThat(spans.getFinishedSpanItems())
        .extracting(SpanData::getTraceId)
        .doesNotHaveDuplicates();
  }

  @Test
  void aCallWithoutAnswerAndAnAttemptThatBrokeAreErrors() {
    try (MessageTraces.Attempt broken = traces.delivering(MESSAGE, 1, AT)) {
      MessageTraces.exchanged("GET", "Patient/{id}", 0, "", Duration.ofSeconds(1), AT);
      assertThat(broken).isNotNull();
    }

    assertThat(spans.getFinishedSpanItems())
        .hasSize(2)
        .allSatisfy(
            each -> assertThat(each.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
    assertThat(attributes(span("GET Patient/{id}")))
        .doesNotContainKeys("http.response.status_code", "millrace.cerner.request");
  }

  @Test
  void callsOutsideOfAnAttemptMakeNoSpans() {
    MessageTraces.exchanged("GET", "Patient/{id}", 200, "", Duration.ZERO, AT);
    try (MessageTraces none = MessageTraces.none();
        MessageTraces.Attempt untraced = none.delivering(MESSAGE, 1, AT)) {
      MessageTraces.exchanged("GET", "Patient/{id}", 200, "", Duration.ZERO, AT);
      none.received(MESSAGE, AT, AT);
      untraced.came("DELIVERED", "", false, AT);
    }

    assertThat(spans.getFinishedSpanItems()).isEmpty();
  }
}
