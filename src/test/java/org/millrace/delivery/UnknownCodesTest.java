package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.delivery.ScriptedChart.Update;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.UnmappedCode;

/** What becomes of codes that no table knows, and of their messages once a table knows them. */
class UnknownCodesTest {
  private DeliveryFixture engine;

  @BeforeEach
  void open(@TempDir Path folder) {
    engine = new DeliveryFixture(folder);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void filed(String... texts) {
    engine.start().accept(SampleMessages.oru("A1", texts));
    engine.await("A1", MessageState.DELIVERED);
  }

  private LedgerRow row() {
    return engine.journey("A1").ledger().get(0);
  }

  private ObjectNode document() {
    return engine.chart.documents().get(0);
  }

  private List<String> noteCodes() {
    return engine.journey("A1").notes().stream().map(Note::code).toList();
  }

  private void correct() {
    assertThat(engine.ask("correct", "A1")).isEqualTo("queued");
    engine.await("A1", MessageState.DELIVERED);
  }

  /** A note whose code is known by now is corrected, up to the first of these answers to wait. */
  private void correctUntil(Update... answers) {
    filed("pass Y");
    engine.texts.learn("Y");
    engine.chart.nextUpdate(answers);
    assertThat(engine.ask("correct", "A1")).isEqualTo("queued");
    engine.await("A1", MessageState.RETRYING);
  }

  private void aMinuteLater() {
    engine.clock.forward(Duration.ofSeconds(60));
    engine.await("A1", MessageState.DELIVERED);
  }

  @Test
  void theCodesOfAMessageAreKeptWithIt() {
    engine.start().accept(SampleMessages.oru("A1", "wait X", "pass Y"));
    engine.await("A1", MessageState.HELD);

    assertThat(engine.journey("A1").codes())
        .containsExactly(
            new UnmappedCode("T", "X", "a text", "OBR[1]-4.1", true),
            new UnmappedCode("T", "Y", "a text", "OBR[2]-4.1", false));
    assertThat(engine.line("A1").reason().code()).isEqualTo("unknown-code");
    assertThat(engine.told(1)).singleElement().asString().endsWith(" unknown-code");
  }

  @Test
  void aHeldMessageGoesAgainOnceItsCodesAreKnown() {
    engine.start().accept(SampleMessages.oru("A1", "wait X", "wait Z"));
    engine.await("A1", MessageState.HELD);
    engine.texts.learn("X");
    assertThat(engine.ask("retry-mended", "A1"))
        .startsWith("refused")
        .contains("restart")
        .doesNotContain("Z");
    assertThat(engine.line("A1").state()).isEqualTo(MessageState.HELD);

    engine.texts.learn("Z");
    assertThat(engine.ask("retry-mended", "A1")).isEqualTo("queued");
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.journey("A1").codes()).isEmpty();
    assertThat(engine.chart.texts()).containsExactly("wait X", "wait Z");
  }

  @Test
  void aNoteFiledWithAnAssumedTypeIsCorrectedOnRequest() {
    filed("pass Y");
    String version = row().version();
    engine.texts.learn("Y");

    correct();

    assertThat(document().at("/type/coding/0/code").asText()).isEqualTo("right");
    assertThat(document().path("docStatus").asText()).isEqualTo("amended");
    assertThat(document().path("subject").path("reference").asText()).isEqualTo("Patient/P1");
    JsonNode attachment = document().at("/content/0/attachment");
    assertThat(attachment.path("title").asText()).isEqualTo("Note [" + row().marker() + "]");
    assertThat(attachment.path("contentType").asText()).isEqualTo("text/html;charset=utf-8");
    assertThat(text(attachment)).contains("<pre>pass Y</pre>");
    assertThat(row().state()).isEqualTo(LedgerState.DONE);
    assertThat(row().version()).isEqualTo("2").isNotEqualTo(version);
    assertThat(engine.journey("A1").codes()).isEmpty();
    assertThat(noteCodes()).containsSubsequence("correct", "corrected");
    assertThat(engine.chart.documents()).hasSize(1);
  }

  private static String text(JsonNode attachment) {
    return new String(
        Base64.getDecoder().decode(attachment.path("data").asText()), StandardCharsets.UTF_8);
  }

  @Test
  void aNoteThatWouldBeTheSameIsNotSent() {
    filed("pass Y", "plain");
    engine.texts.learn("Y");
    correct();
    assertThat(engine.chart.count("update")).as("the one that differs").isEqualTo(1);
    assertThat(noteCodes()).contains("corrected", "same-as-filed");

    assertThat(engine.ask("correct", "A1")).as("no code is left").startsWith("refused");
    assertThat(engine.chart.count("update")).isEqualTo(1);
  }

  @Test
  void anEngineThatKnowsNoneOfTheCodesCorrectsNothing() {
    filed("pass Y");

    assertThat(engine.ask("correct", "A1")).startsWith("refused").contains("restart");
    assertThat(engine.chart.count("read")).isZero();
  }

  @Test
  void onlyWhatIsDeliveredCanBeCorrected() {
    engine.start().accept(SampleMessages.oru("A1", "wait X"));
    engine.await("A1", MessageState.HELD);
    engine.texts.learn("X");

    assertThat(engine.ask("correct", "A1")).startsWith("refused").contains("HELD");
  }

  @Test
  void anUpdateWhoseAnswerWasLostIsSettledByItsVersion() {
    correctUntil(Update.LOST_AFTER);
    assertThat(row().state()).isEqualTo(LedgerState.CORRECTING);

    aMinuteLater();

    assertThat(engine.chart.count("update")).isEqualTo(1);
    assertThat(row().state()).isEqualTo(LedgerState.DONE);
    assertThat(row().version()).isEqualTo("2");
    assertThat(noteCodes()).contains("answer-lost", "settled");
  }

  @Test
  void anUpdateThatWasLostOnTheWayIsSentAgain() {
    correctUntil(Update.LOST_BEFORE);

    aMinuteLater();

    assertThat(engine.chart.count("update")).isEqualTo(2);
    assertThat(document().at("/type/coding/0/code").asText()).isEqualTo("right");
  }

  @Test
  void aFaultAfterALostAnswerDoesNotForgetIt() {
    filed("pass Y");
    engine.texts.learn("Y");
    engine.chart.nextUpdate(Update.LOST_BEFORE, Update.UNAVAILABLE, Update.LOST_AFTER);
    assertThat(engine.ask("correct", "A1")).isEqualTo("queued");
    for (int i = 0; i < 3; i++) {
      int updates = i + 1;
      Awaitility.await().until(() -> engine.chart.count("update") == updates);
      engine.await("A1", MessageState.RETRYING);
      assertThat(row().state()).isEqualTo(LedgerState.CORRECTING);
      engine.clock.forward(Duration.ofSeconds(60));
    }
    engine.await("A1", MessageState.DELIVERED);

    assertThat(noteCodes()).contains("settled");
    assertThat(row().version()).isEqualTo("2");
  }

  @Test
  void aCorrectionUnderWayIsTakenUpAfterARestart() {
    correctUntil(Update.LOST_AFTER);

    engine.clock.forward(Duration.ofSeconds(60));
    engine.restart();
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.count("update")).isEqualTo(1);
    assertThat(row().version()).isEqualTo("2");
  }

  @Test
  void aVersionThatMovedIsReadAgainAndTheNoteCorrected() {
    filed("pass Y");
    engine.texts.learn("Y");
    engine.chart.nextUpdate(Update.OVERTAKEN);

    correct();

    assertThat(engine.chart.count("update")).isEqualTo(2);
    assertThat(row().version()).isEqualTo("3");
    assertThat(document().at("/type/coding/0/code").asText()).isEqualTo("right");
  }

  @Test
  void whatSomebodyElseChangedIsLeftAlone() {
    filed("pass Y");
    engine.chart.change("D1", document -> document.put("docStatus", "entered-in-error"));
    engine.texts.learn("Y");

    correct();

    assertThat(engine.chart.count("update")).isZero();
    assertThat(document().path("docStatus").asText()).isEqualTo("entered-in-error");
    assertThat(noteCodes()).contains("not-corrected");
    assertThat(row().state()).isEqualTo(LedgerState.DONE);
    assertThat(engine.journey("A1").codes()).as("still as it was filed").hasSize(1);
  }

  @Test
  void anUpdateThatCernerRefusesLeavesTheNoteAsItWas() {
    correctUntil(Update.UNAVAILABLE, Update.REFUSED);
    assertThat(row().state()).isEqualTo(LedgerState.TO_CORRECT);
    aMinuteLater();

    assertThat(row().state()).isEqualTo(LedgerState.DONE);
    assertThat(row().lastError()).contains("422");
    assertThat(row().cernerText()).isEqualTo("Cerner's words");
    assertThat(engine.journey("A1").notes())
        .noneMatch(note -> note.sentence().contains("Cerner's words"));
    assertThat(document().at("/type/coding/0/code").asText()).isEqualTo("assumed");
  }

  @Test
  void aRetryOfWhatIsBeingCorrectedCreatesNothing() {
    correctUntil(Update.LOST_AFTER);

    assertThat(engine.ask("retry", "A1")).isEqualTo("queued");
    engine.await("A1", MessageState.DELIVERED);

    Awaitility.await().until(() -> row().state() == LedgerState.DONE);
    assertThat(engine.chart.count("create")).isEqualTo(1);
    assertThat(engine.chart.documents()).hasSize(1);
  }

  @Test
  void whatALaterMessageCorrectedIsLeftToIt() {
    filed("pass Y");
    engine.accept(SampleMessages.oru("A2", "filter"));
    engine.await("A2", MessageState.FILTERED);
    LedgerRow.Asked later =
        new LedgerRow.Asked(engine.line("A2").id(), "OBR[1]", "replace-document", "mr-2", "F1");
    Committed.await(
        engine.journal.ledger().save(List.of(LedgerRow.prepared(later, "P1").done("D1", "1"))));
    engine.texts.learn("Y");

    correct();

    assertThat(engine.chart.count("update")).isZero();
    assertThat(noteCodes()).contains("not-corrected");
  }
}
