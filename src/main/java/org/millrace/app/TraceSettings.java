package org.millrace.app;

import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.millrace.trace.Traces;

/**
 * What is traced.
 *
 * @param collector the OpenTelemetry collector that traces go to; nothing is traced without
 * @param oneIn of how many messages, queries and requests one is traced
 */
public record TraceSettings(Optional<URI> collector, int oneIn) {
  private static final String ONE_IN = "MILLRACE_TRACE_ONE_IN";
  private static final int MOST = 1_000_000;

  static TraceSettings read(SettingsReader reader) {
    Optional<URI> collector = reader.url("MILLRACE_OTLP_URL");
    int oneIn = (int) reader.number(ONE_IN, 1, 1, MOST, "is no whole number from 1 to 1000000");
    if (collector.isEmpty() && reader.text(ONE_IN).isPresent()) {
      reader.fault(ONE_IN, "is set, but MILLRACE_OTLP_URL is not");
    }
    return new TraceSettings(collector, oneIn);
  }

  Traces open(Clock clock) {
    return collector.map(to -> Traces.to(to, oneIn, clock)).orElseGet(Traces::none);
  }
}
