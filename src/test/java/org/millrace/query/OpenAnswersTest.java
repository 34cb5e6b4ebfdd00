package org.millrace.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenAnswersTest {
  private static final Duration LIFE = Duration.ofMinutes(10);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T12:00:00Z"));
  private final AtomicInteger count = new AtomicInteger();
  private final OpenAnswers answers =
      new OpenAnswers(clock, LIFE, 2, () -> "pointer-" + count.incrementAndGet());

  @Test
  void aPointerLeadsToItsRestAgainAndAgain() {
    String pointer = answers.keep(rest("question"));

    assertThat(answers.rest(pointer, "question")).contains(rest("question"));
    assertThat(answers.rest(pointer, "question")).contains(rest("question"));
  }

  @Test
  void aPointerOfAnotherQuestionLeadsNowhere() {
    String pointer = answers.keep(rest("question"));

    assertThat(answers.rest(pointer, "another")).isEmpty();
  }

  @Test
  void aPointerIsGoodUntilItsLifeIsOver() {
    String pointer = answers.keep(rest("question"));
    clock.forward(LIFE.minusMillis(1));
    assertThat(answers.rest(pointer, "question")).isPresent();

    clock.forward(Duration.ofMillis(1));
    assertThat(answers.rest(pointer, "question")).isEmpty();
  }

  @Test
  void theOldestPointerGoesWhenThereAreTooMany() {
    String first = answers.keep(rest("question"));
    String second = answers.keep(rest("question"));
    String third = answers.keep(rest("question"));

    assertThat(answers.rest(first, "question")).isEmpty();
    assertThat(answers.rest(second, "question")).isPresent();
    assertThat(answers.rest(third, "question")).isPresent();
  }

  private static OpenAnswers.Rest rest(String sameness) {
    return new OpenAnswers.Rest(
        sameness, List.of(new OpenAnswers.Waiting("12724066", List.of())), 3);
  }
}
