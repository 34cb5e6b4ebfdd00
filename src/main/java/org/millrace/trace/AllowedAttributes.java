package org.millrace.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;

/**
 * Lets out the attributes of {@link Traces#ALLOWED} and nothing else: no others, no events, which
 * hold the texts of exceptions, and no words with a status.
 */
final class AllowedAttributes implements SpanExporter {
  private final SpanExporter to;

  AllowedAttributes(SpanExporter to) {
    this.to = to;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    return to.export(spans.stream().<SpanData>map(Let::new).toList());
  }

  @Override
  public CompletableResultCode flush() {
    return to.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return to.shutdown();
  }

  /** A span as it may be seen. */
  private static final class Let extends DelegatingSpanData {
    private final Attributes attributes;
    private final StatusData status;

    Let(SpanData span) {
      super(span);
      attributes =
          span.getAttributes().toBuilder().removeIf(key -> !Traces.ALLOWED.contains(key)).build();
      status = StatusData.create(span.getStatus().getStatusCode(), "");
    }

    @Override
    public Attributes getAttributes() {
      return attributes;
    }

    @Override
    public int getTotalAttributeCount() {
      return attributes.size();
    }

    @Override
    public List<EventData> getEvents() {
      return List.of();
    }

    @Override
    public int getTotalRecordedEvents() {
      return 0;
    }

    @Override
    public StatusData getStatus() {
      return status;
    }
  }
}
