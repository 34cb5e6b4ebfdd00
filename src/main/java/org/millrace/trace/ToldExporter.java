package org.millrace.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in our log when a collector stops and begins to take spans: the library says it to
 * java.util.logging, past the log's format, and with each of them.
 */
final class ToldExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(ToldExporter.class);

  /** Held, since a logger that nobody holds forgets its level. */
  private static final java.util.logging.Logger LIBRARY =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private final SpanExporter to;
  private final AtomicBoolean failing = new AtomicBoolean();

  ToldExporter(SpanExporter to) {
    this.to = to;
    LIBRARY.setLevel(Level.OFF);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = to.export(spans);
    result.whenComplete(() -> tell(result.isSuccess()));
    return result;
  }

  private void tell(boolean taken) {
    if (failing.getAndSet(!taken) == taken) {
      if (taken) {
        LOG.info("the collector takes traces again");
      } else {
        LOG.warn("the collector takes no traces; they are dropped until it does");
      }
    }
  }

  @Override
  public CompletableResultCode flush() {
    return to.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return to.shutdown();
  }
}
