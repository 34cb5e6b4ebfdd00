package org.millrace.intake;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.millrace.journal.ApplicationReplyStore;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalException;
import org.millrace.journal.Standing;
import org.millrace.trace.Latency;
import org.millrace.trace.LatencyMeter;
import org.millrace.trace.Metric;
import org.millrace.trace.TraceMark;

/** What intake counts and times; nothing without a registry. Thread-safe. */
final class IntakeMetrics {
  private final Optional<MeterRegistry> meters;
  private final LatencyMeter acknowledged = new LatencyMeter(Latency.ACKNOWLEDGED);

  IntakeMetrics(Optional<MeterRegistry> meters) {
    this.meters = meters;
    meters.ifPresent(acknowledged::register);
  }

  /** Who waits is counted from now on. */
  void watch(DeliveryWatch watch, ApplicationReplies replies) {
    meters.ifPresent(
        registry -> {
          Metric.SENDERS_WAITING.shows(registry, watch::waiters);
          Metric.APPLICATION_REPLIES_WAITING.shows(registry, replies::waiting);
        });
  }

  /** What is to be sent to addresses is counted from now on. */
  void watch(ApplicationReplyStore replies) {
    meters.ifPresent(
        registry -> Metric.APPLICATION_REPLIES_UNSENT.shows(registry, () -> unsent(replies)));
  }

  /** Not a number while the journal cannot be asked. */
  private static double unsent(ApplicationReplyStore replies) {
    try {
      return replies.unsent();
    } catch (JournalException failure) {
      return Double.NaN;
    }
  }

  /** A sender waited for the outcome of its message. */
  void answered(Optional<Standing> standing) {
    count(
        Metric.MESSAGES_ANSWERED,
        standing.map(each -> each.state().name().toLowerCase(Locale.ROOT)).orElse("pending"));
  }

  private void count(Metric metric, String outcome) {
    meters.ifPresent(registry -> metric.counter(registry, outcome).increment());
  }

  /** A message has come in just now. */
  Receipt received(Feed feed) {
    return new Receipt(feed);
  }

  /** A message from its receipt until it is acknowledged; for one thread after the other. */
  final class Receipt {
    private final Feed feed;
    private final long began = System.nanoTime();
    private volatile String outcome = "failed";
    private volatile TraceMark trace = TraceMark.NONE;

    private Receipt(Feed feed) {
      this.feed = feed;
    }

    Feed feed() {
      return feed;
    }

    /** What became of it, one of few words. */
    void became(String word) {
      outcome = word;
      count(Metric.MESSAGES_RECEIVED, word);
    }

    void belongsTo(TraceMark mark) {
      trace = mark;
    }

    /** The same answer; once it was given, the message is acknowledged. */
    Answer timed(Answer answer) {
      return answer.reply().length == 0
          ? answer
          : new Answer(
              answer.reply(),
              took -> {
                if (took) {
                  acknowledged();
                }
                answer.written().accept(took);
              },
              answer.taken());
    }

    private void acknowledged() {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      trace.during(() -> acknowledged.took(took, feed.name(), outcome));
    }
  }
}
