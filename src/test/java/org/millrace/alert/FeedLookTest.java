package org.millrace.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.SettableClock;
import org.millrace.hl7.V2Message;
import org.millrace.journal.AlertNotice;
import org.millrace.journal.Conclusion;
import org.millrace.journal.Digests;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageState;
import org.millrace.journal.NewMessage;
import org.millrace.journal.Reason;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.Symptom;

/** What is the matter with a feed, by what the journal holds. */
class FeedLookTest {
  private static final Instant NOW = SettableClock.BEGIN;
  private static final ZoneId ZONE = ZoneId.of("America/Chicago");

  private final SettableClock clock = new SettableClock();
  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(folder, clock);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private List<Symptom> look() {
    return new FeedLook(journal, AlertSettings.DEFAULT.feeds(), new Habits(journal, ZONE), clock)
        .get();
  }

  private List<String> kinds() {
    return look().stream().map(Symptom::kind).toList();
  }

  private long store(String controlId, Instant at) throws Exception {
    V2Message message = SampleMessages.oru(controlId, "text " + controlId);
    return journal
        .intake()
        .store(
            new NewMessage(
                message.header(),
                SampleMessages.FEED,
                "127.0.0.1:40112",
                at,
                message.bytes(),
                Digests.of(message.bytes(), 0),
                "MSH|reply".getBytes(StandardCharsets.UTF_8)))
        .get()
        .id();
  }

  private void store(String controlId, Instant at, MessageState state, String reason)
      throws Exception {
    long id = store(controlId, at);
    journal.queue().takeUp(id).get();
    journal
        .queue()
        .conclude(
            id,
            new Conclusion(
                state, Reason.of(reason, "as a test"), Instant.EPOCH, Optional.empty(), List.of()))
        .get();
  }

  @Test
  void aMessageThatWaitsForTooLongIsTheMatter() throws Exception {
    store("A1", NOW);
    clock.forward(Duration.ofMinutes(10));
    assertThat(look()).isEmpty();

    clock.forward(Duration.ofMinutes(1));

    assertThat(look())
        .containsExactly(
            new Symptom(
                "queue-age", "results", "waiting: 1, the oldest since 2026-11-20T16:15:00Z"));
  }

  @Test
  void heldMessagesAndThoseOfUnknownOutcomeAreCountedApart() throws Exception {
    store("A1", NOW, MessageState.HELD, "no-such-patient");
    store("A2", NOW, MessageState.HELD, "no-such-patient");
    assertThat(kinds()).containsExactly("held");

    store("A3", NOW, MessageState.HELD, "outcome-unknown");

    assertThat(look())
        .extracting(Symptom::kind, Symptom::sentence)
        .containsExactlyInAnyOrder(
            tuple("held", "HELD: 2"),
            tuple("outcome-unknown", "HELD, and nobody knows whether Cerner filed them: 1"));
  }

  @Test
  void aShareOfRefusedMessagesCountsFromTwentyMessagesOn() throws Exception {
    for (int i = 0; i < 2; i++) {
      store("R" + i, NOW, MessageState.REFUSED, "refused");
    }
    for (int i = 0; i < 17; i++) {
      store("D" + i, NOW, MessageState.DELIVERED, "");
    }
    assertThat(kinds()).isEmpty();
    store("D17", NOW, MessageState.DELIVERED, "");
    assertThat(look())
        .containsExactly(
            new Symptom(
                "refused-share", "results", "2 of the 20 messages of the last hour are REFUSED"));

    store("D18", NOW, MessageState.DELIVERED, "");
    assertThat(kinds()).as("2 of 21 are less than ten percent").isEmpty();
  }

  @Test
  void whatWasRefusedMoreThanAnHourAgoDoesNotCount() throws Exception {
    for (int i = 0; i < 20; i++) {
      store("R" + i, NOW, MessageState.REFUSED, "refused");
    }
    assertThat(kinds()).containsExactly("refused-share");

    clock.forward(Duration.ofMinutes(61));

    assertThat(kinds()).isEmpty();
  }

  private void storeInWeeks(int... ago) throws Exception {
    for (int week : ago) {
      Instant then = NOW.atZone(ZONE).minusWeeks(week).minusMinutes(30).toInstant();
      store("W" + week, then, MessageState.DELIVERED, "");
    }
  }

  @Test
  void aFeedThatAlwaysHasMessagesAtThisTimeOfTheWeekdayAndHasNoneIsSilent() throws Exception {
    storeInWeeks(4, 3, 1);
    assertThat(kinds()).containsExactly("silence");

    store("now", NOW.minus(Duration.ofMinutes(119)), MessageState.DELIVERED, "");

    assertThat(kinds()).isEmpty();
  }

  @Test
  void aFeedThatWasSeenIsSilentOnceItsLastMessageIsTooLongAgo() throws Exception {
    storeInWeeks(4, 3, 1);
    for (int week : new int[] {4, 3, 1}) {
      Instant then = NOW.atZone(ZONE).minusWeeks(week).plusMinutes(30).toInstant();
      store("X" + week, then, MessageState.DELIVERED, "");
    }
    store("now", NOW.minus(Duration.ofMinutes(10)), MessageState.DELIVERED, "");
    FeedLook look =
        new FeedLook(journal, AlertSettings.DEFAULT.feeds(), new Habits(journal, ZONE), clock);
    assertThat(look.get()).isEmpty();

    clock.forward(Duration.ofMinutes(105));
    assertThat(look.get()).as("seen less than two hours ago").isEmpty();
    clock.forward(Duration.ofMinutes(11));

    assertThat(look.get()).extracting(Symptom::kind).containsExactly("silence");
  }

  @Test
  void twoOfFourWeeksMakeNoHabit() throws Exception {
    storeInWeeks(4, 1);

    assertThat(kinds()).isEmpty();
  }

  @Test
  void aTimeOfTheDayAtWhichNothingEverCameIsNotSilent() throws Exception {
    storeInWeeks(4, 3, 2, 1);
    clock.forward(Duration.ofHours(3));

    assertThat(kinds()).isEmpty();
  }

  @Test
  void theHourOfTheWeekdayIsThatOfTheZoneWhenItsClockWasPutBack() throws Exception {
    // Chicago went from UTC-5 to UTC-6 on 2026-11-01: 16:15 UTC is 10:15, and was 11:15 before.
    for (int week : new int[] {4, 3, 2, 1}) {
      Instant sameHour =
          NOW.atZone(ZONE).minusWeeks(week).toInstant().minus(Duration.ofMinutes(110));
      store("W" + week, sameHour, MessageState.DELIVERED, "");
    }

    assertThat(kinds()).containsExactly("silence");
  }

  @Test
  void aLimitOfZeroSwitchesItsKindOff() throws Exception {
    storeInWeeks(4, 3, 2, 1);
    store("H", NOW, MessageState.HELD, "outcome-unknown");
    store("R", NOW, MessageState.REFUSED, "refused");
    store("Q", NOW.minus(Duration.ofDays(1)));
    AlertSettings.OfFeeds off =
        new AlertSettings.OfFeeds(
            Duration.ZERO, 0, 0, new AlertSettings.Share(0, 1), Duration.ZERO);

    assertThat(new FeedLook(journal, off, new Habits(journal, ZONE), clock).get()).isEmpty();
  }

  @Test
  void noNoticeHoldsPatientData() throws Exception {
    storeInWeeks(4, 3, 2, 1);
    store("A1", NOW.minus(Duration.ofHours(20)));
    store("A2", NOW.minus(Duration.ofHours(20)), MessageState.HELD, "no-such-patient");
    store("A3", NOW.minus(Duration.ofHours(20)), MessageState.HELD, "outcome-unknown");
    List<Symptom> symptoms = look();
    assertThat(symptoms).hasSize(4);
    Inbox inbox = new Inbox();
    try (AlertWatch watch =
        new AlertWatch(
            journal.alerts(),
            List.of(() -> symptoms),
            List.of(inbox),
            Duration.ofMinutes(5),
            clock)) {
      watch.look();
      watch.tell();
    }
    NoticeText text = new NoticeText("docs/alerts.md");

    assertThat(inbox.taken).hasSize(4);
    for (AlertNotice notice : inbox.taken) {
      assertThat(text.json(notice) + NoticeText.subject(notice) + text.body(notice))
          .contains("results")
          .doesNotContain("MARKLEY", "JOE", "6931", "1976", "A1", "A2", "A3", "LAB", "NORTH");
    }
  }
}
