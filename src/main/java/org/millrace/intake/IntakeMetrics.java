package org.millrace.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
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
          Gauge.builder("millrace.senders.waiting", watch, DeliveryWatch::waiters)
              .description("Senders that wait for the outcome of their message")
              .register(registry);
          Gauge.builder(
                  "millrace.application.replies.waiting", replies, ApplicationReplies::waiting)
              .description("Senders that wait on their connection for an application reply")
              .register(registry);
        });
  }

  /** What is to be sent to addresses is counted from now on. */
  void watch(ApplicationReplyStore replies) {
    meters.ifPresent(
        registry ->
            Gauge.builder("millrace.application.replies.unsent", replies, IntakeMetrics::unsent)
                .description("Application replies that their addresses have not taken yet")
                .register(registry));
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
        "millrace.messages.answered",
        "Senders that waited for the outcome of their message, by what it was",
        standing.map(each -> each.state().name().toLowerCase(Locale.ROOT)).orElse("pending"));
  }

  private void count(String meter, String description, String outcome) {
    meters.ifPresent(
        registry ->
            Counter.builder(meter)
                .description(description)
                .tag("outcome", outcome)
                .register(registry)
                .increment());
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
      count(
          "millrace.messages.received",
          "Messages that came in to be stored, by what became of that",
          word);
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
