package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What few messages of a long journal have is found by an index, and what is found is right. */
class LongListingTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:15:00Z");
  private static final int MESSAGES = 6_000;
  private static final MessageFilter ANY = MessageFilter.any();

  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path folder) throws SQLException {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    LongJournal.make(folder, MESSAGES, false, clock);
    journal = JournalDatabase.openReadOnly(folder, clock);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void eachFilterHasAnIndexOfItsOwn() {
    assertThat(plan(ANY.in(EnumSet.of(MessageState.HELD)))).contains("message_stopped");
    assertThat(plan(ANY.in(EnumSet.of(MessageState.QUEUED)))).contains("message_waiting");
    assertThat(plan(ANY.in(EnumSet.of(MessageState.DISCARDED)))).contains("message_put_aside");
    assertThat(plan(ANY.because("outcome-unknown"))).contains("message_of_reason");
    assertThat(plan(ANY.ofSender(LongJournal.GONE))).contains("message_of_sender");
    assertThat(plan(ANY.ofFeed("orders"))).contains("message_of_feed");
    assertThat(plan(ANY.withControlId("A1"))).contains("message_control_id");
    assertThat(plan(ANY.since(NOW.minusSeconds(60)).until(NOW))).contains("(rowid>? AND rowid<?)");
  }

  /** Of a feed with millions of messages, a few are held. */
  @Test
  void whatIsHeldOfAFeedIsNotLookedForInAllOfTheFeed() {
    assertThat(plan(ANY.in(EnumSet.of(MessageState.HELD)).ofFeed("orders")))
        .contains("message_stopped");
  }

  @Test
  void queriesAreNotLookedForAmongAllMessages() {
    assertThat(plan(queries("", "", false))).doesNotContain("SCAN m", "TEMP B-TREE");
    assertThat(plan(queries("", "", true))).contains("query_answer_outcome");
    assertThat(plan(queries(LongJournal.sender(5), "", false)))
        .contains("message_query_of_sender")
        .doesNotContain("TEMP B-TREE");
    assertThat(plan(queries("", "orders", false)))
        .contains("message_query_of_feed")
        .doesNotContain("TEMP B-TREE");
    assertThat(plan(day(NOW.minusSeconds(3600)))).contains("(message_id>? AND message_id<?)");
  }

  @Test
  void queriesOfSenderFeedOutcomeAndTimeAreFound() {
    QueryStore queries = journal.queries();
    assertThat(asked(queries.list(queries("", "", true)))).containsExactly(13L);
    assertThat(asked(queries.list(queries(LongJournal.GONE, "", false))))
        .containsExactly(94L, 85L, 76L, 67L, 58L, 49L, 40L, 31L, 22L, 13L, 4L);
    assertThat(asked(queries.list(queries(LongJournal.GONE, "queries", true))))
        .containsExactly(13L);
    assertThat(asked(queries.above(85, queries(LongJournal.GONE, "", false)))).containsExactly(94L);
    assertThat(queries.list(queries("", "orders", false))).isEmpty();
    Instant from = NOW.minus(Duration.ofDays(45));
    assertThat(asked(queries.list(day(from))))
        .isEqualTo(
            queries.list(QueryFilter.ANY.atMost(MESSAGES)).stream()
                .filter(each -> !each.receivedAt().isBefore(from))
                .filter(each -> each.receivedAt().isBefore(from.plus(Duration.ofDays(1))))
                .map(AnsweredQuery::id)
                .toList())
        .hasSizeGreaterThan(5);
  }

  private static QueryFilter queries(String sender, String feed, boolean refused) {
    return new QueryFilter(
        Optional.of(QueryAnswer.Outcome.REFUSED).filter(any -> refused),
        Optional.of(feed).filter(each -> !each.isEmpty()),
        Optional.of(sender).filter(each -> !each.isEmpty()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        100);
  }

  private static QueryFilter day(Instant from) {
    return new QueryFilter(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(from),
        Optional.of(from.plus(Duration.ofDays(1))),
        Optional.empty(),
        100);
  }

  private static List<Long> asked(List<AnsweredQuery> queries) {
    return queries.stream().map(AnsweredQuery::id).toList();
  }

  private String plan(QueryFilter filter) {
    return String.join("\n", LongJournal.plan(journal, filter));
  }

  private String plan(MessageFilter filter) {
    return String.join("\n", LongJournal.plan(journal, filter));
  }

  @Test
  void statesOfSeveralIndexesAreListedInOneOrder() {
    Set<MessageState> both = EnumSet.of(MessageState.HELD, MessageState.DISCARDED);
    Set<MessageState> stopped = EnumSet.of(MessageState.HELD, MessageState.REFUSED);
    assertThat(numbers(journal.listing().list(ANY.in(both)))).containsExactly(4007L, 2007L, 7L);
    assertThat(numbers(journal.listing().list(ANY.in(stopped))))
        .containsExactly(5011L, 4007L, 2007L, 11L, 7L);
    assertThat(journal.listing().count(ANY.in(stopped))).isEqualTo(5);
    assertThat(numbers(journal.listing().inOrder(ANY.in(both).atMost(2))))
        .containsExactly(7L, 2007L);
    assertThat(numbers(journal.listing().below(4007, ANY.in(both).atMost(1))))
        .containsExactly(2007L);
  }

  @Test
  void stateSenderFeedAndReasonNarrowTogether() {
    MessageFilter held = ANY.in(EnumSet.of(MessageState.HELD));
    assertThat(numbers(journal.listing().list(held.ofFeed("results")))).containsExactly(2007L);
    assertThat(numbers(journal.listing().list(held.ofSender(LongJournal.GONE))))
        .containsExactly(7L);
    assertThat(numbers(journal.listing().list(ANY.because("outcome-unknown"))))
        .containsExactly(2007L);
    assertThat(journal.listing().count(ANY.ofSender(LongJournal.GONE))).isEqualTo(100);
    assertThat(journal.listing().list(ANY.ofSender(""))).isEmpty();
  }

  @Test
  void aTimeIsListedWhole() {
    Instant from = NOW.minus(Duration.ofDays(45));
    MessageFilter day = ANY.since(from).until(from.plus(Duration.ofDays(1))).atMost(MESSAGES);
    List<MessageSummary> found = journal.listing().list(day);
    List<MessageSummary> expected =
        journal.listing().list(ANY.atMost(MESSAGES)).stream()
            .filter(each -> !each.receivedAt().isBefore(from))
            .filter(each -> each.receivedAt().isBefore(from.plus(Duration.ofDays(1))))
            .toList();
    assertThat(found).isEqualTo(expected).hasSizeGreaterThan(50);
    assertThat(found).isSortedAccordingTo(Comparator.comparing(MessageSummary::id).reversed());
    assertThat(journal.listing().count(day)).isEqualTo(expected.size());
  }

  private static List<Long> numbers(List<MessageSummary> messages) {
    return messages.stream().map(MessageSummary::id).toList();
  }
}
