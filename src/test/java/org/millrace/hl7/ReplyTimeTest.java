package org.millrace.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;

class ReplyTimeTest {
  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T06:59:59.100Z"));

  @Test
  void itIsWrittenOnceForASecond() {
    ReplyTime time = new ReplyTime(clock, CHICAGO);
    String first = time.now();
    clock.forward(Duration.ofMillis(899));

    assertThat(time.now()).isEqualTo("20261101015959-0500").isSameAs(first);
  }

  @Test
  void theNextSecondHasItsOwnOffset() {
    ReplyTime time = new ReplyTime(clock, CHICAGO);
    time.now();
    clock.forward(Duration.ofMillis(900));

    assertThat(time.now()).isEqualTo("20261101010000-0600");
  }

  @Test
  void aClockThatIsPutBackIsFollowed() {
    ReplyTime time = new ReplyTime(clock, CHICAGO);
    time.now();
    clock.forward(Duration.ofHours(-1));

    assertThat(time.now()).isEqualTo("20261101005959-0500");
  }
}
