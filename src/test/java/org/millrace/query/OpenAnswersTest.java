package org.millrace.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.SettableClock;
import org.millrace.cerner.Deadline;
import org.millrace.journal.JournalDatabase;

class OpenAnswersTest {
  private static final Duration LIFE = Duration.ofMinutes(10);

  @TempDir Path folder;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T12:00:00Z"));
  private final AtomicInteger count = new AtomicInteger();
  private JournalDatabase journal;
  private OpenAnswers answers;

  @BeforeEach
  void open() {
    journal = JournalDatabase.open(folder, clock);
    answers = of("");
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private OpenAnswers of(String tenant) {
    QuerySettings settings =
        QuerySettings.standard(ZoneOffset.UTC, "urn:oid:1.2.3")
            .with(new QuerySettings.Limits(1, 10, LIFE, 2));
    return new OpenAnswers(
        journal.continuations(),
        tenant,
        settings,
        clock,
        () -> "pointer-" + count.incrementAndGet());
  }

  private String keep(String sameness) {
    return answers.keep(rest(sameness), Deadline.in(Duration.ofSeconds(10))).orElseThrow();
  }

  @Test
  void aPointerLeadsToItsRestAgainAndAgain() {
    String pointer = keep("question");

    assertThat(answers.rest(pointer, "question")).contains(rest("question"));
    assertThat(answers.rest(pointer, "question")).contains(rest("question"));
  }

  @Test
  void aPointerLeadsToItsRestAfterARestart() {
    String pointer = keep("question");
    journal.close();
    open();

    assertThat(answers.rest(pointer, "question")).contains(rest("question"));
  }

  @Test
  void aPointerOfAnotherQuestionOrTenantLeadsNowhere() {
    String pointer = keep("question");

    assertThat(answers.rest(pointer, "another")).isEmpty();
    assertThat(of("clinic").rest(pointer, "question")).isEmpty();
  }

  @Test
  void aPointerIsGoodUntilItsLifeIsOver() {
    String pointer = keep("question");
    clock.forward(LIFE.minusMillis(1));
    assertThat(answers.rest(pointer, "question")).isPresent();

    clock.forward(Duration.ofMillis(1));
    assertThat(answers.rest(pointer, "question")).isEmpty();
  }

  @Test
  void theOldestPointerGoesWhenThereAreTooMany() {
    String first = keep("question");
    String second = keep("question");
    String third = keep("question");

    assertThat(answers.rest(first, "question")).isEmpty();
    assertThat(answers.rest(second, "question")).isPresent();
    assertThat(answers.rest(third, "question")).isPresent();
  }

  private static OpenAnswers.Rest rest(String sameness) {
    return new OpenAnswers.Rest(
        sameness,
        List.of(
            new OpenAnswers.Waiting(
                "12724066", List.of(new Match.OldNumber("urn:oid:1.2.3", "5521"))),
            new OpenAnswers.Waiting("12724067", List.of())),
        3);
  }
}
