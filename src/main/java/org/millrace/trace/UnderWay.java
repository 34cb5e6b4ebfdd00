package org.millrace.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An attempt, a query or a request that is traced, on the thread that it began on. Closed there;
 * one of which nothing was said by then ended in a failure of the engine.
 */
public final class UnderWay implements AutoCloseable {
  static final Clock NO_CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  /** Nothing is told of it. */
  static final UnderWay UNTRACED = new UnderWay();

  private static final ContextKey<UnderWay> KEY = ContextKey.named("under-way");
  private static final int FIRST_FAILING_STATUS = 400;
  private static final int FIRST_STATUS_OF_A_FAILED_SERVER = 500;

  /** Cerner's numbers are like this; a header of another shape could hold anything. */
  private static final Pattern NUMBER = Pattern.compile("[A-Za-z0-9._:/-]{1,100}");

  private final Tracer tracer;
  private final Span span;
  private final Clock clock;
  private final Scope scope;

  private UnderWay() {
    tracer = TracerProvider.noop().get("none");
    span = Span.getInvalid();
    clock = NO_CLOCK;
    scope = Scope.noop();
  }

  @SuppressWarnings("MustBeClosedChecker") // Closed with this.
  UnderWay(Tracer tracer, Span span, Clock clock) {
    this.tracer = tracer;
    this.span = span;
    this.clock = clock;
    this.scope = Context.current().with(span).with(KEY, this).makeCurrent();
  }

  static Optional<UnderWay> onThisThread() {
    return Optional.ofNullable(Context.current().get(KEY));
  }

  void exchanged(String method, String template, int status, String request, Duration took) {
    Instant to = clock.instant();
    Span exchange =
        tracer
            .spanBuilder(method + " " + template)
            .setSpanKind(SpanKind.CLIENT)
            .setParent(Context.root().with(span))
            .setAttribute(Traces.METHOD, method)
            .setAttribute(Traces.TEMPLATE, template)
            .setStartTimestamp(to.minus(took))
            .startSpan();
    if (status > 0) {
      exchange.setAttribute(Traces.STATUS, (long) status);
    }
    if (NUMBER.matcher(request).matches()) {
      exchange.setAttribute(Traces.REQUEST, request);
    }
    if (status == 0 || status >= FIRST_FAILING_STATUS) {
      exchange.setStatus(StatusCode.ERROR);
    }
    exchange.end(to);
  }

  /**
   * What came of an attempt or a query.
   *
   * @param state that the message has now
   * @param reason its code; empty if there is none
   * @param failed whether a person must look
   */
  public void came(String state, String reason, boolean failed) {
    span.setAttribute(Traces.STATE, state);
    if (!reason.isEmpty()) {
      span.setAttribute(Traces.REASON, reason);
    }
    end(failed);
  }

  /** How a request was answered. */
  public void answered(int status) {
    span.setAttribute(Traces.STATUS, (long) status);
    // As OpenTelemetry has it for servers: what a caller did wrong is no fault of ours.
    end(status >= FIRST_STATUS_OF_A_FAILED_SERVER);
  }

  private void end(boolean failed) {
    if (failed) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(clock.instant());
  }

  /** It is no longer under way. */
  @Override
  public void close() {
    scope.close();
    span.setStatus(StatusCode.ERROR).end(clock.instant());
  }
}
