package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.hl7.V2Message;

/** The work list of codes that no table knows. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class CodeStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-20T16:15:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final CodeFilter ALL = filter(null, null, null);

  @Parameter private TestJournals on;
  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(on.place(folder), CLOCK);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static CodeFilter filter(
      @org.jspecify.annotations.Nullable String table,
      @org.jspecify.annotations.Nullable String code,
      @org.jspecify.annotations.Nullable String sender) {
    return new CodeFilter(
        Optional.ofNullable(table), Optional.ofNullable(code), Optional.ofNullable(sender));
  }

  private static UnmappedCode passed(String table, String code, String path) {
    return new UnmappedCode(table, code, "text of " + code, path, false);
  }

  private static UnmappedCode held(String table, String code, String path) {
    return new UnmappedCode(table, code, "text of " + code, path, true);
  }

  private long stored(String controlId, Instant at) throws Exception {
    return stored(SampleMessages.FEED, controlId, at);
  }

  private long stored(Feed feed, String controlId, Instant at) throws Exception {
    V2Message message = SampleMessages.oru(controlId, "one");
    return journal
        .intake()
        .store(
            new NewMessage(
                message.header(),
                feed,
                "127.0.0.1:40112",
                at,
                message.bytes(),
                Digests.of(message.bytes(), 0),
                "MSH|reply".getBytes(StandardCharsets.UTF_8)))
        .get()
        .id();
  }

  private void conclude(long id, MessageState state, String reason, UnmappedCode... codes)
      throws Exception {
    journal
        .queue()
        .conclude(
            id,
            new Conclusion(
                state,
                Reason.of(reason, "Because."),
                NOW,
                Optional.of(new MappingReport("{}", List.of(codes))),
                List.of()))
        .get();
  }

  @Test
  void eachCodeOfASenderIsOneLineWithItsCounts() throws Exception {
    long first = stored("A1", NOW.minusSeconds(60));
    long second = stored("A2", NOW);
    conclude(
        first,
        MessageState.HELD,
        "unknown-code",
        held("T", "X", "OBX[1]-3.1"),
        held("T", "X", "OBX[2]-3.1"),
        passed("U", "Y", "PID-8"));
    conclude(second, MessageState.DELIVERED, "", passed("T", "X", "OBX[1]-3.1"));

    assertThat(journal.codes().list(ALL))
        .containsExactly(
            new CodeSummary(
                "T", "X", "LAB@NORTH", "", "text of X", 3, 2, 1, NOW.minusSeconds(60), NOW),
            new CodeSummary(
                "U",
                "Y",
                "LAB@NORTH",
                "",
                "text of Y",
                1,
                1,
                0,
                NOW.minusSeconds(60),
                NOW.minusSeconds(60)));
    assertThat(journal.codes().list(filter("U", null, null))).hasSize(1);
    assertThat(journal.codes().list(filter(null, "X", "LAB@NORTH"))).hasSize(1);
    assertThat(journal.codes().list(filter(null, null, "LAB@SOUTH"))).isEmpty();
    assertThat(journal.codes().messages(filter("T", "X", null), 10))
        .extracting(CodeInMessage::messageId)
        .containsExactly(second, first, first);
    assertThat(journal.codes().messages(ALL, 1)).hasSize(1);
  }

  @Test
  void aCodeIsALineForEachTenantAndNotForEachFeed() throws Exception {
    long unnamed = stored("A1", NOW.minusSeconds(60));
    long first = stored(ofNorth("notes"), "A2", NOW.minusSeconds(30));
    long second = stored(ofNorth("northern"), "A3", NOW);
    conclude(unnamed, MessageState.DELIVERED, "", passed("T", "X", "OBX[1]-3.1"));
    conclude(first, MessageState.HELD, "unknown-code", held("T", "X", "OBX[1]-3.1"));
    conclude(second, MessageState.DELIVERED, "", passed("T", "X", "OBX[1]-3.1"));

    assertThat(journal.codes().list(ALL))
        .containsExactly(
            new CodeSummary(
                "T", "X", "LAB@NORTH", "north", "text of X", 2, 2, 1, NOW.minusSeconds(30), NOW),
            new CodeSummary(
                "T",
                "X",
                "LAB@NORTH",
                "",
                "text of X",
                1,
                1,
                0,
                NOW.minusSeconds(60),
                NOW.minusSeconds(60)));
    assertThat(journal.codes().messages(ALL, 10))
        .extracting(CodeInMessage::tenant)
        .containsExactly("north", "north", "");
    assertThat(journal.queue().tenant("notes")).isEqualTo("north");
  }

  private static Feed ofNorth(String name) {
    Feed feed = SampleMessages.feedWith("tenant", "north");
    return new Feed(name, feed.messageTypes(), feed.zone(), feed.charset(), feed.settings());
  }

  @Test
  void anotherMappingOfTheMessagePutsItsCodesInTheirPlace() throws Exception {
    long id = stored("A1", NOW);
    conclude(id, MessageState.HELD, "unknown-code", held("T", "X", "OBX[1]-3.1"));

    conclude(id, MessageState.DELIVERED, "", passed("T", "Z", "OBX[1]-3.1"));
    assertThat(journal.codes().of(id)).containsExactly(passed("T", "Z", "OBX[1]-3.1"));

    journal
        .queue()
        .conclude(
            id,
            new Conclusion(MessageState.RETRYING, Reason.NONE, NOW, Optional.empty(), List.of()))
        .get();
    assertThat(journal.codes().of(id)).as("an attempt without a mapping").hasSize(1);
    assertThat(journal.listing().show(id).orElseThrow().codes()).hasSize(1);
  }

  @Test
  void aFieldThatTwoRulesReadIsHeldIfOneOfThemHoldsIt() throws Exception {
    long id = stored("A1", NOW);
    conclude(
        id,
        MessageState.HELD,
        "unknown-code",
        held("T", "X", "OBX[1]-3.1"),
        passed("T", "X", "OBX[1]-3.1"));
    assertThat(journal.codes().of(id)).containsExactly(held("T", "X", "OBX[1]-3.1"));
  }

  @Test
  void whatHoldsAMessageIsToldWithAllItsCodes() throws Exception {
    long waits = stored("A1", NOW);
    long other = stored("A2", NOW);
    long filed = stored("A3", NOW);
    conclude(
        waits,
        MessageState.HELD,
        "unknown-code",
        held("T", "X", "OBX[1]-3.1"),
        held("T", "Z", "OBX[2]-3.1"),
        passed("U", "Y", "PID-8"));
    conclude(other, MessageState.HELD, "no-content", held("T", "X", "OBX[1]-3.1"));
    conclude(filed, MessageState.DELIVERED, "", passed("U", "Y", "PID-8"));

    assertThat(journal.codes().holding(filter("T", "X", null)))
        .extracting(each -> each.messageId() + " " + each.code().code())
        .containsExactly(waits + " X", waits + " Z");
    assertThat(journal.codes().holding(filter("U", null, null))).as("passed there").isEmpty();
    assertThat(journal.codes().passed(filter("U", null, null)))
        .extracting(CodeInMessage::messageId)
        .containsExactly(filed);
  }

  @Test
  void aMessageThatCouldNotBeCorrectedComesAfterTheOthers() throws Exception {
    long first = stored("A1", NOW);
    long second = stored("A2", NOW);
    conclude(first, MessageState.DELIVERED, "", passed("U", "Y", "PID-8"));
    conclude(second, MessageState.DELIVERED, "", passed("U", "Y", "PID-8"));
    Note note = new Note(NOW, "not-corrected", "It was changed at Cerner since.");
    journal
        .queue()
        .conclude(
            first,
            new Conclusion(
                MessageState.DELIVERED, Reason.NONE, NOW, Optional.empty(), List.of(note)))
        .get();

    assertThat(journal.codes().passed(ALL))
        .extracting(CodeInMessage::messageId)
        .containsExactly(second, first);
  }

  @Test
  void whatIsPrintedOfACodeHoldsNoValue() {
    assertThat(held("T", "ZZCODE", "OBX[1]-3.1").toString()).doesNotContain("ZZCODE");
    assertThat(new CodeSummary("T", "ZZCODE", "S@F", "", "ZZTEXT", 1, 1, 1, NOW, NOW).toString())
        .doesNotContain("ZZ");
  }
}
