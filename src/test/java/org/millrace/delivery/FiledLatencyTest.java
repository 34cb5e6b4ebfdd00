package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.journal.MessageState;
import org.millrace.journal.SampleMessages;
import org.millrace.mapping.CoverageMetrics;

/** From when to when the time of a delivery runs. */
class FiledLatencyTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private DeliveryFixture engine;

  @BeforeEach
  void open(@TempDir Path folder) {
    engine = new DeliveryFixture(folder);
    engine.measuredBy(meters, new CoverageMetrics(meters));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  /** So many attempts were counted, and before that timed if they were to be. */
  private void awaitDelivered(int attempts) {
    Awaitility.await()
        .until(
            () -> {
              Counter counted =
                  meters.find("millrace.messages.attempts").tag("state", "delivered").counter();
              return counted != null && counted.count() == attempts;
            });
  }

  private Timer filed() {
    return meters.get("millrace.received.to.filed").tag("feed", SampleMessages.FEED.name()).timer();
  }

  @Test
  void theTimeRunsFromReceiptThroughRetries() {
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.RETRYING);
    assertThat(meters.find("millrace.received.to.filed").timers()).isEmpty();
    engine.clock.forward(Duration.ofHours(3));
    awaitDelivered(1);

    assertThat(filed().count()).isEqualTo(1);
    assertThat(filed().totalTime(TimeUnit.MINUTES)).isBetween(180.0, 181.0);
  }

  @Test
  void whatWasFiledAndIsCorrectedIsNotTimedAgain() {
    engine.start().accept(SampleMessages.oru("A1", "pass Y"));
    awaitDelivered(1);
    engine.texts.learn("Y");
    assertThat(engine.ask("correct", "A1")).isEqualTo("queued");
    awaitDelivered(2);

    assertThat(filed().count()).isEqualTo(1);
  }

  @Test
  void commitsOfTheJournalAreTimed() {
    engine.start().accept(SampleMessages.oru("A1", "one"));
    awaitDelivered(1);

    assertThat(meters.get("millrace.journal.commit").timer().count()).isPositive();
  }
}
