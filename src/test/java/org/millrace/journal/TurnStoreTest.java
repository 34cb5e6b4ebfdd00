package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.hl7.V2Message;

/** Whose turn it is, and what the looks for that cost. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class TurnStoreTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);

  @Parameter private TestJournals on;
  private JournalPlace place;
  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path folder) {
    place = on.place(folder);
    journal = JournalDatabase.open(place, CLOCK);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  /** An ORU of the reports with these numbers. */
  private long stored(String controlId, String... fillers) throws Exception {
    List<String> segments = new ArrayList<>();
    segments.add("MSH|^~\\&|LAB|NORTH|M|H|20261120101500||ORU^R01|" + controlId + "|D|2.5.1");
    segments.add("PID|1||6931");
    for (String filler : fillers) {
      segments.add("OBR|1||" + filler);
    }
    V2Message message = SampleMessages.read(segments.toArray(String[]::new));
    long id =
        journal
            .intake()
            .store(
                new NewMessage(
                    message.header(),
                    SampleMessages.FEED,
                    "",
                    CLOCK.instant(),
                    message.bytes(),
                    Digests.of(controlId),
                    new byte[0]))
            .get()
            .id();
    journal.businessKeys().lookedInto(id, "lane " + controlId, BusinessKeys.of(message)).get();
    return id;
  }

  private void comesTo(long id, MessageState state) throws Exception {
    journal
        .queue()
        .conclude(
            id, new Conclusion(state, Reason.NONE, CLOCK.instant(), Optional.empty(), List.of()))
        .get();
  }

  private Optional<TurnStore.Behind> behind(long id) {
    return journal.turns().of(id).orElseThrow().behind();
  }

  @Test
  void theLastOneBeforeIsWaitedForAndTheHeldOneIsNamed() throws Exception {
    long one = stored("A1", "F1");
    long two = stored("A2", "F1");
    long three = stored("A3", "F1", "F2");
    comesTo(one, MessageState.HELD);
    assertThat(behind(two))
        .contains(new TurnStore.Behind(one, one, MessageState.HELD, true, false));
    journal
        .queue()
        .waitsBehind(two, Reason.of(TurnStore.BEHIND_HELD, "waits"), Optional.empty())
        .get();

    assertThat(behind(three))
        .contains(new TurnStore.Behind(two, one, MessageState.HELD, true, false));
    comesTo(two, MessageState.RETRYING);
    assertThat(behind(three))
        .contains(new TurnStore.Behind(two, two, MessageState.RETRYING, false, false));
    comesTo(two, MessageState.REFUSED);
    comesTo(one, MessageState.DELIVERED);
    assertThat(behind(three)).isEmpty();
  }

  @Test
  void whatIsDoneWithIsOpenAgainOnceItIsRetried() throws Exception {
    long one = stored("A1", "F1");
    comesTo(one, MessageState.REFUSED);
    long two = stored("A2", "F1");
    assertThat(behind(two)).isEmpty();

    comesTo(one, MessageState.QUEUED);

    assertThat(behind(two)).isPresent();
    assertThat(behind(one)).as("the earlier one waits for nobody").isEmpty();
  }

  @Test
  void theLooksGoByTheirIndexes() throws Exception {
    for (int i = 0; i < 300; i++) {
      comesTo(stored("A" + i, "F" + i / 2), i < 200 ? MessageState.HELD : MessageState.RETRYING);
    }
    String report =
        plan(TurnStore.OF_REPORT.replace(":id", "40").replace(":sender", "'LAB@NORTH'"));
    assertThat(report)
        .contains("business_key_open", "business_key_of_message")
        .doesNotContain("scan business_key", "seq scan", "scan message");
    assertThat(plan(TurnStore.IN_LANE.replace(":id", "40")))
        .contains("message_stopped_in_lane")
        .doesNotContain("seq scan", "scan message");
    assertThat(plan(WaitingStore.SENDERS))
        .contains("message_waiting_of_sender")
        .doesNotContain("seq scan");
    assertThat(
            plan(
                WaitingStore.PAGE.replace(":now", "0")
                    + " AND sender = 'LAB@NORTH' AND id > 3 AND id <= 99 ORDER BY id LIMIT 500"))
        // A server sees that there is one sender only, and takes the one index or the other.
        .contains(on == TestJournals.SQLITE ? "message_waiting_of_sender" : "message_waiting")
        .doesNotContain("seq scan", "temp b-tree", "sort");
  }

  private String plan(String sql) throws Exception {
    return String.join("\n", Plans.of(on, place, sql)).toLowerCase(Locale.ROOT);
  }
}
