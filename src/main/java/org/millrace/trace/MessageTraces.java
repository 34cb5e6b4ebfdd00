package org.millrace.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The trace of each stored message: a span for its receipt, one for each attempt to deliver it, and
 * under that one for each exchange with Cerner. Thread-safe.
 */
public final class MessageTraces implements AutoCloseable {
  static final AttributeKey<Long> MESSAGE = AttributeKey.longKey("millrace.message");
  static final AttributeKey<String> FEED = AttributeKey.stringKey("millrace.feed");
  static final AttributeKey<String> TYPE = AttributeKey.stringKey("millrace.type");
  static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("millrace.attempt");
  static final AttributeKey<String> STATE = AttributeKey.stringKey("millrace.state");
  static final AttributeKey<String> REASON = AttributeKey.stringKey("millrace.reason");
  static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  static final AttributeKey<String> TEMPLATE = AttributeKey.stringKey("url.template");
  static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<String> REQUEST = AttributeKey.stringKey("millrace.cerner.request");

  private static final ContextKey<Attempt> UNDER_WAY = ContextKey.named("attempt");
  private static final Duration LAST_SPANS_WITHIN = Duration.ofSeconds(2);
  private static final int FIRST_FAILING_STATUS = 400;

  private final SpanIds ids = new SpanIds();
  private final Optional<SdkTracerProvider> provider;
  private final Optional<Tracer> tracer;

  private MessageTraces(Optional<SpanProcessor> processor) {
    provider =
        processor.map(
            each ->
                SdkTracerProvider.builder()
                    .setIdGenerator(ids)
                    .setResource(
                        Resource.getDefault().toBuilder().put("service.name", "millrace").build())
                    .addSpanProcessor(each)
                    .build());
    tracer = provider.map(each -> each.get("org.millrace"));
  }

  /** No traces are made. */
  public static MessageTraces none() {
    return new MessageTraces(Optional.empty());
  }

  /**
   * Traces go to a collector, in batches and behind whoever makes them; what it does not take, and
   * more than 2048 spans that wait, are dropped.
   *
   * @param collector its address for OTLP over HTTP, without {@code /v1/traces}
   */
  public static MessageTraces to(URI collector) {
    SpanExporter exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(collector + "/v1/traces").build();
    return new MessageTraces(
        Optional.of(BatchSpanProcessor.builder(new ToldExporter(exporter)).build()));
  }

  /** Each span goes into this one as it ends. */
  static MessageTraces into(SpanExporter exporter) {
    return new MessageTraces(Optional.of(SimpleSpanProcessor.create(exporter)));
  }

  /**
   * A message was stored.
   *
   * @param from when it was taken up
   * @param to when it was on disk
   */
  public void received(TracedMessage message, Instant from, Instant to) {
    tracer.ifPresent(
        some ->
            ids.startedAs(
                    message.root(),
                    () ->
                        about(message, some.spanBuilder("receive"))
                            .setNoParent()
                            .setSpanKind(SpanKind.SERVER)
                            .setStartTimestamp(from)
                            .startSpan())
                .end(to));
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
  public Attempt delivering(TracedMessage message, int number, Instant from) {
    return tracer
        .map(
            some -> {
              Span span =
                  about(message, some.spanBuilder("deliver"))
                      .setAttribute(ATTEMPT, number)
                      .setParent(Context.root().with(Span.wrap(message.root())))
                      .setSpanKind(SpanKind.CONSUMER)
                      .setStartTimestamp(from)
                      .startSpan();
              return new Attempt(some, span);
            })
        .orElseGet(() -> new Attempt(null, Span.getInvalid()));
  }

  /**
   * An exchange with Cerner has ended; if no attempt is traced on this thread, nothing is told.
   *
   * @param template {@code Patient/{id}}
   * @param status 0 if there was no answer
   * @param request Cerner's X-Request-Id; empty if none
   */
  public static void exchanged(
      String method, String template, int status, String request, Duration took, Instant to) {
    Attempt attempt = Context.current().get(UNDER_WAY);
    if (attempt != null) {
      attempt.called(method, template, status, request, took, to);
    }
  }

  /** Sends what is left. */
  @Override
  public void close() {
    provider.ifPresent(
        each -> each.shutdown().join(LAST_SPANS_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** An attempt under way, on the thread that it began on. */
  public static final class Attempt implements AutoCloseable {
    private final @Nullable Tracer tracer;
    private final Span span;
    private final Scope scope;

    private Attempt(@Nullable Tracer tracer, Span span) {
      this.tracer = tracer;
      this.span = span;
      Context context = Context.current();
      this.scope =
          tracer == null ? Scope.noop() : context.with(span).with(UNDER_WAY, this).makeCurrent();
    }

    private void called(
        String method, String template, int status, String request, Duration took, Instant to) {
      if (tracer == null) {
        return;
      }
      Span call =
          tracer
              .spanBuilder(method + " " + template)
              .setSpanKind(SpanKind.CLIENT)
              .setParent(Context.root().with(span))
              .setAttribute(METHOD, method)
              .setAttribute(TEMPLATE, template)
              .setStartTimestamp(to.minus(took))
              .startSpan();
      if (status > 0) {
        call.setAttribute(STATUS, (long) status);
      }
      if (!request.isEmpty()) {
        call.setAttribute(REQUEST, request);
      }
      if (status == 0 || status >= FIRST_FAILING_STATUS) {
        call.setStatus(StatusCode.ERROR);
      }
      call.end(to);
    }

    /**
     * What came of it.
     *
     * @param state that the message has now
     * @param reason its code; empty if there is none
     * @param failed whether a person must look
     */
    public void came(String state, String reason, boolean failed, Instant to) {
      span.setAttribute(STATE, state);
      if (!reason.isEmpty()) {
        span.setAttribute(REASON, reason);
      }
      if (failed) {
        span.setStatus(StatusCode.ERROR);
      }
      span.end(to);
    }

    /**
     * It is no longer under way; one of which nothing was said ended in a failure of the engine.
     */
    @Override
    public void close() {
      scope.close();
      span.setStatus(StatusCode.ERROR).end();
    }
  }
}
