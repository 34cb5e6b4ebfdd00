package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.journal.MessageState;
import org.millrace.journal.NewRequest;
import org.millrace.journal.Note;
import org.millrace.journal.OperatorRequest;
import org.millrace.journal.OperatorStore;
import org.millrace.journal.Reason;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;

/** Messages of which a person decided that they are not to be filed. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class DiscardTest {
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

  private NewRequest discard(String controlId) {
    return NewRequest.of("discard", engine.line(controlId).id(), "ana", "of a test patient");
  }

  @Test
  void aHeldMessageIsDiscardedForGoodWithWhoAndWhy() {
    engine.start().accept(SampleMessages.oru("A1", "hold"));
    engine.await("A1", MessageState.HELD);

    assertThat(engine.ask(discard("A1"))).isEqualTo("discarded");

    assertThat(engine.line("A1").state()).isEqualTo(MessageState.DISCARDED);
    assertThat(engine.line("A1").reason().code()).isEqualTo("discarded");
    assertThat(engine.line("A1").reason().toString()).doesNotContain("test patient");
    assertThat(engine.journey("A1").notes())
        .extracting(Note::sentence)
        .contains("discarded by ana: of a test patient");
    assertThat(engine.ask("retry", "A1")).isEqualTo("refused: the message is DISCARDED");
    assertThat(engine.ask(discard("A1"))).startsWith("refused: the message is DISCARDED");
    engine.restart();
    engine.accept(SampleMessages.oru("A2", "two"));
    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("two");
  }

  @Test
  void theLaneOfAWaitingHeadGoesOnAtOnce() {
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(SampleMessages.oru("A1", "first"));
    engine.await("A1", MessageState.RETRYING);
    engine.accept(SampleMessages.oru("A2", "second"));
    engine.accept(SampleMessages.oru("A3", "third"));

    assertThat(engine.ask(discard("A2"))).as("it is QUEUED").isEqualTo("discarded");
    assertThat(engine.ask(discard("A1"))).isEqualTo("discarded");

    engine.await("A3", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("third");
  }

  @Test
  void whatIsBeingDeliveredJustNowIsNotDiscarded() throws Exception {
    engine.chart.next(Create.HANGS_AFTER);
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.chart.hanging.await();

    assertThat(engine.ask(discard("A1"))).startsWith("refused: it is being delivered just now");
    assertThat(engine.line("A1").state()).isEqualTo(MessageState.SENDING);
  }

  @Test
  void anOutcomeThatIsNotKnownMustBeSettledFirst() {
    engine.chart.next(Create.LOST_AFTER).hideDocuments();
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.HELD);

    assertThat(engine.ask(discard("A1")))
        .startsWith("refused: ")
        .contains(
            "OBR[1]",
            "messages retry " + engine.line("A1").id(),
            "messages settle " + engine.line("A1").id());
    assertThat(engine.line("A1").state()).isEqualTo(MessageState.HELD);
  }

  @Test
  void whatWasFiledBeforeStaysAndIsNamed() {
    engine.chart.next(Create.WORKS, Create.REFUSED);
    engine.start().accept(SampleMessages.oru("A1", "one", "two"));
    engine.await("A1", MessageState.REFUSED);

    assertThat(engine.ask(discard("A1")))
        .isEqualTo("discarded; at Cerner stays OBR[1] as DocumentReference/D1");
  }

  @Test
  void nothingIsDiscardedWithoutAReason() {
    engine.start().accept(SampleMessages.oru("A1", "hold"));
    long id = engine.await("A1", MessageState.HELD).id();

    assertThat(engine.ask(NewRequest.of("discard", id, "ana", " "))).contains("say why (--why)");
    assertThat(engine.line("A1").state()).isEqualTo(MessageState.HELD);
  }

  @Test
  void aRequestIsCarriedOutOnceThoughItsEngineDiesRightBehind() {
    engine.accept(SampleMessages.oru("A1", "one"));
    long request = Committed.await(engine.journal.requests().ask(discard("A1")));
    OperatorRequest asked = engine.journal.requests().find(request).orElseThrow();
    Note note = new Note(engine.clock.instant(), "discarded", "a note");
    Reason reason = Reason.of("discarded", "Not to be filed.");

    OperatorStore operators = engine.journal.operators();
    assertThat(Committed.await(operators.discard(asked, reason, note, "discarded"))).isTrue();
    assertThat(Committed.await(operators.discard(asked, reason, note, "discarded")))
        .as("the same once more, as after a commit that was told as failed")
        .isFalse();

    assertThat(engine.journey("A1").notes()).extracting(Note::code).containsExactly("discarded");
    assertThat(engine.journal.requests().open()).isEmpty();
  }
}
