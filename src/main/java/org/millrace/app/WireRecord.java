package org.millrace.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.millrace.journal.TurnedAway;
import org.millrace.mllp.WireFault;
import org.millrace.mllp.WireWatch;
import org.millrace.trace.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the listeners turn away, each; and tells of it in the log and the journal, once in
 * ten seconds for a kind and an address: whoever sends garbage must fill neither. Thread-safe.
 */
final class WireRecord implements WireWatch {
  private static final Logger LOG = LoggerFactory.getLogger(WireRecord.class);
  private static final Duration QUIET = Duration.ofSeconds(10);

  /** Beyond so many addresses within the time, the oldest is forgotten, and told again. */
  private static final int MOST_REMEMBERED = 1_000;

  private final Consumer<TurnedAway> journal;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final Map<String, Told> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Told> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** When a kind of an address was told last, and how much of it came since. */
  private record Told(Instant at, long since) {}

  WireRecord(Consumer<TurnedAway> journal, MeterRegistry metrics, Clock clock) {
    this.journal = journal;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void listening(int port, IntSupplier connections) {
    Metric.MLLP_CONNECTIONS.shows(metrics, connections::getAsInt, String.valueOf(port));
  }

  @Override
  public void noted(WireFault fault) {
    count(fault);
    long times = toTell(fault);
    if (times == 0) {
      return;
    }
    LOG.warn(
        "MLLP port {}, {}: {}{} ({} since it was last told)",
        fault.port(),
        fault.peer(),
        fault.kind().label(),
        fault.detail().isEmpty() ? "" : ", " + fault.detail(),
        times);
    journal.accept(
        new TurnedAway(
            clock.instant(),
            fault.kind().label(),
            fault.port(),
            fault.peer(),
            fault.detail(),
            times,
            fault.bytes()));
  }

  private void count(WireFault fault) {
    String port = String.valueOf(fault.port());
    Counter counter =
        fault.kind() == WireFault.Kind.BETWEEN_FRAMES
            ? Metric.MLLP_SKIPPED.counter(metrics, port)
            : Metric.MLLP_REFUSED.counter(metrics, fault.kind().label(), port);
    counter.increment(fault.count());
  }

  /** How much of this kind from this address has not been told; 0 while it is not to be told. */
  private synchronized long toTell(WireFault fault) {
    String address = fault.peer().substring(0, fault.peer().lastIndexOf(':'));
    String key = fault.kind() + " " + fault.port() + " " + address;
    Instant now = clock.instant();
    Told before = told.get(key);
    if (before != null && now.isBefore(before.at().plus(QUIET)) && !now.isBefore(before.at())) {
      told.put(key, new Told(before.at(), before.since() + fault.count()));
      return 0;
    }
    told.put(key, new Told(now, 0));
    return fault.count() + (before == null ? 0 : before.since());
  }
}
