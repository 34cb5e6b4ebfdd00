package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallPaceTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  private static CallLimits calls(int atStart, int atMost) {
    return CallLimits.DEFAULT.withCalls(atStart, atMost);
  }

  @ParameterizedTest
  @ValueSource(doubles = {5, 20, 60})
  void aServerThatThrottlesWithoutAHeaderIsSoonAskedNoMoreThanItTakes(double capacity) {
    int waiting = (int) (capacity * 120);
    double coming = capacity * 0.6;
    CrowdedServer server =
        new CrowdedServer(capacity, CallLimits.DEFAULT, true)
            .backlog(waiting)
            .messages(coming, TEN_MINUTES.minus(MINUTE))
            .queries(capacity * 0.05, TEN_MINUTES.minus(MINUTE));

    server.run(TEN_MINUTES);

    assertThat(server.shareOf429(MINUTE, TEN_MINUTES)).isLessThan(0.05);
    assertThat(server.delivered).isEqualTo(waiting + Math.round(coming * 540));
    double used =
        server.taken(MINUTE, MINUTE.multipliedBy(3), false)
            + server.taken(MINUTE, MINUTE.multipliedBy(3), true);
    assertThat(used).as("while there is a backlog").isBetween(0.75 * capacity, 1.01 * capacity);
  }

  @Test
  void theSameServerTurnsAThirdAwayWhereNobodyLearnsFromIt() {
    CrowdedServer server =
        new CrowdedServer(60, CallLimits.DEFAULT, false)
            .backlog(7_200)
            .messages(36, TEN_MINUTES.minus(MINUTE))
            .queries(3, TEN_MINUTES.minus(MINUTE));

    server.run(MINUTE.multipliedBy(3));

    assertThat(server.shareOf429(MINUTE, MINUTE.multipliedBy(3))).isGreaterThan(0.3);
  }

  @Test
  void aQueryHardlyWaitsHoweverManyMessagesDo() {
    CrowdedServer server =
        new CrowdedServer(20, CallLimits.DEFAULT, true).backlog(20_000).queries(2, TEN_MINUTES);

    server.run(TEN_MINUTES);

    List<Duration> waits = server.queryWaits.stream().sorted().toList();
    assertThat(waits).hasSizeGreaterThan(1_150);
    assertThat(waits.get(waits.size() * 99 / 100)).isLessThan(Duration.ofMillis(500));
  }

  @Test
  void aFloodOfQueriesLeavesMessagesAQuarter() {
    CrowdedServer server =
        new CrowdedServer(20, calls(20, 20), true)
            .backlog(5_000)
            .queries(40, MINUTE.multipliedBy(5));

    server.run(MINUTE.multipliedBy(5));

    assertThat(server.taken(MINUTE, MINUTE.multipliedBy(5), false)).isGreaterThan(20 * 0.2);
    assertThat(server.taken(MINUTE, MINUTE.multipliedBy(5), true)).isGreaterThan(20 * 0.6);
  }

  @Test
  void theCeilingIsNeverExceeded() {
    CrowdedServer server = new CrowdedServer(1_000, calls(5, 10), true).backlog(8_000);

    server.run(TEN_MINUTES);

    assertThat(server.taken(Duration.ZERO, Duration.ofSeconds(10), false)).isBetween(4.0, 7.0);
    assertThat(server.taken(MINUTE, TEN_MINUTES, false)).isBetween(9.5, 10.1);
  }

  @Test
  void callsThatHadLeftTogetherMakeOneCut() {
    CallPace pace = new CallPace(calls(100, 1_000), START);
    CallPace.Turn first = pace.ask(true, START);
    CallPace.Turn second = pace.ask(true, START);
    double before = pace.rate();

    pace.throttled(first, START.plusMillis(10));
    double after = pace.rate();
    pace.throttled(second, START.plusMillis(20));

    assertThat(after).isLessThan(before);
    assertThat(pace.rate()).isBetween(after, after * 1.01);
  }

  @Test
  void howLongATurnTakesToComeIsKnownBefore() {
    CallPace pace = new CallPace(calls(1, 1), START);
    assertThat(pace.ask(true, START).isGiven()).isTrue();
    CallPace.Turn delivery = pace.ask(true, START);
    CallPace.Turn query = pace.ask(false, START);

    assertThat(pace.waitOf(query)).isEqualTo(Duration.ofSeconds(1));
    assertThat(pace.waitOf(delivery)).isEqualTo(Duration.ofSeconds(2));

    pace.giveTurns(START.plusMillis(999));
    assertThat(query.isGiven()).isFalse();
    pace.giveTurns(START.plusMillis(1_000));
    assertThat(query.isGiven()).isTrue();
    assertThat(delivery.isGiven()).isFalse();
    pace.withdraw(delivery);
    assertThat(pace.giveTurns(START.plusSeconds(5))).isZero();
  }

  @Test
  void aClockThatIsSetBackStopsNobodyForLong() {
    CallPace pace = new CallPace(calls(1, 1), START);
    assertThat(pace.ask(true, START).isGiven()).isTrue();

    Instant back = START.minus(Duration.ofHours(1));
    CallPace.Turn turn = pace.ask(true, back);
    pace.giveTurns(back.plusSeconds(1));

    assertThat(turn.isGiven()).isTrue();
  }
}
