package org.millrace.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.Optional;
import java.util.function.Supplier;

/** Ids by chance, but for the root span of a message, whose ids are given. Thread-safe. */
final class SpanIds implements IdGenerator {
  private final ThreadLocal<Optional<SpanContext>> given = ThreadLocal.withInitial(Optional::empty);

  /** What is started within is this span. */
  <T> T startedAs(SpanContext span, Supplier<T> start) {
    given.set(Optional.of(span));
    try {
      return start.get();
    } finally {
      given.remove();
    }
  }

  @Override
  public String generateSpanId() {
    return given.get().map(SpanContext::getSpanId).orElseGet(IdGenerator.random()::generateSpanId);
  }

  @Override
  public String generateTraceId() {
    return given
        .get()
        .map(SpanContext::getTraceId)
        .orElseGet(IdGenerator.random()::generateTraceId);
  }
}
