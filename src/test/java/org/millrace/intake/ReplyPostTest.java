package org.millrace.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.AckMode;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Message;
import org.millrace.journal.AskedReply;
import org.millrace.journal.Conclusion;
import org.millrace.journal.Digests;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageState;
import org.millrace.journal.NewMessage;
import org.millrace.journal.Reason;
import org.millrace.journal.ReplyState;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.Stored;

/** Application acknowledgments to addresses, by a line that is none. */
class ReplyPostTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);
  private static final String DEAD = "dead:6661";
  private static final String GOOD = "good:6661";

  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(folder, CLOCK);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private long owed(String controlId, String address) throws Exception {
    V2Message message = SampleMessages.oru(controlId, "text");
    NewMessage fresh =
        new NewMessage(
            message.header(),
            SampleMessages.FEED,
            "127.0.0.1:40112",
            CLOCK.instant(),
            message.bytes(),
            Digests.ofContent(message.bytes()),
            new byte[0],
            new NewMessage.Terms(
                false,
                Optional.of(new AskedReply(AckMode.When.AL, address)),
                OptionalLong.empty()));
    Stored stored = journal.intake().store(fresh).get();
    return stored.id();
  }

  private Future<?> deliver(long id) {
    return journal
        .queue()
        .conclude(
            id,
            new Conclusion(
                MessageState.DELIVERED, Reason.NONE, CLOCK.instant(), Optional.empty(), List.of()));
  }

  private ReplyPost postingBy(ReplyLine line) {
    Replies replies = new Replies(CLOCK, ZoneOffset.UTC, new ControlIds(CLOCK));
    return new ReplyPost(journal, replies, line, CLOCK, Duration.ofMillis(10));
  }

  private ReplyState stateOf(long id) {
    return journal.applicationReplies().of(id).orElseThrow().state();
  }

  /** Takes replies at one address, and nothing at any other. */
  private static ReplyLine.Open taking(String address) throws ReplyLine.NotTaken {
    if (!address.equals(GOOD)) {
      throw new ReplyLine.NotTaken("refused", false);
    }
    return new ReplyLine.Open() {
      @Override
      public void send(byte[] reply) {}

      @Override
      public void close() {}
    };
  }

  @Test
  void anAddressThatTakesNothingKeepsNoOtherWaiting() throws Exception {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      all.add(owed("D" + i, DEAD));
    }
    long last = owed("G1", GOOD);
    all.add(last);
    for (long id : all) {
      deliver(id).get();
    }
    try (ReplyPost post = postingBy(ReplyPostTest::taking)) {
      await().untilAsserted(() -> assertThat(stateOf(last)).isEqualTo(ReplyState.GIVEN));
      assertThat(journal.applicationReplies().unsent()).isEqualTo(250);
      assertThat(post).isNotNull();
    }
  }

  @Test
  void whatFailsInsideTheEngineStaysOwedAndStopsNoOther() throws Exception {
    long broken = owed("B1", DEAD);
    long good = owed("G1", GOOD);
    deliver(broken).get();
    deliver(good).get();
    ReplyLine line =
        address -> {
          if (address.equals(DEAD)) {
            throw new IllegalStateException("a fault of ours");
          }
          return taking(address);
        };
    try (ReplyPost post = postingBy(line)) {
      await().untilAsserted(() -> assertThat(stateOf(good)).isEqualTo(ReplyState.GIVEN));
      assertThat(stateOf(broken)).isEqualTo(ReplyState.OWED);
      assertThat(post).isNotNull();
    }
  }
}
