package org.millrace.bench;

import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * When each message of a load was acknowledged and when it was filed. Thread-safe.
 *
 * <p>So that a load can be held to what gets through, no more than so many messages may be on their
 * way: acknowledged or being sent, and not filed.
 */
final class Journeys {
  private final int first;
  private final AtomicInteger next;
  private final AtomicLongArray acknowledgedAt;
  private final AtomicLongArray filedAt;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger filed = new AtomicInteger();
  private final AtomicInteger twice = new AtomicInteger();
  private final Semaphore room;

  /**
   * @param first the number of the first message
   * @param most how many messages there can be
   * @param underWay how many may be on their way at a time
   */
  Journeys(int first, int most, int underWay) {
    this.first = first;
    this.next = new AtomicInteger(first);
    this.acknowledgedAt = new AtomicLongArray(most);
    this.filedAt = new AtomicLongArray(most);
    this.room = new Semaphore(underWay);
  }

  /**
   * A new message's number, once there is room for it on the way; -1 if there is none in time, or
   * if there are as many messages as there can be.
   */
  int begin(long untilNanos) throws InterruptedException {
    if (!room.tryAcquire(Math.max(0, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
      return -1;
    }
    int end = first + acknowledgedAt.length();
    int number = next.getAndUpdate(each -> Math.min(each + 1, end));
    if (number == end) {
      room.release();
      return -1;
    }
    return number;
  }

  void acknowledged(int number) {
    acknowledgedAt.set(number - first, System.nanoTime());
    acknowledged.incrementAndGet();
  }

  /** Messages of other loads are passed over. */
  void filed(int number) {
    int at = number - first;
    if (at < 0 || at >= filedAt.length()) {
      return;
    }
    if (filedAt.compareAndSet(at, 0, System.nanoTime())) {
      filed.incrementAndGet();
      room.release();
    } else {
      twice.incrementAndGet();
    }
  }

  int acknowledged() {
    return acknowledged.get();
  }

  int filed() {
    return filed.get();
  }

  int filedTwice() {
    return twice.get();
  }

  /** The number that no message has yet. */
  int nextNumber() {
    return next.get();
  }

  boolean allFiled() {
    return lost() == 0;
  }

  /** How many were acknowledged and are not filed. */
  int lost() {
    int lost = 0;
    for (int i = 0; i < next.get() - first; i++) {
      lost += acknowledgedAt.get(i) != 0 && filedAt.get(i) == 0 ? 1 : 0;
    }
    return lost;
  }

  /** From acknowledgment to filing; a message filed before its sender read the AA took no time. */
  Spread filing() {
    long[] took =
        IntStream.range(0, next.get() - first)
            .filter(i -> acknowledgedAt.get(i) != 0 && filedAt.get(i) != 0)
            .mapToLong(i -> Math.max(0, filedAt.get(i) - acknowledgedAt.get(i)))
            .toArray();
    Arrays.sort(took);
    return Spread.of(took);
  }
}
