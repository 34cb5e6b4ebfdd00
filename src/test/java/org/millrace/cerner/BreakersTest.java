package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;
import org.millrace.cerner.Ask.Kind;

class BreakersTest {
  private static final Duration QUICK = Duration.ofMillis(20);
  private static final Ask PATIENT = ask(Kind.SEARCH, "Patient");
  private static final Ask ENCOUNTER = ask(Kind.SEARCH, "Encounter");
  private static final Ask NOTE = ask(Kind.CREATE, "DocumentReference");

  private final SettableClock clock = new SettableClock();
  private final Breakers breakers = new Breakers(CallLimits.DEFAULT, clock);

  private static Ask ask(Kind kind, String type) {
    HttpCall http =
        new HttpCall(
            kind.writes() ? "POST" : "GET",
            java.net.URI.create("http://127.0.0.1/r4/" + type),
            type,
            Map.of(),
            new byte[0]);
    return new Ask(kind, type, http);
  }

  private static Fault fault(FaultCode code, int status) {
    return new Fault(code, "It failed.", "", status, "r-1", Optional.empty(), true);
  }

  private Breakers.Entry entered(Ask ask) {
    return Bench.value(breakers.enter(ask));
  }

  private Fault fails(Ask ask, FaultCode code, int status) {
    try (Breakers.Entry entry = entered(ask)) {
      return entry.failed(fault(code, status), QUICK);
    }
  }

  private void succeeds(Ask ask) {
    try (Breakers.Entry entry = entered(ask)) {
      entry.succeeded();
    }
  }

  private void goDown() {
    for (int i = 0; i < 5; i++) {
      fails(PATIENT, FaultCode.UNREACHABLE, 0);
    }
  }

  @Test
  void fiveFailuresInARowOpenItAndEverybodyIsToldWhyAtOnce() {
    for (int i = 0; i < 4; i++) {
      assertThat(fails(PATIENT, FaultCode.UNREACHABLE, 0).waitsFor()).isEmpty();
    }
    succeeds(ENCOUNTER);
    for (int i = 0; i < 4; i++) {
      assertThat(fails(PATIENT, FaultCode.UNREACHABLE, 0).waitsFor()).isEmpty();
    }
    assertThat(breakers.pauses()).isEmpty();

    assertThat(fails(NOTE, FaultCode.UNREACHABLE, 0).waitsFor()).isEqualTo("connection");

    Fault turnedAway = Bench.fault(breakers.enter(ENCOUNTER));
    assertThat(turnedAway.code()).isEqualTo(FaultCode.UNREACHABLE);
    assertThat(turnedAway.nothingStored()).isTrue();
    assertThat(turnedAway.waitsFor()).isEqualTo("connection");
    assertThat(turnedAway.sentence()).contains("It failed.");
    assertThat(turnedAway.retryAfter().orElseThrow())
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void whenTheTimeIsUpOneCallProbesAndItsSuccessLetsAllThrough() {
    goDown();
    clock.forward(Duration.ofSeconds(2));

    Breakers.Entry probe = entered(PATIENT);
    assertThat(breakers.pauses()).singleElement().matches(Pause::probing);
    Bench.fault(breakers.enter(PATIENT));
    Bench.fault(breakers.enter(NOTE));
    probe.succeeded();
    probe.close();

    assertThat(breakers.pauses()).isEmpty();
    succeeds(NOTE);
  }

  @Test
  void aProbeThatFailsDoublesTheWaitUpToAMinute() {
    goDown();
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clock.forward(Duration.ofSeconds(60));
      fails(PATIENT, FaultCode.UNAVAILABLE, 503);
      waits.add(Duration.between(clock.instant(), breakers.pauses().get(0).until()));
    }
    assertThat(waits.get(0)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(waits.get(1)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
    assertThat(waits.get(7)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    assertThat(breakers.pauses().get(0).since()).isBefore(clock.instant());
  }

  @Test
  void aProbeThatSaysNothingLeavesThePlaceToAnother() {
    goDown();
    clock.forward(Duration.ofSeconds(2));
    entered(PATIENT).close();
    try (Breakers.Entry hurried = entered(PATIENT)) {
      hurried.failed(fault(FaultCode.TOO_SLOW, 0), Duration.ofMillis(300));
    }
    succeeds(PATIENT);
    assertThat(breakers.pauses()).isEmpty();
  }

  @Test
  void whatBeganBeforeItOpenedSaysNothingOfNow() {
    Breakers.Entry early = entered(PATIENT);
    goDown();
    assertThat(early.overtaken()).isPresent();
    early.succeeded();
    assertThat(breakers.pauses()).hasSize(1);
  }

  @Test
  void aRefusalOfContentShowsThatCernerIsWell() {
    for (int i = 0; i < 20; i++) {
      fails(NOTE, FaultCode.REFUSED, 422);
      fails(PATIENT, FaultCode.UNREACHABLE, 0);
    }
    assertThat(breakers.pauses()).isEmpty();
  }

  @Test
  void refusedCredentialsPauseEverythingAtOnceUntilTheyAreRight() {
    assertThat(fails(PATIENT, FaultCode.CREDENTIALS_REFUSED, 401).waitsFor())
        .isEqualTo("connection");
    Pause pause = breakers.pauses().get(0);
    assertThat(pause.needsPerson()).isTrue();
    assertThat(pause.ofAll()).isTrue();
    Bench.fault(breakers.enter(ENCOUNTER));

    clock.forward(Duration.ofSeconds(2));
    succeeds(ENCOUNTER);
    assertThat(breakers.pauses()).isEmpty();
  }

  @Test
  void a403IsOfOnePermissionWhileTheOthersWork() {
    for (int i = 0; i < 3; i++) {
      fails(ENCOUNTER, FaultCode.NOT_PERMITTED, 403);
      succeeds(PATIENT);
    }
    assertThat(breakers.pauses()).extracting(Pause::what).containsExactly("Encounter.read");
    Fault turnedAway = Bench.fault(breakers.enter(ENCOUNTER));
    assertThat(turnedAway.code()).isEqualTo(FaultCode.NOT_PERMITTED);
    assertThat(turnedAway.waitsFor()).isEqualTo("Encounter.read");
    succeeds(NOTE);
    succeeds(PATIENT);

    clock.forward(Duration.ofSeconds(2));
    succeeds(ENCOUNTER);
    assertThat(breakers.pauses()).isEmpty();
  }

  @Test
  void a403OfOneChartAmongManyIsNotTakenForAll() {
    for (int i = 0; i < 10; i++) {
      assertThat(fails(ENCOUNTER, FaultCode.NOT_PERMITTED, 403).waitsFor()).isEmpty();
      succeeds(ENCOUNTER);
    }
    assertThat(breakers.pauses()).isEmpty();
  }

  @Test
  void whatCernerAsksForInRetryAfterIsKeptByAll() {
    Fault throttled =
        new Fault(FaultCode.THROTTLED, "x", "", 429, "", Optional.of(Duration.ofSeconds(7)), true);
    try (Breakers.Entry entry = entered(NOTE)) {
      assertThat(entry.failed(throttled, QUICK).waitsFor()).isEqualTo("connection");
    }
    clock.forward(Duration.ofMillis(6_999));
    assertThat(Bench.fault(breakers.enter(PATIENT)).code()).isEqualTo(FaultCode.THROTTLED);
    clock.forward(Duration.ofMillis(1));
    succeeds(PATIENT);
    assertThat(breakers.pauses()).isEmpty();
  }

  @Test
  void a429WithoutAHeaderPausesNothing() {
    for (int i = 0; i < 20; i++) {
      assertThat(fails(NOTE, FaultCode.THROTTLED, 429).waitsFor()).isEmpty();
    }
    assertThat(breakers.pauses()).isEmpty();
  }

  @Test
  void aClockThatIsSetBackDoesNotProlongThePause() {
    goDown();
    clock.forward(Duration.ofHours(-1));
    succeeds(PATIENT);
  }

  @Test
  void whoListensIsToldOfBeginAndEnd() {
    List<Integer> seen = new ArrayList<>();
    breakers.whenChanged(() -> seen.add(breakers.pauses().size()));
    goDown();
    clock.forward(Duration.ofSeconds(2));
    succeeds(PATIENT);
    assertThat(seen).containsExactly(1, 0);
  }
}
