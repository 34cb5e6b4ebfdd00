package org.millrace.cerner;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.millrace.cerner.Exchanged.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets each caller wait for its turn ({@link CallPace}), but never past its deadline: whose turn
 * would come too late is told so at once. Thread-safe.
 */
final class CallLimiter {
  private static final Logger LOG = LoggerFactory.getLogger(CallLimiter.class);

  /** The rate may change while a caller waits, so that it looks again. */
  private static final Duration LONGEST_SLEEP = Duration.ofMillis(20);

  private static final int TOO_MANY_REQUESTS = 429;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();
  private final CallPace pace;

  CallLimiter(CallLimits limits, Clock clock) {
    this.clock = clock;
    this.pace = new CallPace(limits, clock.instant());
  }

  /** The turn, when it has come; or that it will not come in time. Nothing was sent then. */
  Reply<CallPace.Turn> turn(Call call) {
    lock.lock();
    try {
      CallPace.Turn turn = pace.ask(call.urgency() == Call.Urgency.DELIVERY, clock.instant());
      while (!turn.isGiven()) {
        Duration wait = pace.waitOf(turn);
        if (wait.compareTo(call.deadline().left()) >= 0) {
          pace.withdraw(turn);
          return Reply.failed(tooLate(wait));
        }
        sleep(wait);
        if (pace.giveTurns(clock.instant()) > 0) {
          given.signalAll();
        }
      }
      return Reply.done(turn);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Reply.failed(tooLate(Duration.ZERO));
    } finally {
      lock.unlock();
    }
  }

  private void sleep(Duration wait) throws InterruptedException {
    long nanos = Math.min(Math.max(wait.toNanos(), 1), LONGEST_SLEEP.toNanos());
    boolean signalled = given.await(nanos, TimeUnit.NANOSECONDS);
    LOG.trace("signalled: {}", signalled);
  }

  private Fault tooLate(Duration wait) {
    return new Fault(
        FaultCode.THROTTLED,
        "Not sent: Cerner takes fewer calls than wait, and the turn would come too late.",
        "",
        0,
        "",
        Optional.of(wait),
        true);
  }

  /** Learns from what the call of this turn came to. */
  void exchanged(CallPace.Turn turn, Exchanged exchanged) {
    if (exchanged instanceof Answer answer && answer.status() == TOO_MANY_REQUESTS) {
      lock.lock();
      try {
        double before = pace.rate();
        pace.throttled(turn, clock.instant());
        if (pace.rate() < before) {
          LOG.warn("429 from Cerner: {} calls a second from now on", Math.round(pace.rate()));
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Calls a second that are let through now. */
  double rate() {
    lock.lock();
    try {
      pace.giveTurns(clock.instant());
      return pace.rate();
    } finally {
      lock.unlock();
    }
  }
}
