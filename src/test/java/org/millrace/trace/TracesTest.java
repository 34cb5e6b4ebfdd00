package org.millrace.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;

class TracesTest {
  private static final Instant AT = Instant.parse("2026-11-20T16:15:00.250Z");
  private static final TracedMessage MESSAGE = new TracedMessage(417, AT, "oru-r01", "ORU^R01");

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final SettableClock clock = new SettableClock(AT);
  private final Traces traces = Traces.into(spans, 1, clock);

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
    clock.set(AT.plusMillis(3));
    traces.received(MESSAGE);
    clock.set(AT.plusMillis(1100));
    try (UnderWay attempt = traces.delivering(MESSAGE, 2)) {
      clock.set(AT.plusMillis(1200));
      Traces.exchanged("POST", "DocumentReference", 201, "r-1", Duration.ofMillis(80));
      attempt.came("DELIVERED", "", false);
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
    assertThat(receive.getStartEpochNanos()).isEqualTo(nanos(AT));
    assertThat(receive.getEndEpochNanos()).isEqualTo(nanos(AT.plusMillis(3)));
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
  void aQueryIsATraceWithTheCallsOfAllItsThreads() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (UnderWay query = traces.asking("qry-a19", "QRY^A19")) {
      Traces.exchanged("GET", "Patient?identifier", 200, "r-1", Duration.ofMillis(1));
      other
          .submit(
              Traces.onward(
                  () -> {
                    Traces.exchanged("GET", "Encounter?patient", 200, "r-2", Duration.ZERO);
                    return "";
                  }))
          .get();
      query.came("REFUSED", "query-refused", true);
    } finally {
      other.shutdownNow();
    }

    SpanData query = span("query");
    assertThat(attributes(query))
        .isEqualTo(
            Map.of(
                "millrace.feed", "qry-a19",
                "millrace.type", "QRY^A19",
                "millrace.state", "REFUSED",
                "millrace.reason", "query-refused"));
    assertThat(query.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(List.of(span("GET Patient?identifier"), span("GET Encounter?patient")))
        .extracting(SpanData::getParentSpanId)
        .containsOnly(query.getSpanId());
  }

  @Test
  void aRequestIsATraceWithThePathOfTheFaceAndNoMore() {
    try (UnderWay request = traces.requested("GET", "/fhir/r4")) {
      Traces.exchanged("GET", "Patient/{id}", 404, "", Duration.ZERO);
      request.answered(404);
    }
    try (UnderWay request = traces.requested("ZZTESTMILLER", "/actions")) {
      request.answered(500);
    }

    SpanData request = span("GET /fhir/r4");
    assertThat(attributes(request))
        .isEqualTo(
            Map.of(
                "http.request.method", "GET",
                "http.route", "/fhir/r4",
                "http.response.status_code", 404L));
    assertThat(request.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(span("GET Patient/{id}").getParentSpanId()).isEqualTo(request.getSpanId());
    assertThat(span("_OTHER /actions").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void aMessageOverHttpIsATraceOfItsOwnThatNamesTheRequest() {
    try (UnderWay request = traces.requested("POST", "/hl7")) {
      traces.received(MESSAGE);
      request.answered(200);
    }

    assertThat(span("receive").getTraceId()).isNotEqualTo(span("POST /hl7").getTraceId());
    assertThat(span("receive").getLinks())
        .singleElement()
        .satisfies(
            link ->
                assertThat(link.getSpanContext().getSpanId())
                    .isEqualTo(span("POST /hl7").getSpanId()));
  }

  @Test
  void anAttemptOfAnotherEngineOrAfterARestartJoinsTheTrace() {
    traces.received(MESSAGE);
    InMemorySpanExporter elsewhere = InMemorySpanExporter.create();
    TracedMessage again = new TracedMessage(417, AT.plusNanos(999), "oru-r01", "ORU^R01");
    try (Traces other = Traces.into(elsewhere, 1, clock);
        UnderWay attempt = other.delivering(again, 1)) {
      attempt.came("HELD", "no-patient", true);
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
    traces.received(MESSAGE);
    traces.received(new TracedMessage(418, AT, "oru-r01", "ORU^R01"));
    traces.received(new TracedMessage(417, AT.plusMillis(1), "oru-r01", "ORU^R01"));

    assertThat(spans.getFinishedSpanItems())
        .extracting(SpanData::getTraceId)
        .doesNotHaveDuplicates();
  }

  /** One in ten, and of a message that is chosen all spans, by whichever engine. */
  @Test
  void oneInTenIsTracedAndThatOneWhole() {
    Traces some = Traces.into(spans, 10, clock);
    for (long id = 1; id <= 1000; id++) {
      some.received(new TracedMessage(id, AT, "oru-r01", "ORU^R01"));
    }
    Traces elsewhere = Traces.into(spans, 10, clock);
    for (long id = 1; id <= 1000; id++) {
      try (UnderWay attempt =
          elsewhere.delivering(new TracedMessage(id, AT, "oru-r01", "ORU^R01"), 1)) {
        Traces.exchanged("GET", "Patient/{id}", 200, "", Duration.ZERO);
        attempt.came("DELIVERED", "", false);
      }
    }

    List<SpanData> all = spans.getFinishedSpanItems();
    Set<String> received = traceIds(all, "receive");
    assertThat(received).hasSizeBetween(50, 150);
    assertThat(traceIds(all, "deliver")).isEqualTo(received);
    assertThat(traceIds(all, "GET Patient/{id}")).isEqualTo(received);
  }

  private static Set<String> traceIds(List<SpanData> all, String name) {
    Set<String> ids = new HashSet<>();
    all.stream()
        .filter(each -> each.getName().equals(name))
        .forEach(each -> ids.add(each.getTraceId()));
    return ids;
  }

  @Test
  void aCallWithoutAnswerAndAnAttemptThatBrokeAreErrors() {
    try (UnderWay broken = traces.delivering(MESSAGE, 1)) {
      Traces.exchanged("GET", "Patient/{id}", 0, "", Duration.ofSeconds(1));
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
  void whatIsNotOnTheListStaysHere() {
    try (UnderWay attempt = traces.delivering(MESSAGE, 1)) {
      Span.current()
          .setAttribute("patient.name", "ZZTESTMILLER")
          .setAttribute(AttributeKey.longKey("millrace.feed"), 9900101L)
          .addEvent("ZZTESTMILLER", Attributes.empty())
          .recordException(new IllegalStateException("ZZTESTMILLER"))
          .setStatus(StatusCode.ERROR, "ZZTESTMILLER");
      Traces.exchanged("GET", "Patient/{id}", 200, "MILLER ZZTEST", Duration.ZERO);
      attempt.came("HELD", "no-patient", true);
    }

    assertThat(spans.getFinishedSpanItems())
        .hasSize(2)
        .allSatisfy(
            each -> {
              assertThat(each.getEvents()).isEmpty();
              assertThat(each.getTotalRecordedEvents()).isZero();
              assertThat(each.getStatus().getDescription()).isEmpty();
              assertThat(each.getAttributes().toString()).doesNotContain("ZZTEST", "9900101");
              assertThat(each.getTotalAttributeCount()).isEqualTo(each.getAttributes().size());
            });
  }

  @Test
  void callsOutsideOfWhatIsUnderWayMakeNoSpans() {
    Traces.exchanged("GET", "Patient/{id}", 200, "", Duration.ZERO);

    assertThat(spans.getFinishedSpanItems()).isEmpty();
  }

  /** Nothing is made, not even an object, so that nothing is slower. */
  @Test
  void withoutACollectorNothingIsMade() {
    try (Traces none = Traces.none();
        UnderWay attempt = none.delivering(MESSAGE, 1);
        UnderWay query = none.asking("qry-a19", "QRY^A19");
        UnderWay request = none.requested("GET", "/fhir/r4")) {
      none.received(MESSAGE);
      assertThat(List.of(attempt, query, request)).containsOnly(UnderWay.UNTRACED);
      assertThat(UnderWay.onThisThread()).isEmpty();
      attempt.came("DELIVERED", "", false);
      request.answered(200);
    }
  }
}
