package org.millrace.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millrace.journal.CallStore;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.MessageState;
import org.millrace.mapping.CoverageMetrics;
import org.millrace.mapping.CoverageNote;
import org.millrace.trace.Latency;
import org.millrace.trace.LatencyMeter;
import org.millrace.trace.Metric;
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
    Metric.QUEUE_DEPTH.shows(registry, this::depth);
    Metric.QUEUE_OLDEST_AGE.shows(registry, this::oldestAge);
    Metric.LANE_SLOTS.shows(registry, () -> journal.leases().held().size());
    Metric.JOURNAL_LOST_RECORDS.shows(registry, journal::lostRecords);
    for (DeliveryPause.Kind kind : DeliveryPause.Kind.values()) {
      Metric.PAUSED.shows(registry, () -> paused.count(kind), kind.name().toLowerCase(Locale.ROOT));
    }
    Metric.JOURNAL_REMOVED.counts(registry, journal, JournalDatabase::contentsRemoved, "contents");
    Metric.JOURNAL_REMOVED.counts(registry, journal, JournalDatabase::messagesRemoved, "messages");
    Metric.JOURNAL_BODIES_LEFT_OUT.counts(registry, journal.calls(), CallStore::leftOut);
  }

  /** An attempt ended in this state. */
  void concluded(MessageState state) {
    String word = state.name().toLowerCase(Locale.ROOT);
    meters.ifPresent(registry -> Metric.MESSAGES_ATTEMPTS.counter(registry, word).increment());
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
