package org.millrace.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * What becomes a trace: each stored message, with a span for its receipt and one for each attempt
 * to deliver it; each query; each request over HTTP. Under an attempt, a query or a request stands
 * a span for each exchange with Cerner or HealtheIntent. Thread-safe.
 */
public final class Traces implements AutoCloseable {
  static final AttributeKey<Long> MESSAGE = AttributeKey.longKey("millrace.message");
  static final AttributeKey<String> FEED = AttributeKey.stringKey("millrace.feed");
  static final AttributeKey<String> TYPE = AttributeKey.stringKey("millrace.type");
  static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("millrace.attempt");
  static final AttributeKey<String> STATE = AttributeKey.stringKey("millrace.state");
  static final AttributeKey<String> REASON = AttributeKey.stringKey("millrace.reason");
  static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  static final AttributeKey<String> TEMPLATE = AttributeKey.stringKey("url.template");
  static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<String> REQUEST = AttributeKey.stringKey("millrace.cerner.request");

  /** All that a span may say; nothing else leaves, whoever adds it. */
  static final Set<AttributeKey<?>> ALLOWED =
      Set.of(MESSAGE, FEED, TYPE, ATTEMPT, STATE, REASON, METHOD, ROUTE, TEMPLATE, STATUS, REQUEST);

  /** Methods are words of the caller's; others could hold anything. */
  private static final Set<String> METHODS =
      Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");

  private static final Duration LAST_SPANS_WITHIN = Duration.ofSeconds(2);

  private final SpanIds ids = new SpanIds();
  private final Clock clock;
  private final Optional<SdkTracerProvider> provider;
  private final Optional<Tracer> tracer;
  private final Sampler chosen;

  private Traces(Optional<SpanProcessor> processor, int oneIn, Clock clock) {
    this.clock = clock;
    // By the trace's id, so that all engines choose the same messages.
    chosen = Sampler.traceIdRatioBased(1.0 / oneIn);
    provider =
        processor.map(
            each ->
                SdkTracerProvider.builder()
                    .setIdGenerator(ids)
                    .setSampler(chosen)
                    .setResource(
                        Resource.getDefault().toBuilder().put("service.name", "millrace").build())
                    .addSpanProcessor(each)
                    .build());
    tracer = provider.map(each -> each.get("org.millrace"));
  }

  /** No traces are made. */
  public static Traces none() {
    return new Traces(Optional.empty(), 1, UnderWay.NO_CLOCK);
  }

  /**
   * Traces go to a collector, in batches and behind whoever makes them; what it does not take, and
   * more than 2048 spans that wait, are dropped.
   *
   * @param collector its address for OTLP over HTTP, without {@code /v1/traces}
   * @param oneIn of how many messages, queries and requests one is traced; 1 for all
   */
  public static Traces to(URI collector, int oneIn, Clock clock) {
    SpanExporter exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(collector + "/v1/traces").build();
    ToldExporter told = new ToldExporter(new AllowedAttributes(exporter));
    return new Traces(Optional.of(BatchSpanProcessor.builder(told).build()), oneIn, clock);
  }

  /** Each span goes into this one as it ends. */
  static Traces into(SpanExporter exporter, int oneIn, Clock clock) {
    SpanExporter allowed = new AllowedAttributes(exporter);
    return new Traces(Optional.of(SimpleSpanProcessor.create(allowed)), oneIn, clock);
  }

  /** A message is on disk now; it was taken up when it was received. */
  public void received(TracedMessage message) {
    tracer.ifPresent(
        some ->
            ids.startedAs(
                    message.root(),
                    () ->
                        about(message, some.spanBuilder("receive"))
                            .setNoParent()
                            .addLink(Span.current().getSpanContext())
                            .setSpanKind(SpanKind.SERVER)
                            .setStartTimestamp(message.receivedAt())
                            .startSpan())
                .end(clock.instant()));
  }

  /** The trace of a message, if it has one. */
  public TraceMark of(TracedMessage message) {
    if (provider.isEmpty()) {
      return TraceMark.NONE;
    }
    SpanContext root = message.root();
    SamplingDecision decision =
        chosen
            .shouldSample(
                Context.root(),
                root.getTraceId(),
                "receive",
                SpanKind.SERVER,
                Attributes.empty(),
                List.of())
            .getDecision();
    return decision == SamplingDecision.RECORD_AND_SAMPLE ? new TraceMark(root) : TraceMark.NONE;
  }

  private static SpanBuilder about(TracedMessage message, SpanBuilder span) {
    return span.setAttribute(MESSAGE, message.id())
        .setAttribute(FEED, message.feed())
        .setAttribute(TYPE, message.type());
  }

  /**
   * An attempt to deliver a message begins on this thread; exchanges that are told from now on
   * belong to it.
   *
   * @param number of the attempt, from 1
   */
  public UnderWay delivering(TracedMessage message, int number) {
    return tracer
        .map(
            some ->
                begun(
                    some,
                    about(message, some.spanBuilder("deliver"))
                        .setAttribute(ATTEMPT, number)
                        .setParent(Context.root().with(Span.wrap(message.root())))
                        .setSpanKind(SpanKind.CONSUMER)))
        .orElse(UnderWay.UNTRACED);
  }

  /**
   * The answer to a query is sought on this thread; exchanges that are told from now on belong to
   * it.
   *
   * @param type {@code QRY^A19}
   */
  public UnderWay asking(String feed, String type) {
    return tracer
        .map(
            some ->
                begun(
                    some,
                    some.spanBuilder("query")
                        .setAttribute(FEED, feed)
                        .setAttribute(TYPE, type)
                        .setSpanKind(SpanKind.SERVER)))
        .orElse(UnderWay.UNTRACED);
  }

  /**
   * A request over HTTP is answered on this thread; exchanges that are told from now on belong to
   * it.
   *
   * @param route the path of the face, {@code /fhir/r4}; what follows it is the caller's
   */
  public UnderWay requested(String method, String route) {
    String known = METHODS.contains(method) ? method : "_OTHER";
    return tracer
        .map(
            some ->
                begun(
                    some,
                    some.spanBuilder(known + " " + route)
                        .setAttribute(METHOD, known)
                        .setAttribute(ROUTE, route)
                        .setSpanKind(SpanKind.SERVER)))
        .orElse(UnderWay.UNTRACED);
  }

  private UnderWay begun(Tracer some, SpanBuilder span) {
    Span started = span.setStartTimestamp(clock.instant()).startSpan();
    // Of what is not chosen, nothing more needs to be gathered.
    return started.isRecording() ? new UnderWay(some, started, clock) : UnderWay.UNTRACED;
  }

  /**
   * An exchange with Cerner or HealtheIntent has ended just now; if nothing is traced on this
   * thread, nothing is told.
   *
   * @param template {@code Patient/{id}}
   * @param status 0 if there was no answer
   * @param request the other side's number of it; empty if none
   */
  public static void exchanged(
      String method, String template, int status, String request, Duration took) {
    UnderWay.onThisThread()
        .ifPresent(each -> each.exchanged(method, template, status, request, took));
  }

  /** A task for another thread whose exchanges belong to what is under way on this one. */
  public static <T> Callable<T> onward(Callable<T> task) {
    return UnderWay.onThisThread().isPresent() ? Context.current().wrap(task) : task;
  }

  /** Sends what is left. */
  @Override
  public void close() {
    provider.ifPresent(
        each -> each.shutdown().join(LAST_SPANS_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
  }
}
