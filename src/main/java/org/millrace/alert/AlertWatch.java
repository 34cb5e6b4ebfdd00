package org.millrace.alert;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.millrace.journal.AlertNotice;
import org.millrace.journal.AlertStore;
import org.millrace.journal.JournalException;
import org.millrace.journal.Symptom;
import org.millrace.trace.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether something is the matter, and tells it: once when it begins, once when it has not
 * been seen for the quiet time. What is open and what is untold stands in the journal. Looking is
 * for one thread, telling for another one.
 */
public final class AlertWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertWatch.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);
  private static final Duration TELL_EVERY = Duration.ofSeconds(10);

  /** Longer than any way takes; then another engine may send it. */
  private static final Duration HELD = Duration.ofMinutes(2);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
  private static final Duration KEPT = Duration.ofDays(90);

  private final AlertStore store;
  private final List<Supplier<List<Symptom>>> looks;
  private final List<NoticeWay> ways;
  private final Duration quiet;
  private final Clock clock;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work, "alerts");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Map<String, Long> open = Map.of();
  private volatile long snoozed;
  private volatile long untold;
  private Optional<Instant> firstLook = Optional.empty();

  /**
   * @param looks each finds what is the matter at this moment
   * @param ways by which it is told; without any it stands in journal, log and metrics
   * @param quiet for how long an alert must not have been seen to end
   */
  public AlertWatch(
      AlertStore store,
      List<Supplier<List<Symptom>>> looks,
      List<NoticeWay> ways,
      Duration quiet,
      Clock clock) {
    this.store = store;
    this.looks = List.copyOf(looks);
    this.ways = List.copyOf(ways);
    this.quiet = quiet;
    this.clock = clock;
  }

  /** Counts what is open by kind, and what no receiver has taken. */
  public AlertWatch measuredBy(MeterRegistry metrics) {
    for (AlertKind kind : AlertKind.values()) {
      Metric.ALERTS_OPEN.shows(metrics, () -> open.getOrDefault(kind.label(), 0L), kind.label());
    }
    Metric.ALERTS_SNOOZED.shows(metrics, () -> snoozed);
    Metric.ALERTS_UNTOLD.shows(metrics, () -> untold);
    return this;
  }

  /** Looks and tells from now on, until it is closed. */
  public AlertWatch start() {
    every(LOOK_EVERY, this::look);
    every(TELL_EVERY, this::tell);
    return this;
  }

  private void every(Duration time, Runnable work) {
    threads.scheduleWithFixedDelay(
        () -> {
          try {
            work.run();
          } catch (RuntimeException failed) {
            // The next turn is another try; an exception would end all of them.
            LOG.error("alerts could not be looked after: {}", cause(failed));
          }
        },
        time.toMillis(),
        time.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** Only our own words: texts of others may quote a statement's values. */
  private static String cause(RuntimeException failed) {
    Throwable cause =
        failed instanceof CompletionException && failed.getCause() != null
            ? failed.getCause()
            : failed;
    return cause instanceof JournalException
        ? String.valueOf(cause.getMessage())
        : cause.getClass().getName();
  }

  /** One look at everything. If a part of it fails, nothing begins or ends. */
  void look() {
    Instant now = clock.instant();
    Instant first = firstLook.orElse(now);
    firstLook = Optional.of(first);
    List<Symptom> symptoms = new ArrayList<>();
    looks.forEach(each -> symptoms.addAll(each.get()));
    // After a start it takes a while until what was the matter can be seen again: nobody has asked
    // Cerner yet.
    Optional<Instant> unseenSince =
        Optional.of(now.minus(quiet)).filter(since -> !since.isBefore(first));
    List<String> names = ways.stream().map(NoticeWay::name).toList();
    AlertStore.Changes changes = store.look(symptoms, unseenSince, names).join();
    changes
        .started()
        .forEach(
            each ->
                LOG.warn("alert {}: {}: {}", each.id(), NoticeText.name(each), each.sentence()));
    changes
        .woken()
        .forEach(
            each ->
                LOG.warn(
                    "alert {} is snoozed no more: {}: {}",
                    each.id(),
                    NoticeText.name(each),
                    each.sentence()));
    changes
        .ended()
        .forEach(each -> LOG.info("alert {} has ended: {}", each.id(), NoticeText.name(each)));
    store.removeEndedBefore(now.minus(KEPT)).join();
    open = store.awake();
    snoozed = store.snoozed();
    untold = store.untold().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Sends what is due by each way, until one is not taken: the others would not be either. */
  void tell() {
    for (NoticeWay way : ways) {
      boolean goesOn = true;
      while (goesOn && !Thread.currentThread().isInterrupted()) {
        goesOn = store.take(way.name(), HELD).join().map(notice -> sent(way, notice)).orElse(false);
      }
    }
  }

  private boolean sent(NoticeWay way, AlertNotice notice) {
    try {
      way.send(notice);
    } catch (IOException notTaken) {
      return again(notice, String.valueOf(notTaken.getMessage()));
    } catch (RuntimeException bug) {
      // It must not keep the other ways from telling.
      return again(notice, bug.getClass().getName());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
    store.told(notice).join();
    return true;
  }

  /** False: what else is due by this way waits, too. */
  private boolean again(AlertNotice notice, String why) {
    Duration wait = wait(notice.tries());
    LOG.warn(
        "notice {} of alert {} did not go by {}: {}; again in {} s",
        notice.id(),
        notice.alert().id(),
        notice.way(),
        why,
        wait.toSeconds());
    store.notTaken(notice, clock.instant().plus(wait)).join();
    return false;
  }

  /** Twice as long each time. */
  private static Duration wait(int tries) {
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(tries, 20));
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  /** Ends at once: a notice that is under way is sent again after the next start. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
        LOG.warn("alerts did not stop in time");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
