package org.millrace.trace;

import io.opentelemetry.api.trace.Span;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells a registry for Prometheus which trace a bucket may name: the one on the thread that counts,
 * if it was chosen to be traced.
 */
public final class Exemplars implements SpanContext {
  private static io.opentelemetry.api.trace.SpanContext current() {
    return Span.current().getSpanContext();
  }

  @Override
  public @Nullable String getCurrentTraceId() {
    return current().isValid() ? current().getTraceId() : null;
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    return current().isValid() ? current().getSpanId() : null;
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return current().isSampled();
  }

  /** Collectors are not told: what a span may say is a closed list. */
  @Override
  public void markCurrentSpanAsExemplar() {}
}
