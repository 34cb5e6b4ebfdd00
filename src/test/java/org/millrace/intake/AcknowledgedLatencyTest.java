package org.millrace.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Message;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.SampleMessages;

/** Which acknowledgments are timed, and as what. */
class AcknowledgedLatencyTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private JournalDatabase journal;
  private Intake intake;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(folder, CLOCK);
    Replies replies = new Replies(CLOCK, ZoneOffset.UTC, new ControlIds(CLOCK));
    intake = new Intake(journal, replies, CLOCK, Duration.ofSeconds(10), Optional.of(meters));
  }

  @AfterEach
  void close() {
    intake.close();
    journal.close();
  }

  private Answer answer(V2Message message, boolean silent) {
    return intake.answer(
        message, SampleMessages.FEED, new Caller("10.0.0.1:1", true, Optional.empty(), silent));
  }

  /** How many were timed, by feed and outcome. */
  private TreeMap<String, Long> timed() {
    TreeMap<String, Long> timed = new TreeMap<>();
    for (Timer each : meters.find("millrace.received.to.acknowledged").timers()) {
      String of = each.getId().getTag("feed") + " " + each.getId().getTag("outcome");
      timed.put(of, each.count());
    }
    return timed;
  }

  private static String of(String outcome) {
    return SampleMessages.FEED.name() + " " + outcome;
  }

  @Test
  void eachAcknowledgmentIsTimedByWhatBecameOfItsMessage() {
    answer(SampleMessages.oru("A1", "one"), false).given();
    answer(SampleMessages.oru("A1", "one"), false).given();
    answer(SampleMessages.oru("A1", "another"), false).given();
    answer(SampleMessages.oru("", "one"), false).given();

    assertThat(timed())
        .containsOnly(
            Map.entry(of("stored"), 1L),
            Map.entry(of("again"), 1L),
            Map.entry(of("control-id-used-again"), 1L),
            Map.entry(of("no-control-id"), 1L));
  }

  @Test
  void nothingIsTimedBeforeTheReplyIsGiven() {
    Answer answer = answer(SampleMessages.oru("A1", "one"), false);
    assertThat(timed()).isEmpty();

    answer.written().accept(true);

    assertThat(timed()).containsOnlyKeys(of("stored"));
  }

  @Test
  void aReplyThatWasNotHeardAcknowledgesNothing() {
    answer(SampleMessages.oru("A1", "one"), false).written().accept(false);

    assertThat(timed()).isEmpty();
  }

  @Test
  void aSenderThatTakesNoReplyIsNotAcknowledged() {
    answer(SampleMessages.oru("A1", "one"), true).given();

    assertThat(timed()).isEmpty();
  }

  @Test
  void whatCouldNotBeStoredIsTimedAsThat() {
    journal.close();

    answer(SampleMessages.oru("A1", "one"), false).given();

    assertThat(timed()).containsOnlyKeys(of("not-stored"));
  }
}
