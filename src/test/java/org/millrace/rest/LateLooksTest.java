package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;

class LateLooksTest {
  private static final RestAnswer MADE = new RestAnswer(201, Map.of(), new byte[0]);

  private final SettableClock clock = new SettableClock();
  private final AtomicInteger looked = new AtomicInteger();
  private final LateLooks looks = new LateLooks(clock);

  private Optional<RestAnswer> findsAtTheSecond() {
    return looked.incrementAndGet() < 2 ? Optional.empty() : Optional.of(MADE);
  }

  @Test
  void itIsLookedForWheneverItIsAskedForUntilItIsFound() {
    looks.keep(7, this::findsAtTheSecond);

    assertThat(looks.look(8)).isEmpty();
    assertThat(looks.look(7)).isEmpty();
    assertThat(looks.look(7)).contains(MADE);
    assertThat(looks.look(7)).as("its answer is on record").isEmpty();
    assertThat(looked).hasValue(2);
  }

  /** What is there by then may be what a person entered who was told to look. */
  @Test
  void afterTenMinutesItIsNotLookedForAnyMore() {
    looks.keep(7, this::findsAtTheSecond);
    clock.forward(Duration.ofMinutes(10).minusSeconds(1));
    assertThat(looks.look(7)).isEmpty();
    clock.forward(Duration.ofSeconds(1));

    assertThat(looks.look(7)).as("no look makes the time longer").isEmpty();
    assertThat(looked).hasValue(1);
  }

  @Test
  void theLatestAreKeptInMind() {
    LongStream.rangeClosed(1, 201).forEach(id -> looks.keep(id, () -> Optional.of(MADE)));

    assertThat(looks.look(1)).isEmpty();
    assertThat(looks.look(2)).contains(MADE);
    assertThat(looks.look(201)).contains(MADE);
  }

  @Test
  void whileOneCallerLooksAnotherIsToldWhatIsOnRecord() {
    looks.keep(7, () -> looks.look(7).or(() -> Optional.of(MADE)));

    assertThat(looks.look(7)).contains(MADE);
  }
}
