package org.millrace.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.LaneLeases;
import org.millrace.journal.Lease;
import org.millrace.journal.Standing;
import org.millrace.mapping.CoverageMetrics;
import org.millrace.trace.Traces;
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

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final JournalDatabase journal;
  private final DeliverySettings.Pace pace;
  private final Clock clock;
  private final TenantDeliveries deliveries;
  private final Worker worker;
  private final OperatorVerbs verbs;
  private final DeliveryMetrics metrics;
  private final UpstreamPauses pauses;
  private final OperatorPauses paused;
  private final ReentrantLock gate = new ReentrantLock();
  private final Condition changed = gate.newCondition();
  private final WaitingLine line = new WaitingLine();
  private final LookAhead ahead;
  private final OwnedLanes owned;
  private final LaneLeases leases;
  private final ExecutorService workers;
  private final Thread dispatcher;
  private volatile boolean stopping;
  private volatile boolean asked;
  private boolean news = true;
  private volatile boolean anew;

  /** What waits could not be read: not to be asked for again at once. */
  private boolean unread;

  private int idle;
  private long lastLook = System.nanoTime();

  private final ClockJumps jumps = new ClockJumps();

  /** To the charts of one tenant. */
  public Delivery(
      JournalDatabase journal,
      ChartActions chart,
      MessageMapping mapping,
      DeliverySettings settings,
      StoppedListener listener,
      Clock clock) {
    this(
        journal,
        TenantCharts.only(chart, settings.mrnSystem()),
        mapping,
        settings,
        listener,
        clock);
  }

  /** Nothing happens until {@link #start}. */
  public Delivery(
      JournalDatabase journal,
      TenantCharts charts,
      MessageMapping mapping,
      DeliverySettings settings,
      StoppedListener listener,
      Clock clock) {
    this.journal = journal;
    this.leases = journal.leases();
    this.owned = new OwnedLanes(leases, gate, line);
    this.pace = settings.pace();
    this.clock = clock;
    this.paused = new OperatorPauses(journal);
    this.metrics = new DeliveryMetrics(journal, paused);
    this.deliveries = new TenantDeliveries(journal, charts, mapping, settings, clock);
    this.pauses = new UpstreamPauses(charts, listener, clock);
    this.worker =
        new Worker(journal, deliveries, pace, new Worker.Watch(listener, pauses, metrics), clock);
    FirstLook look = new FirstLook(journal, mapping);
    this.ahead = new LookAhead(journal, look, this::known, paused::held, this::found);
    RunningDelivery running =
        new RunningDelivery(
            new RunningDelivery.Waiting(gate, line, pauses), look, ahead, clock, this::wake);
    DocumentSight sight =
        new DocumentSight(charts, new RecordedCalls(journal, clock, pace.callWithin()));
    this.verbs = OperatorVerbs.of(journal, mapping, sight, running, this::ask);
    this.idle = pace.workers();
    this.workers =
        Executors.newFixedThreadPool(pace.workers(), task -> thread(task, "delivery-worker"));
    this.dispatcher = thread(this::run, "delivery");
    charts.whenPausesChange(this::wake);
  }

  /** Counts and gauges go to this registry from now on. */
  public Delivery measuredBy(MeterRegistry registry, CoverageMetrics coverage) {
    metrics.register(registry, coverage);
    return this;
  }

  /** Attempts are traced from now on. */
  public Delivery tracedBy(Traces traces) {
    deliveries.tracedBy(traces);
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

  /** Requests of operators may be carried out by now. */
  private void ask() {
    asked = true;
    wake();
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
      verbs.close();
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
      if (asked || System.nanoTime() - lastVerbs >= pace.poll().toNanos()) {
        asked = false;
        lastVerbs = System.nanoTime();
        ahead.news();
        survive(() -> paused.follow(this::loadAnew));
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

  /** What left the lanes, or was not loaded, because it was paused, may go on. */
  private void loadAnew() {
    anew = true;
    wake();
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

  /** Loads the lanes that came to this engine; those that went are dropped. */
  private void keepToWhatIsOwned() {
    if (owned.follow()) {
      ahead.beginAnew();
    }
    owned.giveBackTooMuch();
  }

  /** A page and no more: what was found is handed out before the next one is read. */
  private void load() {
    if (anew) {
      anew = false;
      ahead.beginAnew();
    }
    if (!looksNow()) {
      return;
    }
    if (takeNews()) {
      ahead.news();
    }
    if (mayLoad()) {
      lastLook = System.nanoTime();
      ahead.readOn();
    }
  }

  /**
   * While nothing can be begun, what comes is looked into a page at a time: one commit for each
   * message by itself would cost the senders half of what they could send.
   */
  private boolean looksNow() {
    return canBegin() || untilLook().isNegative();
  }

  private Duration untilLook() {
    return Duration.ofNanos(lastLook - System.nanoTime()).plus(LOOK_EVERY);
  }

  private boolean canBegin() {
    return underGate(() -> idle > 0 && leases.sure() && held().isEmpty());
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
    return !owned.isEmpty() && (anew || ahead.wantsMore());
  }

  private void found(long id, String sender, String lane, Instant due) {
    if (owned.lease(lane).isPresent() && !paused.holdsLane(lane)) {
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
        String lane = line.laneOf(id);
        Optional<Lease> lease = owned.lease(lane);
        if (lease.isEmpty()) {
          // Its lane went to another engine while it was worked on here.
          line.giveUp(id);
          continue;
        }
        idle--;
        long began = line.now();
        workers.execute(() -> work(id, lane, lease.get(), began));
      }
      boolean more = news || mayLoad();
      if (unread || !more || !looksNow()) {
        await(more && !unread ? untilLook().plusMillis(1) : pace.poll());
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
    Duration back = jumps.back(clock.instant());
    if (!back.isZero()) {
      LOG.warn("the clock was set back by {}; retries keep their distance", back);
      line.earlier(back);
    }
  }

  /**
   * Until something changes, the next head falls due, or it is time to ask for requests.
   *
   * @param longest that long at most
   */
  private void await(Duration longest) throws InterruptedException {
    if (stopping) {
      return;
    }
    long wait = longest.toMillis();
    if (idle > 0 && leases.sure()) {
      Instant now = clock.instant();
      Optional<Instant> held = held();
      // A pause whose time is up ends with the probe that is under way, and that wakes us.
      wait =
          (held.isPresent() ? held.filter(until -> until.isAfter(now)) : line.nextDue())
              .map(due -> Duration.between(now, due).toMillis())
              .filter(left -> left < longest.toMillis())
              .orElse(wait);
    }
    if (wait > 0) {
      boolean woken = changed.await(wait, TimeUnit.MILLISECONDS);
      LOG.trace("woken early: {}", woken);
    }
  }

  private void work(long id, String lane, Lease lease, long began) {
    // Should the worker fail altogether, the message keeps its place: others must not pass it.
    WaitingLine.After after =
        new WaitingLine.After.Again(clock.instant().plus(pace.longestRetry()));
    boolean held = false;
    try {
      held = paused.holds(id, lane);
      if (!held) {
        after = leases.under(lease, () -> worker.work(id));
      }
    } catch (RuntimeException | Error bug) {
      LOG.error("message {} stays where it is after {}", id, Worker.place(bug));
    } finally {
      settle(id, held ? Optional.empty() : Optional.of(after), began);
    }
    // If the pause has ended meanwhile, all may have been loaded with this one in its lane.
    if (held && !paused.surelyHolds(id, lane)) {
      loadAnew();
    }
  }

  /**
   * @param after empty if it was not worked on, because it is paused: it is loaded again when it is
   *     not
   */
  private void settle(long id, Optional<WaitingLine.After> after, long began) {
    change(
        () -> {
          after.ifPresentOrElse(
              came -> line.settle(id, came, began, clock.instant()), () -> line.giveUp(id));
          idle++;
        });
  }
}
