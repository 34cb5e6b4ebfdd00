package org.millrace.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.LaneLeases;
import org.millrace.journal.Lease;
import org.millrace.journal.Standing;
import org.millrace.mapping.CoverageMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivery of an engine: looks into the journal for what waits, hands it out lane by lane to
 * its workers, and carries out operators' requests. Thread-safe.
 *
 * <p>What was being sent when the engine died is found again at the start by its ledger.
 */
public final class Delivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final int WAITED_FOR = 500;
  private static final Duration CLOCK_JITTER = Duration.ofSeconds(1);

  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final JournalDatabase journal;
  private final DeliverySettings.Pace pace;
  private final Clock clock;
  private final Worker worker;
  private final OperatorVerbs verbs;
  private final DeliveryMetrics metrics;
  private final UpstreamPauses pauses;
  private final ReentrantLock gate = new ReentrantLock();
  private final Condition changed = gate.newCondition();
  private final WaitingLine line = new WaitingLine();
  private final LookAhead ahead;
  private final LaneLeases leases;
  private final ExecutorService workers;
  private final Thread dispatcher;
  private volatile boolean stopping;
  private boolean news = true;

  /** What waits could not be read: not to be asked for again at once. */
  private boolean unread;

  private int idle;

  /** What the lanes were loaded under. */
  private Map<Integer, Lease> owned = Map.of();

  private Instant lastSeen = Instant.MIN;

  /** Nothing happens until {@link #start}. */
  public Delivery(
      JournalDatabase journal,
      ChartActions chart,
      MessageMapping mapping,
      DeliverySettings settings,
      StoppedListener listener,
      Clock clock) {
    this.journal = journal;
    this.leases = journal.leases();
    this.pace = settings.pace();
    this.clock = clock;
    this.metrics = new DeliveryMetrics(journal);
    MessageDelivery delivery =
        new MessageDelivery(journal, new LeasedChart(chart, leases), mapping, settings, clock);
    this.pauses = new UpstreamPauses(chart, listener, clock);
    this.worker =
        new Worker(journal, delivery, pace, new Worker.Watch(listener, pauses, metrics), clock);
    FirstLook look = new FirstLook(journal, mapping);
    this.ahead = new LookAhead(journal, look, this::known, this::found);
    RunningDelivery running = new RunningDelivery(gate, line, look, ahead, clock);
    this.verbs = OperatorVerbs.of(journal, mapping, running, clock);
    this.idle = pace.workers();
    this.workers =
        Executors.newFixedThreadPool(pace.workers(), task -> thread(task, "delivery-worker"));
    this.dispatcher = thread(this::run, "delivery");
    chart.whenPausesChange(this::wake);
  }

  /** Counts and gauges go to this registry from now on. */
  public Delivery measuredBy(MeterRegistry registry, CoverageMetrics coverage) {
    metrics.register(registry, coverage);
    return this;
  }

  /** Takes up what waits, and from now on whatever comes. */
  public void start() {
    journal.intake().whenStored(this::wake);
    leases.join();
    dispatcher.start();
  }

  /** Something new may be in the journal. */
  public void wake() {
    change(() -> news = true);
  }

  /** Stops within 7 seconds: 5 for what is being sent, and what cutting it off takes. */
  @Override
  public void close() {
    stop(STOP_WITHIN);
  }

  /**
   * Stops: nothing new is begun; what is being sent may end within this time, else it is parked and
   * found again by its ledger at the next start.
   */
  public void stop(Duration within) {
    stopping = true;
    wake();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(within.toMillis(), TimeUnit.MILLISECONDS)) {
        workers.shutdownNow();
        workers.awaitTermination(1, TimeUnit.SECONDS);
      }
      dispatcher.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException stop) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
    // Others need not wait for the leases to run out; what was cut off here is refused from now on.
    leases.leave();
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void run() {
    long lastVerbs = System.nanoTime() - pace.poll().toNanos();
    while (!stopping) {
      survive(leases::follow);
      survive(this::keepToWhatIsOwned);
      if (System.nanoTime() - lastVerbs >= pace.poll().toNanos()) {
        lastVerbs = System.nanoTime();
        ahead.news();
        survive(verbs::carryOutOpen);
        survive(this::lookAtOthers);
      }
      unread = !survive(this::load);
      survive(pauses::tell);
      survive(this::handOut);
    }
  }

  /**
   * Whatever fails in a step: without this thread nothing would be delivered any more.
   *
   * @return false if it failed
   */
  private static boolean survive(Runnable step) {
    try {
      step.run();
      return true;
    } catch (JournalException failure) {
      // Nothing is lost: what waits is in the journal, and it is asked again after a moment.
      LOG.error("delivery cannot read or write the journal: {}", failure.getMessage());
    } catch (RuntimeException | Error bug) {
      LOG.error("delivery goes on after {}", Worker.place(bug));
    }
    return false;
  }

  /** What others wait for may have been brought to its end by another engine. */
  private void lookAtOthers() {
    List<Long> asked = underGate(() -> line.waitedFor(WAITED_FOR));
    Map<Long, Standing> there =
        journal.queue().standing(asked).stream()
            .collect(Collectors.toMap(Standing::id, Function.identity()));
    change(
        () ->
            asked.forEach(
                id -> line.moved(id, Optional.ofNullable(there.get(id)), clock.instant())));
  }

  private void change(Runnable what) {
    gate.lock();
    try {
      what.run();
      changed.signalAll();
    } finally {
      gate.unlock();
    }
  }

  private <T> T underGate(Supplier<T> work) {
    gate.lock();
    try {
      return work.get();
    } finally {
      gate.unlock();
    }
  }

  private int known(String sender) {
    return underGate(() -> line.size(sender));
  }

  /** Drops the lanes that went to another engine, and loads those that came. */
  private void keepToWhatIsOwned() {
    Map<Integer, Lease> now = leases.held();
    if (!now.equals(owned)) {
      LOG.info("this engine delivers {} of {} slots of lanes", now.size(), LaneLeases.SLOTS);
      Map<Integer, Lease> before = owned;
      boolean more = !before.entrySet().containsAll(now.entrySet());
      gate.lock();
      try {
        line.drop(lane -> !Objects.equals(leaseIn(before, lane), leaseIn(now, lane)));
        owned = now;
      } finally {
        gate.unlock();
      }
      if (more) {
        ahead.beginAnew();
      }
    }
    giveBackTooMuch();
  }

  private static @Nullable Lease leaseIn(Map<Integer, Lease> owned, String lane) {
    return owned.get(LaneLeases.slotOf(lane));
  }

  /** What an engine that came later shall have: lanes in which nothing is under way. */
  private void giveBackTooMuch() {
    int surplus = leases.surplus();
    if (surplus == 0) {
      return;
    }
    Set<Integer> given;
    gate.lock();
    try {
      Set<Integer> busy = line.busy().map(LaneLeases::slotOf).collect(Collectors.toSet());
      given =
          owned.keySet().stream()
              .filter(slot -> !busy.contains(slot))
              .limit(surplus)
              .collect(Collectors.toSet());
      line.drop(lane -> given.contains(LaneLeases.slotOf(lane)));
      Map<Integer, Lease> kept = new HashMap<>(owned);
      kept.keySet().removeAll(given);
      owned = Map.copyOf(kept);
    } finally {
      gate.unlock();
    }
    leases.release(given);
  }

  /** A page and no more: what was found is handed out before the next one is read. */
  private void load() {
    if (takeNews()) {
      ahead.news();
    }
    if (mayLoad()) {
      ahead.readOn();
    }
  }

  private boolean takeNews() {
    return underGate(
        () -> {
          boolean any = news;
          news = false;
          return any;
        });
  }

  /** Without a lane of its own, all would be others' work. */
  private boolean mayLoad() {
    return !owned.isEmpty() && ahead.wantsMore();
  }

  private void found(long id, String sender, String lane, Instant due) {
    if (leaseIn(owned, lane) != null) {
      change(() -> line.meet(id, sender, lane, due));
    }
  }

  private void handOut() {
    gate.lock();
    try {
      followTheClock();
      while (idle > 0 && !stopping && leases.sure() && held().isEmpty()) {
        Optional<Long> next = line.take(clock.instant());
        if (next.isEmpty()) {
          break;
        }
        long id = next.get();
        Optional<Instant> later = pauses.heldUntil(id);
        if (later.isPresent()) {
          line.putBack(id, later.get());
          continue;
        }
        Lease lease = leaseIn(owned, line.laneOf(id));
        if (lease == null) {
          // Its lane went to another engine while it was worked on here.
          line.giveUp(id);
          continue;
        }
        idle--;
        long began = line.now();
        workers.execute(() -> work(id, lease, began));
      }
      if (unread || (!news && !mayLoad())) {
        await();
      }
    } catch (InterruptedException stop) {
      LOG.debug("the dispatcher was interrupted and goes on until it is closed");
    } finally {
      gate.unlock();
    }
  }

  /** Until when nothing is handed out, because Cerner is not asked. */
  private Optional<Instant> held() {
    return pauses.heldUntil(pace.workers() - idle);
  }

  /** A clock that was set back must not make what waits wait so much longer. */
  private void followTheClock() {
    Instant now = clock.instant();
    Duration back = Duration.between(now, lastSeen);
    if (back.compareTo(CLOCK_JITTER) > 0) {
      LOG.warn("the clock was set back by {}; retries keep their distance", back);
      line.earlier(back);
    }
    lastSeen = now;
  }

  /** Until something changes, the next head falls due, or it is time to ask for requests. */
  private void await() throws InterruptedException {
    if (stopping) {
      return;
    }
    long wait = pace.poll().toMillis();
    if (idle > 0 && leases.sure()) {
      Instant now = clock.instant();
      Optional<Instant> held = held();
      // A pause whose time is up ends with the probe that is under way, and that wakes us.
      wait =
          (held.isPresent() ? held.filter(until -> until.isAfter(now)) : line.nextDue())
              .map(due -> Duration.between(now, due).toMillis())
              .filter(left -> left < pace.poll().toMillis())
              .orElse(wait);
    }
    if (wait > 0) {
      boolean woken = changed.await(wait, TimeUnit.MILLISECONDS);
      LOG.trace("woken early: {}", woken);
    }
  }

  private void work(long id, Lease lease, long began) {
    // Should the worker fail altogether, the message keeps its place: others must not pass it.
    WaitingLine.After after =
        new WaitingLine.After.Again(clock.instant().plus(pace.longestRetry()));
    try {
      after = leases.under(lease, () -> worker.work(id));
    } catch (RuntimeException | Error bug) {
      LOG.error("message {} stays where it is after {}", id, Worker.place(bug));
    } finally {
      WaitingLine.After came = after;
      change(
          () -> {
            line.settle(id, came, began, clock.instant());
            idle++;
          });
    }
  }
}
