package org.millrace.cerner;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A server that takes so many calls a second and answers 429 above, without a header, and clients
 * that come to it through a {@link CallPace}; all of it in made-up time, one event after the other.
 */
final class CrowdedServer {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final Duration TICK = Duration.ofMillis(5);
  private static final Duration ONE_WAY = Duration.ofMillis(40);
  private static final int WORKERS = 8;

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
  private final Random random = new Random(20261120);
  private final CallPace pace;
  private final boolean learning;
  private final double capacity;
  private final Deque<Job> backlog = new ArrayDeque<>();
  private final List<Job> asking = new ArrayList<>();
  private Instant now = START;
  private Instant served = START;
  private double room;
  private long number;
  private int idle = WORKERS;

  final List<Answered> answers = new ArrayList<>();
  final List<Duration> queryWaits = new ArrayList<>();
  int delivered;

  /** A call that was answered: when, and whether by 429. */
  record Answered(Duration at, boolean throttled, boolean query) {}

  private record Event(Instant at, long number, Runnable what) {}

  private static final class Job {
    private final boolean query;
    private final Instant came;
    private int attempts;
    private CallPace.Turn turn;

    private Job(boolean query, Instant came) {
      this.query = query;
      this.came = came;
    }
  }

  /**
   * @param capacity calls a second that the server takes
   * @param learning false: nobody is told of the 429s, for comparison
   */
  CrowdedServer(double capacity, CallLimits limits, boolean learning) {
    this.capacity = capacity;
    this.learning = learning;
    this.room = capacity / 4;
    this.pace = new CallPace(limits, START);
    tick();
  }

  private void at(Instant when, Runnable what) {
    events.add(new Event(when, number++, what));
  }

  private void tick() {
    pace.giveTurns(now);
    leave();
    at(now.plus(TICK), this::tick);
  }

  /** So many messages wait at once. */
  CrowdedServer backlog(int messages) {
    at(START, () -> addMessages(messages));
    return this;
  }

  private void addMessages(int messages) {
    for (int i = 0; i < messages; i++) {
      backlog.add(new Job(false, now));
    }
    work();
  }

  /** Messages come evenly. */
  CrowdedServer messages(double perSecond, Duration during) {
    evenly(perSecond, during, () -> addMessages(1));
    return this;
  }

  /** Queries come evenly, each on a thread of its own. */
  CrowdedServer queries(double perSecond, Duration during) {
    evenly(perSecond, during, () -> ask(new Job(true, now)));
    return this;
  }

  private void evenly(double perSecond, Duration during, Runnable what) {
    long count = Math.round(perSecond * during.toSeconds());
    for (long i = 0; i < count; i++) {
      at(START.plusNanos((long) (i / perSecond * 1e9)), what);
    }
  }

  void run(Duration time) {
    while (!events.isEmpty() && events.peek().at().isBefore(START.plus(time))) {
      Event next = events.remove();
      now = next.at();
      next.what().run();
    }
  }

  private void work() {
    while (idle > 0 && !backlog.isEmpty()) {
      idle--;
      ask(backlog.remove());
    }
  }

  private void ask(Job job) {
    job.turn = pace.ask(!job.query, now);
    asking.add(job);
    leave();
  }

  private void leave() {
    for (Job job : List.copyOf(asking)) {
      if (job.turn.isGiven()) {
        asking.remove(job);
        if (job.query) {
          queryWaits.add(Duration.between(job.came, now));
        }
        at(now.plus(ONE_WAY), () -> arrive(job));
      }
    }
  }

  private void arrive(Job job) {
    double seconds = Duration.between(served, now).toNanos() / 1e9;
    room = Math.min(capacity / 4, room + seconds * capacity);
    served = now;
    boolean throttled = room < 1;
    if (!throttled) {
      room--;
    }
    at(now.plus(ONE_WAY), () -> answered(job, throttled));
  }

  private void answered(Job job, boolean throttled) {
    answers.add(new Answered(Duration.between(START, now), throttled, job.query));
    if (throttled && learning) {
      pace.throttled(job.turn, now);
    }
    if (job.query) {
      return;
    }
    idle++;
    if (throttled) {
      job.attempts++;
      long wait = Math.min(60_000, 2_000L << Math.min(job.attempts - 1, 10));
      at(now.plusMillis(wait / 2 + random.nextLong(wait / 2 + 1)), () -> again(job));
    } else {
      delivered++;
    }
    work();
  }

  private void again(Job job) {
    backlog.addFirst(job);
    work();
  }

  /** The part of the answers between two moments that were 429. */
  double shareOf429(Duration from, Duration to) {
    List<Answered> among =
        answers.stream()
            .filter(each -> each.at().compareTo(from) >= 0 && each.at().compareTo(to) < 0)
            .toList();
    return (double) among.stream().filter(Answered::throttled).count() / among.size();
  }

  /** Calls a second that were answered as asked between two moments. */
  double taken(Duration from, Duration to, boolean query) {
    long count =
        answers.stream()
            .filter(each -> each.query() == query && !each.throttled())
            .filter(each -> each.at().compareTo(from) >= 0 && each.at().compareTo(to) < 0)
            .count();
    return count / (to.minus(from).toMillis() / 1000.0);
  }
}
