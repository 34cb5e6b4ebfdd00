package org.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a load counts, and where it ends. */
class JourneysTest {
  private static final long LATER = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);

  @Test
  void aLoadEndsWithTheMostMessagesThereCanBe() throws InterruptedException {
    Journeys journeys = new Journeys(7, 2, 10);

    assertThat(new int[] {journeys.begin(LATER), journeys.begin(LATER), journeys.begin(LATER)})
        .containsExactly(7, 8, -1);
    assertThat(journeys.begin(LATER)).isEqualTo(-1);

    assertThat(journeys.nextNumber()).isEqualTo(9);
    journeys.acknowledged(7);
    journeys.acknowledged(8);
    journeys.filed(8);
    assertThat(journeys.lost()).isOne();
  }

  @Test
  void noMoreAreOnTheirWayThanMayBe() throws InterruptedException {
    Journeys journeys = new Journeys(1, 5, 1);

    assertThat(journeys.begin(LATER)).isEqualTo(1);
    assertThat(journeys.begin(System.nanoTime())).isEqualTo(-1);
    journeys.acknowledged(1);
    journeys.filed(1);
    assertThat(journeys.begin(LATER)).isEqualTo(2);
  }
}
