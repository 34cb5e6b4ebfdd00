package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.cerner.FaultCode;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.journal.FiledAs;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageState;
import org.millrace.journal.NewRequest;
import org.millrace.journal.Note;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;

/** Documents of which a person says whether they are stored. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class SettleTest {
  @Parameter private TestJournals on;
  private DeliveryFixture engine;

  @BeforeEach
  void set(@TempDir Path folder) {
    engine = new DeliveryFixture(on.place(folder));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  /** A message whose create got no answer, and whose document cannot be looked for. */
  private void heldAfter(Create how) {
    engine.chart.next(how).hideDocuments();
    engine.start().accept(SampleMessages.oru("A1", "one"));
    assertThat(engine.await("A1", MessageState.HELD).reason().remedy())
        .contains("millrace messages settle " + engine.line("A1").id());
  }

  private NewRequest settle() {
    return NewRequest.of("settle", engine.line("A1").id(), "ana", "seen in the chart");
  }

  private String filed(String id) {
    return engine.ask(settle().with("filed", id));
  }

  @Test
  void aDocumentThatIsThereIsNotSentAgain() {
    heldAfter(Create.LOST_AFTER);

    assertThat(filed("D1")).isEqualTo("settled: OBR[1] is DocumentReference/D1; queued");

    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.count("create")).isEqualTo(1);
    assertThat(engine.journey("A1").ledger())
        .singleElement()
        .satisfies(row -> assertThat(row.state()).isEqualTo(LedgerState.DONE))
        .satisfies(row -> assertThat(row.resourceId()).isEqualTo("D1"))
        .satisfies(row -> assertThat(row.version()).isEqualTo("1"));
    assertThat(engine.journey("A1").notes())
        .filteredOn(note -> note.code().equals("settled"))
        .extracting(Note::sentence)
        .singleElement()
        .asString()
        .endsWith("by ana: seen in the chart");
    assertThat(filed("D1")).startsWith("refused: of each document");
  }

  @Test
  void aDocumentThatIsNotThereIsSentAgain() {
    heldAfter(Create.LOST_BEFORE);

    assertThat(engine.ask(settle())).isEqualTo("settled: OBR[1] is not stored; queued");

    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("one");
    assertThat(engine.chart.count("create")).isEqualTo(2);
  }

  @Test
  void whatIsNotOursIsNotBelieved() {
    engine.chart.patient("7", "P7", "Markley", "1976-04-29");
    heldAfter(Create.LOST_BEFORE);
    engine.accept(SampleMessages.oru("A2", "other"));
    engine.await("A2", MessageState.DELIVERED);
    String filedByOther = engine.journey("A2").ledger().get(0).resourceId();
    engine.chart.put(document("X1", "P7"));

    assertThat(filed("none")).isEqualTo("refused: Cerner has no DocumentReference/none");
    assertThat(filed("X1")).isEqualTo("refused: DocumentReference/X1 is another patient's");
    assertThat(filed(filedByOther))
        .isEqualTo(
            "refused: DocumentReference/"
                + filedByOther
                + " is OBR[1] of message "
                + engine.line("A2").id());
    assertThat(filed("../Patient")).startsWith("refused: what --filed names is no id");
    engine.chart.nextRead(ScriptedChart.fault(FaultCode.UNAVAILABLE, 503, true));
    assertThat(filed("X1")).startsWith("refused: Cerner cannot be asked for it now");
    assertThat(engine.line("A1").state()).isEqualTo(MessageState.HELD);
  }

  @Test
  void aDocumentWithoutOurMarkerNeedsAWordMore() {
    heldAfter(Create.LOST_BEFORE);
    engine.chart.put(document("X1", "P1"));

    assertThat(filed("X1"))
        .contains("does not carry mr-", "final, text/plain", "2026-01-01", "--even-so")
        .doesNotContain("A title");
    assertThat(engine.ask(settle().with("filed", "X1").with("even-so", "yes")))
        .isEqualTo("settled: OBR[1] is DocumentReference/X1; queued");
    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.count("create")).isEqualTo(1);
  }

  @Test
  void whereCernerShowsNothingThePersonsWordCounts() {
    heldAfter(Create.LOST_AFTER);
    engine.chart.nextRead(
        ScriptedChart.fault(FaultCode.NOT_PERMITTED, 403, true),
        ScriptedChart.fault(FaultCode.NOT_PERMITTED, 403, true));

    assertThat(filed("D1")).contains("does not let us read it", "--even-so");
    assertThat(engine.ask(settle().with("filed", "D1").with("even-so", "yes")))
        .startsWith("settled");
    engine.await("A1", MessageState.DELIVERED);
  }

  @Test
  void ofSeveralThatAreOpenEachIsNamed() {
    engine.accept(SampleMessages.oru("A1", "one", "two"));
    engine.chart.hideDocuments();
    Committed.await(engine.journal.ledger().save(List.of(open("OBR[1]"), open("OBR[2]"))));
    engine.start();
    engine.await("A1", MessageState.HELD);

    assertThat(engine.ask(settle()))
        .contains("several are open: OBR[1] (marker mr-1), OBR[2] (marker mr-2)", "--document");
    assertThat(engine.ask(settle().with("document", "OBR[2]")))
        .isEqualTo("settled: OBR[2] is not stored; still open: OBR[1]");
    assertThat(engine.line("A1").state()).isEqualTo(MessageState.HELD);
    assertThat(engine.ask(settle().with("document", "OBR[2]")))
        .isEqualTo("refused: open are OBR[1] (marker mr-1); name one with --document");
    assertThat(engine.ask(settle())).isEqualTo("settled: OBR[1] is not stored; queued");
    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("one", "two");
  }

  private LedgerRow open(String anchor) {
    String number = anchor.replaceAll("\\D", "");
    return LedgerRow.prepared(
            new LedgerRow.Asked(
                engine.line("A1").id(),
                anchor,
                EarlierReports.CREATE,
                "mr-" + number,
                "F" + number),
            "P1")
        .sent(
            LedgerRow.Target.chartOf("P1"),
            new LedgerRow.Content("d", FiledAs.FINAL),
            engine.clock.instant());
  }

  private static ObjectNode document(String id, String patient) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("id", id);
    document.put("docStatus", "final");
    document.putObject("subject").put("reference", "Patient/" + patient);
    document.putObject("meta").put("versionId", "4").put("lastUpdated", "2026-01-01T00:00:00Z");
    document
        .putArray("content")
        .addObject()
        .putObject("attachment")
        .put("title", "A title")
        .put("contentType", "text/plain;charset=utf-8");
    return document;
  }
}
