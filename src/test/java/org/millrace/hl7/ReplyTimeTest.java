package org.millrace.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ReplyTimeTest {
  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

  private Instant now = Instant.parse("2026-11-01T06:59:59.100Z");

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  @Test
  void itIsWrittenOnceForASecond() {
    ReplyTime time = new ReplyTime(clock, CHICAGO);
    String first = time.now();
    now = now.plusMillis(899);

    assertThat(time.now()).isEqualTo("20261101015959-0500").isSameAs(first);
  }

  @Test
  void theNextSecondHasItsOwnOffset() {
    ReplyTime time = new ReplyTime(clock, CHICAGO);
    time.now();
    now = now.plusMillis(900);

    assertThat(time.now()).isEqualTo("20261101010000-0600");
  }

  @Test
  void aClockThatIsPutBackIsFollowed() {
    ReplyTime time = new ReplyTime(clock, CHICAGO);
    time.now();
    now = now.minusSeconds(3_600);

    assertThat(time.now()).isEqualTo("20261101005959-0500");
  }
}
