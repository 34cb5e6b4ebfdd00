package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.hl7.V2Message;

/** What is counted of feeds, and pages of a listing, in both kinds of database. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class FigureStoreTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  @Parameter private TestJournals on;
  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(on.place(folder), Clock.fixed(NOON, ZoneOffset.UTC));
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private long store(String controlId, Instant at) throws Exception {
    V2Message message = SampleMessages.oru(controlId, "text " + controlId);
    journal
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
        .get();
    return journal.listing().list(MessageFilter.any().withControlId(controlId)).get(0).id();
  }

  @Test
  void whatCameIsCountedFromAMomentOnHourByHour() throws Exception {
    for (int hoursAgo = 60; hoursAgo >= 0; hoursAgo--) {
      store("A" + hoursAgo, NOON.minus(Duration.ofHours(hoursAgo)));
    }

    List<FigureStore.Came> came = journal.figures().since(NOON.minus(Duration.ofHours(24)));

    assertThat(came).hasSize(25).allSatisfy(each -> assertThat(each.messages()).isEqualTo(1));
    assertThat(came).extracting(FigureStore.Came::hour).contains(0, 12, 24).doesNotContain(-1, 25);
    assertThat(came)
        .filteredOn(each -> each.hour() == 24)
        .singleElement()
        .satisfies(each -> assertThat(each.last()).isEqualTo(NOON));
  }

  @Test
  void aClockThatWasSetBackByMinutesHidesNothing() throws Exception {
    for (int i = 0; i < 40; i++) {
      store("A" + i, NOON.minus(Duration.ofDays(2)));
    }
    store("B1", NOON.plus(Duration.ofMinutes(20)));
    store("B2", NOON.minus(Duration.ofMinutes(20)));
    store("B3", NOON.plus(Duration.ofMinutes(30)));

    assertThat(journal.figures().since(NOON))
        .extracting(FigureStore.Came::messages)
        .containsExactly(2L);
    assertThat(journal.figures().since(NOON.plus(Duration.ofDays(1)))).isEmpty();
  }

  @Test
  void whatStandsIsCountedByStateAndReason() throws Exception {
    conclude(store("A1", NOON), MessageState.HELD, "outcome-unknown");
    conclude(store("A2", NOON), MessageState.HELD, "outcome-unknown");
    conclude(store("A3", NOON), MessageState.DELIVERED, "");
    store("A4", NOON);

    assertThat(journal.figures().standing())
        .containsExactlyInAnyOrder(
            new FigureStore.Stands("results", false, MessageState.QUEUED, "", 1),
            new FigureStore.Stands("results", false, MessageState.HELD, "outcome-unknown", 2));
    assertThat(journal.figures().lastOfFeeds()).containsEntry("results", NOON);
  }

  @Test
  void howLongMessagesStayedIsCountedByHourAndStep() throws Exception {
    store("OLD", NOON.minus(Duration.ofHours(30)));
    conclude(store("A1", NOON.minusMillis(250)), MessageState.DELIVERED, "");
    conclude(store("A2", NOON.minusMillis(251)), MessageState.DELIVERED, "");
    conclude(store("A3", NOON.minus(Duration.ofHours(2))), MessageState.HELD, "ed-damaged");
    store("A4", NOON.minus(Duration.ofHours(2)));

    assertThat(journal.figures().stays(NOON.minus(Duration.ofHours(24))))
        .containsExactlyInAnyOrder(
            new FigureStore.Stay(
                "results", 23, OptionalInt.of(24), Optional.of(Duration.ofMillis(250)), 1),
            new FigureStore.Stay(
                "results", 23, OptionalInt.of(24), Optional.of(Duration.ofMillis(500)), 1),
            new FigureStore.Stay("results", 22, OptionalInt.of(24), Optional.empty(), 1),
            new FigureStore.Stay("results", 22, OptionalInt.empty(), Optional.empty(), 1));
    assertThat(journal.figures().engines()).allMatch(each -> !each.silent());
  }

  private void conclude(long id, MessageState state, String reason) throws Exception {
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
  void pagesGoOnBelowAndAboveANumber() throws Exception {
    long one = store("A1", NOON);
    long two = store("A2", NOON);
    long three = store("A3", NOON);

    assertThat(journal.listing().below(three, MessageFilter.any()))
        .extracting(MessageSummary::id)
        .containsExactly(two, one);
    assertThat(journal.listing().above(one, MessageFilter.any().atMost(1)))
        .extracting(MessageSummary::id)
        .containsExactly(two);
  }
}
