package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Digests;
import org.millrace.journal.MessageOrigin;
import org.millrace.journal.MessageState;
import org.millrace.journal.QueuedMessage;
import org.millrace.journal.SampleMessages;

class DocumentMarkerTest {
  private static final Instant AT = Instant.parse("2026-11-20T16:15:00Z");

  private final QueuedMessage first = queued(1, AT, "hash", Optional.empty());

  private static QueuedMessage queued(
      long id, Instant at, String hash, Optional<MessageOrigin> resends, String... texts) {
    V2Message message = SampleMessages.oru("A1", texts.length == 0 ? new String[] {"one"} : texts);
    return new QueuedMessage(
        id,
        SampleMessages.FEED,
        "LAB@NORTH",
        "",
        "A1",
        "ORU^R01",
        at,
        MessageState.QUEUED,
        0,
        Optional.empty(),
        hash,
        message.bytes(),
        resends);
  }

  private static DocumentMarker of(QueuedMessage message) {
    return of(message, "OBR[1]");
  }

  private static DocumentMarker of(QueuedMessage message, String anchor) {
    return DocumentMarker.of(message, Digests.ofContent(message.raw()), anchor);
  }

  private static ObjectNode titled(String title) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.putArray("content").addObject().putObject("attachment").put("title", title);
    return document;
  }

  private static ObjectNode markedBy(DocumentMarker marker) {
    return marker.addedTo(titled("Note"));
  }

  /** Documents are in the charts that carry it, and messages in journals whose row has none yet. */
  @Test
  void theFirstPartIsTheWholeMarkerOfEarlierVersions() {
    assertThat(of(first).text()).startsWith("mr-6ly35b441v4n-");
    assertThat(of(first).isIn(titled("Note [mr-6ly35b441v4n]"))).isTrue();
    assertThat(new DocumentMarker("mr-6ly35b441v4n").isIn(markedBy(of(first)))).isTrue();
  }

  @Test
  void whatIsStoredTwiceHasMarkersOfItsOwnThatTellTheSameContent() {
    // Another journal, that of the restore, may have another key.
    DocumentMarker second = of(queued(9, AT.plus(Duration.ofDays(8)), "keyed", Optional.empty()));

    assertThat(second.isIn(markedBy(of(first)))).isFalse();
    assertThat(of(first).isIn(markedBy(second))).isFalse();
    assertThat(second.isOfSameContent(of(first))).isTrue();
  }

  @Test
  void otherContentAnotherPlaceAndAResendTellNoSameContent() {
    DocumentMarker edited = of(queued(2, AT, "other", Optional.empty(), "two"));
    DocumentMarker elsewhere = of(first, "OBR[2]");
    MessageOrigin origin = new MessageOrigin(3, 1, MessageOrigin.How.RESENT, List.of());
    DocumentMarker resent = of(queued(3, AT, "hash", Optional.of(origin)));

    assertThat(List.of(edited, elsewhere, resent))
        .allSatisfy(other -> assertThat(other.isIn(markedBy(of(first)))).isFalse())
        .noneMatch(of(first)::isOfSameContent);
    assertThat(resent.isOfSameContent(resent)).isFalse();
  }

  @Test
  void anUpdateKeepsTheMarkerOfTheCreatorInFront() {
    DocumentMarker second = of(queued(2, AT, "other", Optional.empty(), "two"));

    ObjectNode updated = second.addedTo(titled("Note"), Optional.of(of(first)));

    assertThat(DocumentMarker.firstIn(updated)).contains(of(first));
    assertThat(DocumentMarker.lastIn(updated)).contains(second);
    assertThat(DocumentMarker.unmarked(updated.at("/content/0/attachment/title").asText()))
        .isEqualTo("Note");
  }

  @Test
  void aMarkedTitleKeepsToCernersLimit() {
    for (DocumentMarker marker : List.of(new DocumentMarker("mr-abc"), of(first))) {
      for (String title : new String[] {"", "Note", "x".repeat(255), "😀".repeat(200)}) {
        String marked = marker.addedTo(titled(title)).at("/content/0/attachment/title").asText();
        assertThat(marked).hasSizeLessThanOrEqualTo(255).endsWith("[" + marker.text() + "]");
        assertThat(marked.codePoints()).allMatch(point -> point < 0xD800 || point > 0xDFFF);
        assertThat(marker.isIn(titled(marked))).isTrue();
      }
    }
    assertThat(new DocumentMarker("mr-abc").isIn(titled("Note [mr-abcd]"))).isFalse();
  }
}
