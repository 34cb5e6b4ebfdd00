package org.millrace.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;
import org.millrace.cerner.Deadline;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;

class RecentPatientsTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private final SettableClock clock = new SettableClock(START);
  private final AtomicInteger reads = new AtomicInteger();
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void stop() {
    callers.shutdownNow();
  }

  private RecentPatients remembering(Duration life, int most) {
    RecentPatients recent = new RecentPatients(clock, life, most);
    recent.measuredBy(meters);
    return recent;
  }

  private static Reply<FhirResource> patient(int number) {
    return Reply.done(
        new FhirResource(
            new ObjectMapper().createObjectNode().put("id", String.valueOf(number)), "", ""));
  }

  private Supplier<Reply<FhirResource>> read() {
    return () -> patient(reads.incrementAndGet());
  }

  private static Reply<FhirResource> failed(FaultCode code) {
    return Reply.failed(new Fault(code, "It failed.", "", 0, "", Optional.empty(), true));
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10));
  }

  private double counted(String how) {
    return meters.find("millrace.query.patients").tag("how", how).counters().stream()
        .mapToDouble(each -> each.count())
        .sum();
  }

  @Test
  void nothingIsRememberedUnlessItIsWanted() {
    RecentPatients recent = remembering(Duration.ZERO, 10);
    recent.get("a", soon(), read());
    recent.get("a", soon(), read());
    assertThat(reads).hasValue(2);
  }

  @Test
  void aPatientIsRememberedForItsTimeAndFaultsAreNot() {
    RecentPatients recent = remembering(Duration.ofSeconds(5), 10);
    recent.get("a", soon(), () -> failed(FaultCode.NOT_FOUND));
    Reply<FhirResource> first = recent.get("a", soon(), read());
    clock.forward(Duration.ofMillis(4999));
    assertThat(recent.get("a", soon(), read())).isEqualTo(first);
    assertThat(recent.get("b", soon(), read())).isNotEqualTo(first);
    clock.forward(Duration.ofMillis(1));
    assertThat(recent.get("a", soon(), read())).isNotEqualTo(first);
    assertThat(counted("remembered")).isEqualTo(1);
  }

  @Test
  void onlySoManyAreRememberedTheOldestGoesFirst() {
    RecentPatients recent = remembering(Duration.ofSeconds(5), 2);
    List.of("a", "b", "c").forEach(key -> recent.get(key, soon(), read()));
    recent.get("c", soon(), read());
    recent.get("b", soon(), read());
    assertThat(reads).hasValue(3);
    recent.get("a", soon(), read());
    assertThat(reads).hasValue(4);
  }

  /** Holds the first read until others wait for it, and gives what all of them got. */
  private List<Reply<FhirResource>> together(Reply<FhirResource> first) throws Exception {
    RecentPatients recent = remembering(Duration.ZERO, 10);
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    List<Future<Reply<FhirResource>>> asked = new ArrayList<>();
    asked.add(
        callers.submit(
            () ->
                recent.get(
                    "a",
                    soon(),
                    () -> {
                      reading.countDown();
                      await(answer);
                      reads.incrementAndGet();
                      return first;
                    })));
    reading.await();
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      CountDownLatch begun = new CountDownLatch(1);
      asked.add(
          callers.submit(
              () -> {
                synchronized (waiting) {
                  waiting.add(Thread.currentThread());
                }
                begun.countDown();
                return recent.get("a", soon(), read());
              }));
      begun.await();
    }
    Awaitility.await()
        .until(
            () -> waiting.stream().allMatch(one -> one.getState() == Thread.State.TIMED_WAITING));
    answer.countDown();
    List<Reply<FhirResource>> got = new ArrayList<>();
    for (Future<Reply<FhirResource>> each : asked) {
      got.add(each.get());
    }
    return got;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void thoseWhoAskAtTheSameTimeShareOneRead() throws Exception {
    assertThat(together(patient(77))).containsOnly(patient(77));
    assertThat(reads).hasValue(1);
    assertThat(counted("shared")).isEqualTo(3);
  }

  @Test
  void whatIsKnownNotToBeThereIsSharedTooButNoPassingFault() throws Exception {
    assertThat(together(failed(FaultCode.NOT_FOUND))).containsOnly(failed(FaultCode.NOT_FOUND));
    assertThat(reads).hasValue(1);
    reads.set(0);
    assertThat(together(failed(FaultCode.TOO_SLOW))).contains(patient(2), patient(3), patient(4));
    assertThat(reads).hasValue(4);
  }

  @Test
  void whoHasLessTimeReadsForItself() throws Exception {
    RecentPatients recent = remembering(Duration.ZERO, 10);
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    Future<Reply<FhirResource>> first =
        callers.submit(
            () ->
                recent.get(
                    "a",
                    soon(),
                    () -> {
                      reading.countDown();
                      await(answer);
                      return patient(77);
                    }));
    reading.await();
    assertThat(recent.get("a", Deadline.in(Duration.ofMillis(20)), read())).isEqualTo(patient(1));
    answer.countDown();
    assertThat(first.get()).isEqualTo(patient(77));
  }
}
