package org.millrace.cerner;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How many calls a second Cerner takes, found out by its 429s: each makes the rate smaller by a
 * part of what was sent, and from then on it creeps back, slowest where Cerner last said no. Calls
 * get turns at that rate, those that somebody waits for before deliveries, but of four turns one is
 * a delivery's. Not thread-safe.
 *
 * <p>Cerner publishes no limits and sends no headers about them; it only answers 429.
 */
final class CallPace {
  /**
   * Calls a second, below which it never falls: a server that always says 429 is asked so often.
   */
  private static final double LEAST = 0.5;

  private static final double CUT = 0.7;

  /** Part of itself by which the rate grows in a second. */
  private static final double GROWTH = 0.03;

  /** The same near the rate at which Cerner last said no, which is probably its limit still. */
  private static final double CAREFUL_GROWTH = 0.003;

  /** Calls a second by which the rate grows in a second, unless the limit itself is that small. */
  private static final double LEAST_GROWTH = 0.2;

  private static final double SMALL_PART = 0.05;
  private static final double NEAR_FROM = 0.9;
  private static final double NEAR_TO = 1.1;

  /** Calls that may leave at once are those of so many seconds, but at least one. */
  private static final double BURST_SECONDS = 0.05;

  private static final int TURNS = 4;
  private static final int GROWN_AT_ONCE = 600;

  private final double most;
  private final Deque<Turn> waitedFor = new ArrayDeque<>();
  private final Deque<Turn> deliveries = new ArrayDeque<>();
  private double rate;
  private double limitMet = Double.MAX_VALUE;
  private double permits;
  private int turns;
  private Instant refilled;
  private Instant lastCut = Instant.MIN;
  private Instant second;
  private int sentThisSecond;
  private int sentLastSecond;

  CallPace(CallLimits limits, Instant now) {
    this.most = limits.callsAtMost();
    this.rate = Math.min(limits.callsAtStart(), most);
    this.permits = burst();
    this.refilled = now;
    this.second = now;
  }

  /** A call's place among those that wait. */
  static final class Turn {
    private final boolean ofDelivery;
    private Optional<Instant> given = Optional.empty();

    private Turn(boolean ofDelivery) {
      this.ofDelivery = ofDelivery;
    }

    boolean isGiven() {
      return given.isPresent();
    }
  }

  /** A place at the end of the row, and the turn at once if nobody is before it. */
  Turn ask(boolean ofDelivery, Instant now) {
    Turn turn = new Turn(ofDelivery);
    (ofDelivery ? deliveries : waitedFor).add(turn);
    giveTurns(now);
    return turn;
  }

  /** Gives turns to whoever it is time for; how many. */
  int giveTurns(Instant now) {
    refill(now);
    int given = 0;
    while (permits >= 1 && !(waitedFor.isEmpty() && deliveries.isEmpty())) {
      Turn next = (deliverysTurn() ? deliveries : waitedFor).remove();
      next.given = Optional.of(now);
      permits--;
      sentThisSecond++;
      given++;
    }
    return given;
  }

  /** While both wait, every fourth turn is a delivery's. */
  private boolean deliverysTurn() {
    if (waitedFor.isEmpty() || deliveries.isEmpty()) {
      return waitedFor.isEmpty();
    }
    turns = (turns + 1) % TURNS;
    return turns == 0;
  }

  /** About how long it is until this turn, if the rate stays. */
  Duration waitOf(Turn turn) {
    if (turn.isGiven()) {
      return Duration.ZERO;
    }
    int own = place(turn.ofDelivery ? deliveries : waitedFor, turn);
    int others =
        turn.ofDelivery
            ? Math.min(waitedFor.size(), (TURNS - 1) * own)
            : Math.min(deliveries.size(), own / (TURNS - 1));
    double seconds = Math.max(0, own + others - permits) / rate;
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private static int place(Deque<Turn> row, Turn turn) {
    int place = 1;
    for (Turn each : row) {
      if (each == turn) {
        return place;
      }
      place++;
    }
    return place;
  }

  /** A call that does not wait any longer. */
  void withdraw(Turn turn) {
    (turn.ofDelivery ? deliveries : waitedFor).remove(turn);
  }

  /** The call of this turn was answered 429. */
  void throttled(Turn turn, Instant now) {
    refill(now);
    // One cut for all that had left before the last one took hold.
    if (turn.given.isPresent() && turn.given.get().isAfter(lastCut)) {
      limitMet = Math.min(rate, sentPerSecond(now));
      rate = Math.max(Math.min(LEAST, most), limitMet * CUT);
      permits = 0;
      lastCut = now;
    }
  }

  /** What was sent in the second that ends now. */
  private double sentPerSecond(Instant now) {
    double ofThis = Math.min(1, seconds(second, now));
    return sentThisSecond + sentLastSecond * (1 - ofThis);
  }

  double rate() {
    return rate;
  }

  private void refill(Instant now) {
    double passed = seconds(refilled, now);
    refilled = now;
    if (seconds(second, now) >= 1 || now.isBefore(second)) {
      sentLastSecond = seconds(second, now) < 2 && !now.isBefore(second) ? sentThisSecond : 0;
      sentThisSecond = 0;
      second = now;
    }
    if (passed <= 0) {
      // The same moment, or a clock that was set back.
      return;
    }
    permits = Math.min(burst(), permits + passed * rate);
    for (double left = Math.min(passed, GROWN_AT_ONCE); left > 0; left -= 1) {
      rate = Math.min(most, rate + growth() * Math.min(1, left));
    }
  }

  /** In a second. */
  private double growth() {
    boolean near = rate > NEAR_FROM * limitMet && rate < NEAR_TO * limitMet;
    // A 429 on a quiet day says little of the limit, and must not make the next busy hour slow.
    return near
        ? rate * CAREFUL_GROWTH
        : Math.max(rate * GROWTH, Math.min(LEAST_GROWTH, limitMet * SMALL_PART));
  }

  private double burst() {
    return Math.max(1, rate * BURST_SECONDS);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }
}
