package org.millrace.trace;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ToldExporterTest {
  private final Logger log = (Logger) LoggerFactory.getLogger(ToldExporter.class);
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();

  /** A collector that is up or down. */
  private static final class Switched implements SpanExporter {
    private boolean up = true;

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return up ? CompletableResultCode.ofSuccess() : CompletableResultCode.ofFailure();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @BeforeEach
  void listen() {
    told.start();
    log.addAppender(told);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(told);
  }

  @Test
  void theLogSaysOnceThatTheCollectorTakesNothingAndOnceThatItDoesAgain() {
    Switched collector = new Switched();
    ToldExporter exporter = new ToldExporter(collector);
    for (boolean up : List.of(true, true, false, false, false, true, true)) {
      collector.up = up;
      assertThat(exporter.export(List.of()).isSuccess()).isEqualTo(up);
    }

    assertThat(told.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "the collector takes no traces; they are dropped until it does",
            "the collector takes traces again");
  }
}
