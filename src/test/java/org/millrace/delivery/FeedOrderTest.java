package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Feed;
import org.millrace.journal.MessageState;
import org.millrace.journal.SampleMessages;

/** What is delivered in order, by what a feed says of its lanes. */
class FeedOrderTest {
  private DeliveryFixture engine;

  @BeforeEach
  void open(@TempDir Path folder) {
    engine = new DeliveryFixture(folder);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static V2Message ofVisit(String controlId, String visit) {
    return SampleMessages.read(
        "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|" + controlId + "|D|2.5.1",
        "PID|1||6931^^^MRN^MR||MARKLEY^JOE||19760429|M",
        "PV1|1|I" + "|".repeat(17) + visit,
        "OBR|1||" + controlId + "|11506-3^Note^LN",
        "OBX|1|TX|1^T||" + controlId + "||||||F");
  }

  @Test
  void aVisitThatIsTriedAgainHoldsUpItsOwnMessagesAndNotThoseOfAnotherVisit() {
    Feed byVisit = SampleMessages.feedWith("lane", "visit");
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(ofVisit("A1", "V1"), byVisit);
    engine.await("A1", MessageState.RETRYING);
    engine.accept(ofVisit("A2", "V1"), byVisit);
    engine.accept(ofVisit("B1", "V2"), byVisit);

    engine.await("B1", MessageState.DELIVERED);
    assertThat(engine.line("A2").state()).isEqualTo(MessageState.QUEUED);
    engine.clock.forward(Duration.ofSeconds(60));
    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("B1", "A1", "A2");
  }

  @Test
  void withoutLanesNobodyIsHeldUp() {
    Feed each = SampleMessages.feedWith("lane", "none");
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(SampleMessages.oru("A1", "one"), each);
    engine.await("A1", MessageState.RETRYING);
    engine.accept(SampleMessages.oru("A2", "two"), each);

    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.line("A1").state()).isEqualTo(MessageState.RETRYING);
  }

  @Test
  void aMessageKeepsTheLaneItWasGivenWhenItsFeedSaysOtherwise() {
    Feed byPatient = SampleMessages.feedWith("lane", "patient");
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(ofVisit("A1", "V1"), byPatient);
    engine.await("A1", MessageState.RETRYING);
    engine.accept(ofVisit("A2", "V2"), byPatient);
    engine.awaitLane("A2");
    engine.restart();
    engine.accept(ofVisit("B1", "V3"), SampleMessages.feedWith("lane", "visit"));

    engine.await("B1", MessageState.DELIVERED);
    assertThat(engine.line("A2").state()).isEqualTo(MessageState.QUEUED);
    engine.clock.forward(Duration.ofSeconds(60));
    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("B1", "A1", "A2");
  }
}
