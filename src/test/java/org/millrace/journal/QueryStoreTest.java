package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of queries, and how they are found. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class QueryStoreTest {
  private static final Instant AT = Instant.parse("2026-11-20T16:15:00Z");

  @Parameter private TestJournals on;
  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    journal = JournalDatabase.open(on.place(folder), Clock.fixed(AT, ZoneOffset.UTC));
    asked("Q1", 0, answer(340, QueryAnswer.Outcome.FOUND, "AA", "OK", true));
    // What a strict feed refused lies beside the queries.
    journal.recordQuestion(question("C2", 1, MessageState.REFUSED));
    asked("Q3", 2, answer(12, QueryAnswer.Outcome.NOT_FOUND, "AE", "NF", false));
    asked("Q4", 3, answer(2_100, QueryAnswer.Outcome.REFUSED, "AE", "AE", false));
    Awaitility.await().until(() -> journal.queries().list(QueryFilter.ANY).size() == 3);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static QueryAnswer answer(
      long took, QueryAnswer.Outcome outcome, String code, String status, boolean more) {
    return new QueryAnswer(Optional.of(Duration.ofMillis(took)), outcome, code, status, more);
  }

  private void asked(String controlId, long minute, QueryAnswer answer) {
    MessageState state =
        answer.outcome() == QueryAnswer.Outcome.REFUSED
            ? MessageState.REFUSED
            : MessageState.DELIVERED;
    journal.recordQuestion(question(controlId, minute, state).answered(answer));
  }

  private static Question question(String controlId, long minute, MessageState state) {
    return new Question(
        SampleMessages.oru(controlId, "x").header(),
        "queries",
        "127.0.0.1:1",
        AT.plusSeconds(60 * minute),
        new byte[] {1},
        new byte[] {2},
        state,
        state == MessageState.REFUSED
            ? Reason.of("query-refused", "QRD-8 is empty.")
            : Reason.NONE);
  }

  private static List<String> ids(List<AnsweredQuery> queries) {
    return queries.stream().map(AnsweredQuery::controlId).toList();
  }

  @Test
  void whatWasAnsweredComesBackAsItWasNewestFirst() {
    List<AnsweredQuery> all = journal.queries().list(QueryFilter.ANY);

    assertThat(ids(all)).containsExactly("Q4", "Q3", "Q1");
    assertThat(all.get(2).answer())
        .isEqualTo(answer(340, QueryAnswer.Outcome.FOUND, "AA", "OK", true));
    assertThat(all.get(1).answer())
        .isEqualTo(answer(12, QueryAnswer.Outcome.NOT_FOUND, "AE", "NF", false));
    assertThat(all.get(0).reason().sentence()).isEqualTo("QRD-8 is empty.");
    assertThat(all.get(0).receivedAt()).isEqualTo(AT.plusSeconds(180));
    assertThat(all.get(0).feed()).isEqualTo("queries");
  }

  @Test
  void aListGoesOnAboveAndBelow() {
    long middle = journal.queries().list(QueryFilter.ANY).get(1).id();

    assertThat(ids(journal.queries().below(middle, QueryFilter.ANY))).containsExactly("Q1");
    assertThat(ids(journal.queries().above(middle, QueryFilter.ANY))).containsExactly("Q4");
    assertThat(ids(journal.queries().above(0, QueryFilter.ANY.atMost(2))))
        .containsExactly("Q1", "Q3");
  }

  @Test
  void eachPartOfAFilterNarrows() {
    assertThat(filtered(Optional.of(QueryAnswer.Outcome.FOUND), Optional.empty()))
        .containsExactly("Q1");
    assertThat(filtered(Optional.empty(), Optional.of(Duration.ofMillis(340))))
        .containsExactly("Q4", "Q1");
    String sender = journal.queries().list(QueryFilter.ANY).get(0).sender();
    assertThat(of("queries", sender, AT, AT.plusSeconds(121))).containsExactly("Q3", "Q1");
    assertThat(of("queries", sender, AT.plusSeconds(120), AT.plusSeconds(180)))
        .containsExactly("Q3");
    assertThat(of("others", sender, AT, AT.plusSeconds(600))).isEmpty();
    assertThat(of("queries", "NOBODY@NOWHERE", AT, AT.plusSeconds(600))).isEmpty();
  }

  private List<String> filtered(Optional<QueryAnswer.Outcome> outcome, Optional<Duration> slower) {
    Optional<String> any = Optional.empty();
    Optional<Instant> ever = Optional.empty();
    return ids(journal.queries().list(new QueryFilter(outcome, any, any, ever, ever, slower, 10)));
  }

  private List<String> of(String feed, String sender, Instant since, Instant until) {
    return ids(
        journal
            .queries()
            .list(
                new QueryFilter(
                    Optional.empty(),
                    Optional.of(feed),
                    Optional.of(sender),
                    Optional.of(since),
                    Optional.of(until),
                    Optional.empty(),
                    10)));
  }

  @Test
  void itGoesWithItsMessage() throws Exception {
    journal
        .write(
            handle ->
                handle.execute("DELETE FROM message_content")
                    + handle.execute("DELETE FROM message"))
        .get();

    assertThat(journal.queries().list(QueryFilter.ANY)).isEmpty();
    assertThat(
            journal.<Long>read(
                handle ->
                    handle
                        .createQuery("SELECT count(*) FROM query_answer")
                        .mapTo(Long.class)
                        .one()))
        .isZero();
  }
}
