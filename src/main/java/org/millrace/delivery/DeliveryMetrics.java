package org.millrace.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.millrace.journal.CallStore;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.MessageState;
import org.millrace.mapping.CoverageMetrics;
import org.millrace.mapping.CoverageNote;
import org.millrace.trace.Latency;
import org.millrace.trace.LatencyMeter;
import org.millrace.trace.TraceMark;

/** What delivery counts; nothing until it has a registry. Thread-safe. */
final class DeliveryMetrics {
  private final JournalDatabase journal;
  private final OperatorPauses paused;
  private final LatencyMeter filed = new LatencyMeter(Latency.FILED);
  private volatile Optional<MeterRegistry> meters = Optional.empty();
  private volatile Optional<CoverageMetrics> coverage = Optional.empty();

  DeliveryMetrics(JournalDatabase journal, OperatorPauses paused) {
    this.journal = journal;
    this.paused = paused;
  }

  void register(MeterRegistry registry, CoverageMetrics ofCoverage) {
    meters = Optional.of(registry);
    coverage = Optional.of(ofCoverage);
    filed.register(registry);
    LatencyMeter commits = new LatencyMeter(Latency.COMMIT).register(registry);
    journal.whenCommitted(commits::took);
    Gauge.builder("millrace.queue.depth", this::depth)
        .description("Messages that wait for delivery")
        .register(registry);
    Gauge.builder("millrace.queue.oldest.age", this::oldestAge)
        .baseUnit("seconds")
        .description("How long the oldest of them has waited")
        .register(registry);
    Gauge.builder("millrace.lane.slots", () -> journal.leases().held().size())
        .description("Slots of lanes that this engine delivers, of 256")
        .register(registry);
    Gauge.builder("millrace.journal.lost.records", journal::lostRecords)
        .description("Records written behind the answer (questions, calls) that were lost")
        .register(registry);
    for (DeliveryPause.Kind kind : DeliveryPause.Kind.values()) {
      Gauge.builder("millrace.paused", () -> paused.count(kind))
          .description("Feeds and lanes that operators have paused")
          .tag("kind", kind.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    removed(registry, "contents", JournalDatabase::contentsRemoved);
    removed(registry, "messages", JournalDatabase::messagesRemoved);
    FunctionCounter.builder("millrace.journal.bodies.left.out", journal.calls(), CallStore::leftOut)
        .description("Calls to Cerner that were recorded without bodies, for want of memory")
        .register(registry);
  }

  private void removed(
      MeterRegistry registry, String what, ToDoubleFunction<JournalDatabase> count) {
    FunctionCounter.builder("millrace.journal.removed", journal, count)
        .description("What was removed from the journal because its time was over")
        .tag("what", what)
        .register(registry);
  }

  /** An attempt ended in this state. */
  void concluded(MessageState state) {
    meters.ifPresent(
        registry ->
            Counter.builder("millrace.messages.attempts")
                .description("Attempts to deliver, by what they came to")
                .tag("state", state.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment());
  }

  /**
   * A message was delivered that never was before.
   *
   * @param trace it belongs to
   */
  void filed(String feed, Duration sinceReceipt, TraceMark trace) {
    trace.during(() -> filed.took(sinceReceipt, feed));
  }

  /** A message was mapped, and this did not make it across as it was. */
  void covered(String sender, List<CoverageNote> notes) {
    coverage.ifPresent(metrics -> metrics.count(sender, notes));
  }

  private double depth() {
    try {
      return journal.queue().backlog().messages();
    } catch (JournalException down) {
      return Double.NaN;
    }
  }

  private double oldestAge() {
    try {
      return journal.queue().backlog().oldest().toMillis() / 1000.0;
    } catch (JournalException down) {
      return Double.NaN;
    }
  }
}
