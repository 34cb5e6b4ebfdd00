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
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.hl7.AckMode;
import org.millrace.hl7.V2Message;

/** The queue of application acknowledgments, on either database. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class ApplicationReplyStoreTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);
  private static final AskedReply THERE = new AskedReply(AckMode.When.AL, "lab:6661");
  private static final AskedReply HERE = new AskedReply(AckMode.When.ER, "");
  private static final byte[] REPLY = "MSH|reply".getBytes(StandardCharsets.UTF_8);

  @Parameter private TestJournals on;
  private JournalDatabase journal;
  private ApplicationReplyStore store;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(on.place(folder), CLOCK);
    store = journal.applicationReplies();
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private Stored take(String controlId, AskedReply asked) throws Exception {
    V2Message message = SampleMessages.oru(controlId, "text");
    return journal
        .intake()
        .store(
            new NewMessage(
                message.header(),
                SampleMessages.FEED,
                "127.0.0.1:40112",
                CLOCK.instant(),
                message.bytes(),
                Digests.of(message.bytes(), 0),
                new byte[0],
                new NewMessage.Terms(false, Optional.of(asked), OptionalLong.empty())))
        .get();
  }

  private void deliver(long id) throws Exception {
    journal
        .queue()
        .conclude(
            id,
            new Conclusion(
                MessageState.DELIVERED, Reason.NONE, CLOCK.instant(), Optional.empty(), List.of()))
        .get();
  }

  private long settled(String controlId, AskedReply asked) throws Exception {
    long id = take(controlId, asked).id();
    deliver(id);
    return id;
  }

  private List<Long> due() {
    return store.due(List.of(), 10).stream().map(ApplicationReply::messageId).toList();
  }

  @Test
  void oneIsDueOnceItsMessageHasComeToItsEnd() throws Exception {
    long id = take("A1", THERE).id();
    assertThat(due()).isEmpty();
    assertThat(store.unsent()).isZero();
    deliver(id);
    assertThat(due()).containsExactly(id);
    assertThat(store.unsent()).isEqualTo(1);
    assertThat(settled("A2", HERE)).isPositive();
    assertThat(due()).containsExactly(id);
    assertThat(journal.listing().find(id).orElseThrow().replyState()).isEqualTo(ReplyState.NONE);
  }

  @Test
  void whatIsOwedToAnAddressThatIsLeftAloneStandsBeforeNobody() throws Exception {
    settled("A1", THERE);
    long other = settled("A2", new AskedReply(AckMode.When.AL, "ward:6661"));
    assertThat(store.due(List.of("lab:6661"), 1))
        .extracting(ApplicationReply::messageId)
        .containsExactly(other);
  }

  @Test
  void oneThatAnotherEngineTookUpIsNotTakenUpAgain() throws Exception {
    settled("A1", THERE);
    ApplicationReply seen = store.due(List.of(), 1).get(0);
    Instant until = CLOCK.instant().plus(Duration.ofMinutes(1));
    assertThat(store.takeUp(seen, until).get()).isTrue();
    assertThat(store.takeUp(seen, until).get()).isFalse();
    assertThat(due()).isEmpty();
  }

  @Test
  void whatCouldNotBeSentIsDueLaterAndSaysWhy() throws Exception {
    long id = settled("A1", THERE);
    store.written(id, REPLY).get();
    store.notSent(id, "refused", CLOCK.instant().plusSeconds(2)).get();
    assertThat(due()).isEmpty();
    assertThat(store.of(id).orElseThrow())
        .satisfies(
            reply -> {
              assertThat(reply.state()).isEqualTo(ReplyState.OWED);
              assertThat(reply.attempts()).isEqualTo(1);
              assertThat(reply.lastError()).isEqualTo("refused");
              assertThat(reply.nextTryAt()).isEqualTo(CLOCK.instant().plusSeconds(2));
              assertThat(reply.reply()).isEqualTo(REPLY);
            });
  }

  @Test
  void aRepetitionOwesItAgainUnlessItsAddressHasIt() throws Exception {
    long here = settled("A1", HERE);
    store.became(here, ReplyState.NOT_HEARD, REPLY).get();
    assertThat(take("A1", HERE)).isInstanceOf(Stored.Again.class);
    assertThat(store.of(here).orElseThrow().state()).isEqualTo(ReplyState.OWED);
    long there = settled("A2", THERE);
    store.became(there, ReplyState.GIVEN, "").get();
    take("A2", THERE);
    assertThat(store.of(there).orElseThrow().state()).isEqualTo(ReplyState.GIVEN);
    take("A2", new AskedReply(AckMode.When.AL, "elsewhere:6661"));
    assertThat(due()).containsExactly(there);
  }
}
