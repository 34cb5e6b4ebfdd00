package org.millrace.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;

/** Which trace something belongs to, where its spans are over or on other threads. */
public final class TraceMark {
  /** It belongs to none. */
  public static final TraceMark NONE = new TraceMark(SpanContext.getInvalid());

  private final SpanContext span;

  TraceMark(SpanContext span) {
    this.span = span;
  }

  /** What is timed by this belongs to the trace. */
  public void during(Runnable timed) {
    try (Scope within = Context.root().with(Span.wrap(span)).makeCurrent()) {
      timed.run();
    }
  }
}
