package org.millrace.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.SettableClock;
import org.millrace.journal.AuditEvent;

class RateLimitTest {
  private static final AuditEvent.Actor ACTOR = new AuditEvent.Actor("portal", "none", "10.1.2.3");

  private final SettableClock clock = new SettableClock();
  private final RateLimit limit = new RateLimit(10, clock);

  private int letIn(String who, int requests) {
    int in = 0;
    for (int i = 0; i < requests; i++) {
      in += limit.take(who, ACTOR).isEmpty() ? 1 : 0;
    }
    return in;
  }

  @Test
  void twoSecondsWorthMayComeAtOnceAndThenSoManyASecond() {
    assertThat(letIn("a", 100)).isEqualTo(20);
    assertThat(letIn("b", 100)).isEqualTo(20);

    clock.forward(Duration.ofSeconds(1));

    assertThat(letIn("a", 100)).isEqualTo(10);
  }

  @Test
  void whoMustWaitIsToldForHowLong() {
    letIn("a", 20);

    assertThat(limit.take("a", ACTOR).map(RateLimit.TurnedAway::retry))
        .contains(Duration.ofMillis(100));
    clock.forward(Duration.ofMillis(100));
    assertThat(limit.take("a", ACTOR)).isEmpty();
  }

  @Test
  void whatIsTurnedAwayIsToldOnceInTenSecondsWithItsNumber() {
    letIn("a", 20);

    assertThat(limit.take("a", ACTOR).map(RateLimit.TurnedAway::toTell)).contains(1L);
    for (int i = 0; i < 5; i++) {
      assertThat(limit.take("a", ACTOR).map(RateLimit.TurnedAway::toTell)).contains(0L);
    }
    clock.forward(Duration.ofSeconds(10));
    letIn("a", 20);
    assertThat(limit.take("a", ACTOR).map(RateLimit.TurnedAway::toTell)).contains(6L);
  }

  @Test
  void whatNobodyComesBackForIsHandedOverOnceTenSecondsLater() {
    letIn("a", 26);

    assertThat(limit.untold(false)).isEmpty();
    clock.forward(Duration.ofSeconds(10));
    assertThat(limit.untold(false)).containsExactly(new RateLimit.Untold(ACTOR, 5));
    assertThat(limit.untold(true)).isEmpty();
  }

  @Test
  void atTheEndNothingIsWaitedFor() {
    letIn("a", 26);

    assertThat(limit.untold(true)).containsExactly(new RateLimit.Untold(ACTOR, 5));
  }

  @Test
  void whatIsForgottenIsCountedAllTheSame() {
    letIn("first", 26);
    for (int i = 0; i < 10_000; i++) {
      limit.take("other" + i, ACTOR);
    }

    assertThat(limit.untold(false))
        .containsExactly(new RateLimit.Untold(new AuditEvent.Actor("", "none", ""), 5));
  }

  @Test
  void aChargeIsPaidBackBeforeAnythingElse() {
    limit.charge("a", 1_000_000);

    clock.forward(Duration.ofSeconds(2));
    assertThat(letIn("a", 1)).isZero();
    clock.forward(Duration.ofMillis(100));
    assertThat(letIn("a", 2)).isEqualTo(1);
  }

  @Test
  void manyAddressesAreForgottenAndNotKept() {
    letIn("first", 20);
    for (int i = 0; i < 10_000; i++) {
      limit.take("other" + i, ACTOR);
    }

    assertThat(letIn("first", 100)).isEqualTo(20);
  }

  @Test
  void aClockThatGoesBackTakesNothingAway() {
    assertThat(letIn("a", 10)).isEqualTo(10);
    clock.forward(Duration.ofHours(-1));

    assertThat(limit.take("a", ACTOR)).isEqualTo(Optional.empty());
    assertThat(letIn("a", 100)).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 10.1.2.3",
    "fd00:12:0:1:a:b:c:d, fd00:12:0:1::/64",
    "fe80:0:0:0:1:2:3:4%eth0, fe80:0:0:0::/64",
    "'', ''"
  })
  void anAddressOfIpv6CountsAsItsNetwork(String address, String counted) {
    assertThat(Addresses.counted(address)).isEqualTo(counted);
  }
}
