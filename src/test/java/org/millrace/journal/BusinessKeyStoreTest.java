package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.hl7.V2Message;
import org.millrace.journal.BusinessKey.Kind;

/** Messages are found by their numbers, exactly and by an index. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class BusinessKeyStoreTest {
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

  private long stored(String controlId, V2Message message) throws Exception {
    long id =
        journal
            .intake()
            .store(
                new NewMessage(
                    message.header(),
                    SampleMessages.FEED,
                    "127.0.0.1:40112",
                    CLOCK.instant(),
                    message.bytes(),
                    Digests.of(controlId),
                    new byte[0]))
            .get()
            .id();
    journal.businessKeys().lookedInto(id, "lane", BusinessKeys.of(message)).get();
    return id;
  }

  private List<Long> found(Kind kind, String value) {
    return journal.listing().list(MessageFilter.any().with(new BusinessKey(kind, value))).stream()
        .map(MessageSummary::id)
        .toList();
  }

  @Test
  void aMessageIsFoundByEachOfItsNumbersAndByNothingLikeThem() throws Exception {
    long one = stored("A1", SampleMessages.oruOf("0069^^^MRN^MR~77", "A1", "text"));
    long two = stored("A2", SampleMessages.oruOf("69^^^MRN^MR~77", "A2", "text"));

    assertThat(found(Kind.PATIENT, "0069")).containsExactly(one);
    assertThat(found(Kind.PATIENT, "77")).containsExactly(two, one);
    assertThat(found(Kind.PATIENT, "006")).isEmpty();
    assertThat(found(Kind.FILLER, "A1-1")).containsExactly(one);
    assertThat(found(Kind.ORDER, "A1-1")).isEmpty();
    MessageFilter both =
        MessageFilter.any()
            .with(new BusinessKey(Kind.PATIENT, "77"))
            .with(new BusinessKey(Kind.PATIENT, "69"));
    assertThat(journal.listing().inOrder(both)).extracting(MessageSummary::id).containsExactly(two);
    assertThat(journal.listing().count(both)).isEqualTo(1);
  }

  @Test
  void aQuestionIsFoundByThePatientWhoWasAskedFor() throws Exception {
    V2Message query =
        SampleMessages.read(
            "MSH|^~\\&|LAB|NORTH|M|H|20261120101500||QRY^A19|Q1|D|2.5.1",
            "QRD|20261120|R|I|Q1|||1^RD|6931|DEM");
    journal.recordQuestion(
        new Question(
            query.header(),
            "queries",
            "",
            CLOCK.instant(),
            query.bytes(),
            new byte[0],
            MessageState.DELIVERED,
            Reason.NONE));
    // A write that is waited for: the question rides along with it.
    stored("A1", SampleMessages.oru("A1", "text"));

    assertThat(
            journal.listing().list(MessageFilter.any().with(new BusinessKey(Kind.PATIENT, "6931"))))
        .extracting(MessageSummary::question)
        .containsExactlyInAnyOrder(true, false);
  }

  @Test
  void aNumberOfAnyLengthIsTaken() throws Exception {
    String number = "9".repeat(20_000);
    long id = stored("A1", SampleMessages.oruOf(number, "A1", "text"));

    assertThat(found(Kind.PATIENT, number)).containsExactly(id);
  }

  @Test
  void theFirstLookStaysWhoeverElseLooks() throws Exception {
    long id = stored("A1", SampleMessages.oru("A1", "text"));

    String lane = journal.businessKeys().lookedInto(id, "another", Set.of()).get();

    assertThat(lane).isEqualTo("lane");
    assertThat(found(Kind.PATIENT, "6931")).containsExactly(id);
  }

  @Test
  void theSearchGoesByTheIndex() throws Exception {
    for (int i = 0; i < 50; i++) {
      stored("A" + i, SampleMessages.oruOf("69" + i, "A" + i, "text"));
    }
    List<String> plan =
        Plans.of(
            on,
            place,
            "SELECT id FROM message WHERE 1 = 1"
                + " AND id IN (SELECT message_id FROM business_key WHERE kind = 'patient'"
                + " AND key = 'x') ORDER BY id DESC LIMIT 100");

    assertThat(String.join("\n", plan).toLowerCase(Locale.ROOT))
        .contains(on == TestJournals.SQLITE ? "search business_key" : "business_key_pkey")
        .doesNotContain("scan message")
        .doesNotContain("seq scan");
  }
}
