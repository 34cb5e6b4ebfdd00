package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageState;
import org.millrace.journal.NewRequest;
import org.millrace.journal.Note;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;

/** Documents that Cerner has lost, filed again. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class ResendTest {
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

  private NewRequest resend(long message) {
    return NewRequest.of("resend", message, "ana", "the chart was restored");
  }

  private long delivered(String... texts) {
    engine.start().accept(SampleMessages.oru("A1", texts));
    return engine.await("A1", MessageState.DELIVERED).id();
  }

  private List<LedgerRow> ledger(long message) {
    return engine.journal.listing().show(message).orElseThrow().ledger();
  }

  private long made(String outcome) {
    assertThat(outcome).startsWith("queued as message ");
    return Long.parseLong(outcome.substring("queued as message ".length()));
  }

  @Test
  void whatIsLostIsFiledAgainWithAMarkerAndARowOfItsOwn() {
    long id = delivered("one");
    engine.chart.lose("D1");

    long again = made(engine.ask(resend(id)));

    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.line("A1").id()).isEqualTo(again);
    assertThat(engine.line("A1").peer())
        .as("its lane may be the connection's")
        .isEqualTo(engine.journal.listing().show(id).orElseThrow().summary().peer())
        .isNotEmpty();
    assertThat(engine.chart.texts()).containsExactly("one");
    assertThat(ledger(id)).extracting(LedgerRow::state).containsExactly(LedgerState.RESENT);
    assertThat(ledger(again))
        .singleElement()
        .satisfies(row -> assertThat(row.state()).isEqualTo(LedgerState.DONE))
        .satisfies(row -> assertThat(row.resourceId()).isEqualTo("D2"))
        .satisfies(row -> assertThat(row.marker()).isNotEqualTo(ledger(id).get(0).marker()));
    assertThat(engine.journal.listing().show(again).orElseThrow().notes())
        .extracting(Note::sentence)
        .contains("files again what message " + id + " filed by ana: the chart was restored");
    assertThat(engine.ask(resend(id))).startsWith("refused: it was filed again before");
  }

  @Test
  void whatIsThereIsNotFiledAgainUnlessItIsInsistedOn() {
    long id = delivered("one");

    assertThat(engine.ask(resend(id)))
        .startsWith("refused: it is there: DocumentReference/D1")
        .contains("--even-if-there");
    assertThat(engine.chart.count("create")).isEqualTo(1);

    made(engine.ask(resend(id).with("even-if-there", "yes")));
    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("one", "one");
    assertThat(ledger(id)).extracting(LedgerRow::state).containsExactly(LedgerState.DONE);
  }

  @Test
  void ofSeveralDocumentsOnlyTheLostOneIsFiledAgain() {
    long id = delivered("one", "two", "three");
    engine.chart.lose("D2");
    assertThat(engine.ask(resend(id).with("document", "OBR[3]"))).contains("DocumentReference/D3");
    assertThat(engine.ask(resend(id).with("document", "OBR[9]")))
        .isEqualTo("refused: the message has filed no document OBR[9]");

    long again = made(engine.ask(resend(id)));

    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("one", "three", "two");
    assertThat(ledger(again)).extracting(LedgerRow::anchor).containsExactly("OBR[2]");
  }

  @Test
  void nothingIsFiledWhereCernerDoesNotTell() {
    long id = delivered("one");
    engine.chart.nextRead(ScriptedChart.fault(FaultCode.UNAVAILABLE, 503, true));

    assertThat(engine.ask(resend(id))).startsWith("refused: Cerner does not tell");
    engine.accept(SampleMessages.oru("A2", "hold"));
    long held = engine.await("A2", MessageState.HELD).id();
    assertThat(engine.ask(resend(held))).startsWith("refused: the message is HELD");
  }

  @Test
  void aCrashBetweenSendingAndAnswerFilesItOnce() throws Exception {
    long id = delivered("one");
    engine.chart.lose("D1");
    engine.chart.next(ScriptedChart.Create.HANGS_AFTER);
    made(engine.ask(resend(id)));
    engine.chart.hanging.await();

    engine.restart();

    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("one");
    assertThat(engine.chart.count("create")).isEqualTo(2);
  }
}
