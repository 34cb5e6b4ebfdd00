package org.millrace.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of an engine that shares its journal with others. A thread of its own gives the sign
 * that the engine is alive, also while its calls and commits take long.
 */
final class SharedLanes implements LaneLeases {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLanes.class);

  private final LeaseStore store;
  private final LeaseTimes times;
  private final Clock clock;
  private final ThreadLocal<@Nullable Lease> current = new ThreadLocal<>();
  private final CountDownLatch leaving = new CountDownLatch(1);
  private volatile @Nullable Membership member;
  private volatile boolean joined;
  private @Nullable Thread signs;
  private Optional<Long> lastFollow = Optional.empty();

  SharedLanes(LeaseStore store, LeaseTimes times, Clock clock) {
    this.store = store;
    this.times = times;
    this.clock = clock;
  }

  /** A moment by two clocks: one of them stands while the machine sleeps, the other may be set. */
  private record Moment(long nanos, Instant wall) {}

  /** This engine under one name. */
  private final class Membership {
    private final String node = UUID.randomUUID().toString();
    private volatile Moment signed = now();
    private volatile Moment steadySince = signed;
    private volatile Map<Integer, Lease> held = Map.of();
    private volatile int surplus;

    void signedAt(Moment before) {
      if (since(signed).compareTo(times.lease()) > 0) {
        steadySince = before;
      }
      signed = before;
    }
  }

  private Moment now() {
    return new Moment(System.nanoTime(), clock.instant());
  }

  /** The longer of what the two clocks say: too early given up is only late, too late is twice. */
  private Duration since(Moment moment) {
    Duration running = Duration.ofNanos(System.nanoTime() - moment.nanos());
    Duration byTheWall = Duration.between(moment.wall(), clock.instant());
    return running.compareTo(byTheWall) > 0 ? running : byTheWall;
  }

  @Override
  public synchronized void join() {
    if (joined) {
      return;
    }
    joined = true;
    Thread thread = new Thread(this::giveSigns, "journal-leases");
    thread.setDaemon(true);
    thread.start();
    signs = thread;
  }

  /** From before the row is written: the database counts from later on. */
  private void enter() {
    Membership fresh = new Membership();
    store.join(fresh.node);
    member = fresh;
    LOG.info("this engine shares its journal, as {}", fresh.node);
  }

  private void giveSigns() {
    try {
      do {
        giveSign();
      } while (!leaving.await(times.renewal().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException stop) {
      LOG.debug("the leases are not renewed any more");
    }
  }

  private void giveSign() {
    try {
      Membership me = member;
      Moment before = now();
      if (me != null && store.renew(me.node)) {
        me.signedAt(before);
        return;
      }
      if (me != null) {
        LOG.warn("the other engines took this one for gone; it begins anew");
        member = null;
      }
      if (leaving.getCount() > 0) {
        enter();
      }
    } catch (JournalException failure) {
      LOG.error("the leases of this engine cannot be renewed: {}", failure.getMessage());
    } catch (RuntimeException bug) {
      LOG.error("the leases go on after {}", bug.getClass().getName());
    }
  }

  @Override
  public synchronized void follow() {
    Membership me = member;
    long nanos = System.nanoTime();
    if (me == null || lastFollow.filter(last -> nanos - last < pause(me).toNanos()).isPresent()) {
      return;
    }
    lastFollow = Optional.of(nanos);
    // After an outage of the database everybody looks gone to everybody: first let them speak.
    boolean bury = since(me.steadySince).compareTo(times.lease()) > 0 && sure();
    LeaseStore.Share share = store.follow(me.node, bury);
    me.held = Map.copyOf(share.owned());
    me.surplus = Math.max(0, share.owned().size() - share.fair());
  }

  /** Who has nothing yet looks more often. */
  private Duration pause(Membership me) {
    return me.held.isEmpty() ? times.renewal().dividedBy(10) : times.renewal();
  }

  @Override
  public Map<Integer, Lease> held() {
    Membership me = member;
    return me == null ? Map.of() : me.held;
  }

  @Override
  public int surplus() {
    Membership me = member;
    return me == null ? 0 : me.surplus;
  }

  @Override
  public synchronized void release(Collection<Integer> slots) {
    Membership me = member;
    if (me == null || slots.isEmpty()) {
      return;
    }
    Map<Integer, Lease> kept = new HashMap<>(me.held);
    kept.keySet().removeAll(slots);
    me.held = Map.copyOf(kept);
    me.surplus = Math.max(0, me.surplus - slots.size());
    store.release(me.node, slots);
  }

  @Override
  public boolean sure() {
    Membership me = member;
    return me != null && since(me.signed).compareTo(times.lease().minus(times.margin())) < 0;
  }

  @Override
  public <T> T under(Lease lease, Supplier<T> work) {
    Lease outer = current.get();
    current.set(lease);
    try {
      return work.get();
    } finally {
      current.set(outer);
    }
  }

  @Override
  public void mustHold() {
    Lease lease = current.get();
    if (lease == null || !sure() || !lease.equals(held().get(lease.slot()))) {
      throw new LeaseLostException();
    }
  }

  @Override
  public Optional<Lease> current() {
    Lease lease = current.get();
    if (lease == null && joined) {
      throw new IllegalStateException("what is delivered is written under a lease");
    }
    return Optional.ofNullable(lease);
  }

  @Override
  public void leave() {
    if (leaving.getCount() == 0) {
      return;
    }
    leaving.countDown();
    try {
      awaitLastSign();
      Membership me = member;
      member = null;
      if (me != null) {
        store.leave(me.node);
      }
    } catch (JournalException failure) {
      LOG.warn("what this engine had is taken over once its lease has run out");
    } finally {
      store.close();
    }
  }

  private synchronized void awaitLastSign() {
    Thread thread = signs;
    if (thread == null) {
      return;
    }
    try {
      thread.join(times.margin().toMillis());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
