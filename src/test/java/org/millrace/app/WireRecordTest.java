package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.mllp.WireFault.Kind.BETWEEN_FRAMES;
import static org.millrace.mllp.WireFault.Kind.TOO_MANY;
import static org.millrace.mllp.WireFault.Kind.TORN;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;
import org.millrace.journal.TurnedAway;
import org.millrace.mllp.WireFault;

class WireRecordTest {
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<TurnedAway> told = new ArrayList<>();
  private final SettableClock clock = new SettableClock();
  private final WireRecord record = new WireRecord(told::add, metrics, clock);

  private void noted(WireFault.Kind kind, String peer, long count) {
    record.noted(new WireFault(kind, 2575, peer, "", count, new byte[] {'x'}));
  }

  private void later(Duration time) {
    clock.forward(time);
  }

  @Test
  void eachIsCountedAndToldOnceInTenSecondsWithTheNumberSince() {
    for (int i = 0; i < 5; i++) {
      noted(TOO_MANY, "10.1.2.3:" + (40_000 + i), 1);
    }
    later(Duration.ofSeconds(11));
    noted(TOO_MANY, "10.1.2.3:41000", 1);

    assertThat(told).extracting(TurnedAway::times).containsExactly(1L, 5L);
    assertThat(told.get(1).peer()).isEqualTo("10.1.2.3:41000");
    assertThat(
            metrics
                .get("millrace.mllp.refused")
                .tags("kind", "too-many", "port", "2575")
                .counter()
                .count())
        .isEqualTo(6);
  }

  @Test
  void kindsAndAddressesAreToldApart() {
    noted(TOO_MANY, "10.1.2.3:40000", 1);
    noted(TORN, "10.1.2.3:40000", 1);
    noted(TOO_MANY, "10.1.2.4:40000", 1);

    assertThat(told).hasSize(3);
    assertThat(told.get(1).bytes()).containsExactly('x');
  }

  @Test
  void bytesBetweenFramesAreCountedAsBytes() {
    noted(BETWEEN_FRAMES, "10.1.2.3:40000", 14);
    noted(BETWEEN_FRAMES, "10.1.2.3:40000", 6);
    later(Duration.ofSeconds(10));
    noted(BETWEEN_FRAMES, "10.1.2.3:40000", 1);

    assertThat(told).extracting(TurnedAway::times).containsExactly(14L, 7L);
    assertThat(metrics.get("millrace.mllp.skipped").counter().count()).isEqualTo(21);
  }

  @Test
  void aClockThatWasSetBackDoesNotSilenceIt() {
    noted(TORN, "10.1.2.3:40000", 1);
    later(Duration.ofHours(-1));
    noted(TORN, "10.1.2.3:40000", 1);

    assertThat(told).hasSize(2);
  }
}
