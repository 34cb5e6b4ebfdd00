package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cerner.Bench.fault;
import static org.millrace.cerner.Bench.value;
import static org.millrace.cerner.ScriptedServer.answer;
import static org.millrace.cerner.ScriptedServer.json;
import static org.millrace.cerner.ScriptedServer.status;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limiter and breaker in front of real calls. */
class ConnectionTest {
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private Reply<FhirResource> read(CernerActions actions) {
    return actions.getPatient("12", bench.call());
  }

  private List<Reply<FhirResource>> atOnce(int callers, CernerActions actions) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<Future<Reply<FhirResource>>> futures = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        futures.add(threads.submit(() -> read(actions)));
      }
      List<Reply<FhirResource>> replies = new ArrayList<>();
      for (Future<Reply<FhirResource>> future : futures) {
        replies.add(future.get(10, TimeUnit.SECONDS));
      }
      return replies;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theFirstReadUsesTheConnectionThatWasMadeAtTheStart() {
    bench.fhir.does(request -> json(Bench.PATIENT));
    CernerActions actions = bench.actions();

    actions.connect(bench.call());

    assertThat(bench.fhir.last().path()).isEqualTo(Bench.ROOT + "/metadata");
    assertThat(bench.fhir.last().header("Authorization")).isEmpty();
    assertThat(bench.fhir.connections()).isEqualTo(1);
    value(read(actions));
    assertThat(bench.fhir.requests()).hasSize(2);
    assertThat(bench.fhir.connections()).isEqualTo(1);
  }

  @Test
  void thatNobodyAnsweredAtTheStartKeepsNoCallBack() {
    bench.fhir.does(
        request -> request.path().endsWith("/metadata") ? status(503) : json(Bench.PATIENT));
    CernerActions actions = bench.actions();
    for (int i = 0; i < 10; i++) {
      actions.connect(bench.call());
    }

    value(read(actions));
    assertThat(actions.pauses()).isEmpty();
  }

  @Test
  void aDeadServerIsLeftAloneAndThenAskedByOneCall() throws Exception {
    bench.fhir.does(request -> status(503));
    CernerActions actions = bench.withoutToken();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    actions.measuredBy(meters);
    for (int i = 0; i < 50; i++) {
      assertThat(fault(read(actions)).code()).isEqualTo(FaultCode.UNAVAILABLE);
    }
    assertThat(bench.fhir.requests()).hasSize(5);
    assertThat(meters.get("millrace.cerner.breaker.open").gauge().value()).isEqualTo(1);
    assertThat(meters.get("millrace.cerner.calls").tag("status", "5xx").counter().count())
        .isEqualTo(5);
    assertThat(meters.get("millrace.cerner.calls").tag("status", "not-sent").counter().count())
        .isEqualTo(45);
    assertThat(
            meters
                .get("millrace.cerner.call")
                .tags("action", "read Patient", "status", "5xx")
                .timer()
                .count())
        .isEqualTo(5);

    bench.clock.forward(Duration.ofSeconds(2));
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch othersAreBack = new CountDownLatch(1);
    bench.fhir.does(
        request ->
            out -> {
              asked.countDown();
              othersAreBack.await(5, TimeUnit.SECONDS);
              return json(Bench.PATIENT).run(out);
            });
    ExecutorService probing = Executors.newSingleThreadExecutor();
    try {
      Future<Reply<FhirResource>> probe = probing.submit(() -> read(actions));
      assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(atOnce(10, actions))
          .allSatisfy(reply -> assertThat(fault(reply).code()).isEqualTo(FaultCode.UNAVAILABLE));
      othersAreBack.countDown();
      assertThat(value(probe.get(5, TimeUnit.SECONDS)).id()).isEqualTo("12");
    } finally {
      probing.shutdownNow();
    }
    assertThat(bench.fhir.requests()).hasSize(6);
    value(read(actions));
    assertThat(meters.get("millrace.cerner.breaker.open").gauge().value()).isZero();
  }

  @Test
  void aTokenServerThatIsDownIsNotHammeredAndFhirNotAsked() {
    bench.tokens.does(request -> status(503));
    CernerActions actions = bench.actions();
    for (int i = 0; i < 100; i++) {
      assertThat(fault(read(actions)).code()).isEqualTo(FaultCode.NO_TOKEN);
    }
    assertThat(bench.tokens.requests()).hasSize(5);
    // Ten minutes, and a caller every second.
    for (int second = 0; second < 600; second++) {
      bench.clock.forward(Duration.ofSeconds(1));
      assertThat(fault(read(actions)).code()).isEqualTo(FaultCode.NO_TOKEN);
    }
    assertThat(bench.tokens.requests()).hasSizeBetween(15, 35);
    assertThat(bench.fhir.requests()).isEmpty();

    bench.tokens.does(request -> bench.freshToken());
    bench.fhir.does(request -> json(Bench.PATIENT));
    bench.clock.forward(Duration.ofMinutes(1));
    value(read(actions));
    value(read(actions));
    assertThat(bench.issued).hasValue(1);
  }

  @Test
  void aRefusedClientAsksForATokenOnceHoweverManyCall() throws Exception {
    bench.tokens.does(request -> answer(401, Map.of(), "{\"error\":\"invalid_client\"}"));
    CernerActions actions = bench.actions();
    for (int i = 0; i < 3; i++) {
      assertThat(atOnce(50, actions))
          .allSatisfy(
              reply -> assertThat(fault(reply).code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED));
    }
    assertThat(bench.tokens.requests()).hasSize(1);
    assertThat(actions.pauses()).singleElement().matches(Pause::needsPerson);
  }

  @Test
  void aStormOf401WithFreshTokensTooMakesOneRefresh() throws Exception {
    bench.fhir.does(request -> status(401));
    CernerActions actions = bench.actions();
    for (int i = 0; i < 3; i++) {
      assertThat(atOnce(50, actions))
          .allSatisfy(
              reply -> assertThat(fault(reply).code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED));
    }
    assertThat(bench.issued).hasValue(2);

    bench.fhir.does(request -> json(Bench.PATIENT));
    bench.clock.forward(Duration.ofSeconds(2));
    value(read(actions));
    assertThat(actions.pauses()).isEmpty();
  }

  @Test
  void a429SlowsEveryCallThatFollows() {
    bench.fhir.does(request -> status(429));
    CernerActions actions = bench.limited(CallLimits.DEFAULT.withCalls(100, 100));
    assertThat(actions.state().callsPerSecond()).isEqualTo(100);
    bench.clock.forward(Duration.ofSeconds(5));

    assertThat(fault(read(actions)).code()).isEqualTo(FaultCode.THROTTLED);

    assertThat(actions.state().callsPerSecond()).isLessThan(10);
    assertThat(actions.pauses()).isEmpty();
    bench.clock.forward(Duration.ofMinutes(30));
    assertThat(actions.state().callsPerSecond()).isEqualTo(100);
  }

  @Test
  void retryAfterIsHonouredByAllCalls() {
    bench.fhir.does(request -> answer(429, Map.of("Retry-After", "30"), ""));
    CernerActions actions = bench.withoutToken();
    fault(read(actions));
    bench.fhir.does(request -> json(Bench.PATIENT));

    bench.clock.forward(Duration.ofSeconds(29));
    Fault early = fault(read(actions));
    assertThat(early.code()).isEqualTo(FaultCode.THROTTLED);
    assertThat(early.retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(bench.fhir.requests()).hasSize(1);

    bench.clock.forward(Duration.ofSeconds(1));
    value(read(actions));
  }

  @Test
  void noMoreCallsAreUnderWayThanThereMayBeConnections() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    bench.fhir.does(
        request -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
          now.decrementAndGet();
          return json(Bench.PATIENT);
        });
    CernerActions actions = bench.limited(CallLimits.DEFAULT.withConnections(2));
    ExecutorService callers = Executors.newFixedThreadPool(6);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        all.add(callers.submit(() -> value(read(actions))));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      callers.shutdownNow();
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void whoWaitsForAConnectionInVainSaysNothingOfTheServer() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    bench.fhir.does(
        request ->
            out -> {
              asked.countDown();
              answer.await(20, TimeUnit.SECONDS);
              return json(Bench.PATIENT).run(out);
            });
    CernerActions actions = bench.limited(CallLimits.DEFAULT.withConnections(1));
    ExecutorService callers = Executors.newFixedThreadPool(7);
    try {
      Future<Reply<FhirResource>> slow =
          callers.submit(() -> actions.getPatient("12", bench.call(Duration.ofSeconds(20))));
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      List<Future<Reply<FhirResource>>> inVain = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        inVain.add(
            callers.submit(() -> actions.getPatient("12", bench.call(Duration.ofMillis(5200)))));
      }
      for (Future<Reply<FhirResource>> each : inVain) {
        assertThat(fault(each.get()).code()).isEqualTo(FaultCode.TOO_SLOW);
      }
      answer.countDown();
      assertThat(value(slow.get()).id()).isEqualTo("12");
    } finally {
      callers.shutdownNow();
    }
    assertThat(value(read(actions)).id()).as("it is asked").isEqualTo("12");
  }

  @Test
  void whoseTurnWouldComeTooLateIsToldSoAtOnce() {
    bench.fhir.does(request -> json(Bench.PATIENT));
    CernerActions actions = bench.limited(CallLimits.DEFAULT.withCalls(1, 1));
    value(read(actions));

    long began = System.nanoTime();
    Fault late = fault(actions.getPatient("12", bench.call(Duration.ofMillis(900))));

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(900));
    assertThat(late.code()).isEqualTo(FaultCode.THROTTLED);
    assertThat(late.nothingStored()).isTrue();
    assertThat(bench.fhir.requests()).hasSize(1);
    bench.clock.forward(Duration.ofSeconds(1));
    value(actions.getPatient("12", bench.call()));
  }
}
