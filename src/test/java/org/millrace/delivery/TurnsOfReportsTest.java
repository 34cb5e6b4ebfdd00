package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;

/** Of the messages of one report the earlier one goes first, and what waits behind a held one. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class TurnsOfReportsTest {
  private static final Feed EACH = SampleMessages.feedWith("lane", "none");
  private static final Feed BLOCKING = SampleMessages.feedWith("held", "block");
  private static final Feed PASSING = SampleMessages.feedWith("held", "pass");

  @Parameter private TestJournals on;
  private JournalPlace place;
  private DeliveryFixture engine;

  @BeforeEach
  void open(@TempDir Path folder) {
    place = on.place(folder);
    engine = new DeliveryFixture(place);
    engine.chart.patient("7000", "P2", "Markley", "1976-04-29");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static V2Message oru(String controlId, String patient, String filler, String text) {
    return SampleMessages.read(
        "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|" + controlId + "|D|2.5.1",
        "PID|1||" + patient + "^^^MRN^MR||MARKLEY^JOE||19760429|M",
        "OBR|1||" + filler + "|11506-3^Note^LN",
        "OBX|1|TX|1^T||" + text + "||||||F");
  }

  private void send(String controlId, String patient, String filler, Feed feed) {
    engine.accept(oru(controlId, patient, filler, controlId), feed);
  }

  /** Held for a fault of its content. */
  private void held(String controlId, String patient, String filler, Feed feed) {
    engine.accept(oru(controlId, patient, filler, "hold"), feed);
    engine.await(controlId, MessageState.HELD);
  }

  private void mustWait(String controlId, String reason) {
    engine.awaitReason(controlId, reason);
    assertThat(engine.line(controlId).state()).isEqualTo(MessageState.QUEUED);
    assertThat(engine.line(controlId).attempts()).isZero();
  }

  @Test
  void behindAHeldMessageItsReportWaitsAndItsLaneGoesOn() {
    engine.start();
    held("A1", "6931", "F1", SampleMessages.FEED);
    send("A2", "6931", "F1", SampleMessages.FEED);
    send("B1", "6931", "F2", SampleMessages.FEED);

    engine.await("B1", MessageState.DELIVERED);
    mustWait("A2", "behind-held");
    assertThat(engine.line("A2").reason().sentence())
        .isEqualTo("Waits behind message 1 of the same report, which is HELD.");
    assertThat(engine.line("A2").reason().remedy()).contains("message 1");
    assertThat(engine.journey("A2").notes()).extracting(Note::code).containsExactly("behind-held");
    assertThat(engine.chart.texts()).containsExactly("B1");
  }

  @Test
  void itGoesOnOnceTheHeldOneIsDiscarded() {
    engine.start();
    held("A1", "6931", "F1", SampleMessages.FEED);
    send("A2", "6931", "F1", SampleMessages.FEED);
    send("A3", "7000", "F1", SampleMessages.FEED);
    mustWait("A2", "behind-held");
    mustWait("A3", "behind-held");
    assertThat(engine.line("A3").reason().sentence()).contains("message 1 ");

    assertThat(engine.ask("discard", "A1")).doesNotStartWith("refused");

    engine.await("A2", MessageState.DELIVERED);
    engine.await("A3", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("A2", "A3");
  }

  @Test
  void itGoesOnOnceTheHeldOneWasRetriedAndDelivered() {
    engine.start();
    engine.accept(oru("A1", "8000", "F1", "A1"));
    engine.await("A1", MessageState.HELD);
    send("A2", "6931", "F1", SampleMessages.FEED);
    mustWait("A2", "behind-held");
    engine.chart.patient("8000", "P3", "Markley", "1976-04-29");

    engine.ask("retry", "A1");

    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("A1", "A2");
  }

  @Test
  void aRefusedMessageHoldsNobodyUp() {
    engine.chart.next(Create.REFUSED);
    engine.start();
    send("A1", "6931", "F1", SampleMessages.FEED);
    engine.await("A1", MessageState.REFUSED);
    send("A2", "6931", "F1", SampleMessages.FEED);

    engine.await("A2", MessageState.DELIVERED);
  }

  @Test
  void whatIsTriedAgainIsNotOvertakenByItsReportInAnotherLane() {
    engine.chart.next(Create.UNAVAILABLE);
    engine.start();
    send("A1", "6931", "F1", SampleMessages.FEED);
    engine.await("A1", MessageState.RETRYING);
    send("A2", "7000", "F1", SampleMessages.FEED);
    send("B1", "7000", "F2", SampleMessages.FEED);
    mustWait("A2", "behind-earlier");
    assertThat(engine.line("B1").state())
        .as("the lane of the one that waits keeps its order")
        .isEqualTo(MessageState.QUEUED);

    engine.clock.forward(Duration.ofSeconds(60));

    engine.await("B1", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("A1", "A2", "B1");
  }

  @Test
  void aLaneGoesOnWhenWhatItsHeadWaitsForIsHeldInTheEnd() {
    engine.chart.next(Create.UNAVAILABLE);
    Feed brief = SampleMessages.feedWith("retry-for", "1m");
    engine.start();
    send("A1", "6931", "F1", brief);
    engine.await("A1", MessageState.RETRYING);
    send("A2", "7000", "F1", brief);
    mustWait("A2", "behind-earlier");
    send("B1", "7000", "F2", brief);

    engine.chart.next(Create.UNAVAILABLE);
    engine.clock.forward(Duration.ofSeconds(61));

    engine.await("A1", MessageState.HELD);
    engine.await("B1", MessageState.DELIVERED);
    mustWait("A2", "behind-held");
  }

  @Test
  void ofManyMessagesOfOneReportInManyLanesEachComesInItsTurn() {
    engine.start();
    for (int i = 0; i < 60; i++) {
      send("A" + i, i % 2 == 0 ? "6931" : "7000", "F1", EACH);
    }
    engine.await("A59", MessageState.DELIVERED);

    assertThat(engine.chart.texts())
        .containsExactlyElementsOf(IntStream.range(0, 60).mapToObj(i -> "A" + i).toList());
  }

  @Test
  void whatWaitsIsFoundWaitingAfterARestart() {
    engine.start();
    held("A1", "6931", "F1", SampleMessages.FEED);
    send("A2", "7000", "F1", SampleMessages.FEED);
    mustWait("A2", "behind-held");

    engine.restart();
    send("B1", "7000", "F2", SampleMessages.FEED);
    engine.await("B1", MessageState.DELIVERED);
    mustWait("A2", "behind-held");

    engine.ask("discard", "A1");
    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.journey("A2").notes()).extracting(Note::code).containsOnlyOnce("behind-held");
  }

  @Test
  void aMessageThatWasHeldBeforeNumbersWereKeptIsWaitedForToo() {
    engine.start();
    held("A1", "6931", "F1", SampleMessages.FEED);
    // As a journal of the version before has it.
    Jdbi.create(() -> TestJournals.connect(place))
        .useHandle(
            handle -> {
              handle.execute("DELETE FROM business_key");
              handle.execute("UPDATE message SET keyed = 0");
            });
    engine.restart();
    send("A2", "7000", "F1", SampleMessages.FEED);

    mustWait("A2", "behind-held");
  }

  @Test
  void whereAFeedSaysBlockTheWholeLaneWaits() {
    engine.start();
    held("A1", "6931", "F1", BLOCKING);
    send("B1", "6931", "F2", BLOCKING);
    send("B2", "6931", "F3", BLOCKING);
    send("C1", "7000", "F4", BLOCKING);

    engine.await("C1", MessageState.DELIVERED);
    mustWait("B1", "behind-held");
    assertThat(engine.line("B1").reason().sentence())
        .isEqualTo("Waits behind message 1 of its lane, which is HELD.");
    assertThat(engine.line("B2").state()).isEqualTo(MessageState.QUEUED);

    engine.ask("discard", "A1");
    engine.await("B2", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("C1", "B1", "B2");
  }

  @Test
  void aBlockedLaneWaitsBehindARefusedMessageToo() {
    engine.chart.next(Create.REFUSED);
    engine.start();
    send("A1", "6931", "F1", BLOCKING);
    engine.await("A1", MessageState.REFUSED);
    send("B1", "6931", "F2", BLOCKING);
    mustWait("B1", "behind-held");

    engine.ask("retry", "A1");
    engine.await("B1", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("A1", "B1");
  }

  @Test
  void whereAFeedSaysPassNobodyWaits() {
    engine.start();
    held("A1", "6931", "F1", PASSING);
    send("A2", "6931", "F1", PASSING);

    engine.await("A2", MessageState.DELIVERED);
  }

  @Test
  void theNumberOfAnotherSenderOrNoNumberIsNoReport() {
    engine.start();
    held("A1", "6931", "F1", SampleMessages.FEED);
    V2Message other =
        SampleMessages.read(
            "MSH|^~\\&|RIS|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|R1|D|2.5.1",
            "PID|1||6931^^^MRN^MR||MARKLEY^JOE||19760429|M",
            "OBR|1||F1|11506-3^Note^LN",
            "OBX|1|TX|1^T||R1||||||F");
    engine.accept(other);
    engine.await("R1", MessageState.DELIVERED);
    held("B1", "6931", "", SampleMessages.FEED);
    send("B2", "6931", "", SampleMessages.FEED);
    engine.await("B2", MessageState.DELIVERED);
  }

  @Test
  void aRequestEndsOneThatWaits() {
    engine.start();
    held("A1", "6931", "F1", SampleMessages.FEED);
    send("A2", "7000", "F1", SampleMessages.FEED);
    mustWait("A2", "behind-held");

    assertThat(engine.ask("discard", "A2")).doesNotStartWith("refused");
    engine.ask("discard", "A1");
    send("A3", "7000", "F1", SampleMessages.FEED);

    engine.await("A3", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("A3");
    assertThat(List.of(engine.line("A1").state(), engine.line("A2").state()))
        .containsOnly(MessageState.DISCARDED);
  }
}
