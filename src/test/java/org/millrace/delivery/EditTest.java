package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.hl7.V2Message;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageLinks;
import org.millrace.journal.MessageOrigin;
import org.millrace.journal.MessageState;
import org.millrace.journal.NewRequest;
import org.millrace.journal.Note;
import org.millrace.journal.ReplyState;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;

/** Messages that a person has edited because they could not be filed as they were. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class EditTest {
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

  private NewRequest edit(String controlId, V2Message edited) {
    return NewRequest.of("edit", engine.line(controlId).id(), "ana", "wrong number")
        .carrying(edited.bytes());
  }

  @Test
  void theEditedMessageIsFiledInThePlaceOfTheOriginalWhichStaysOnRecord() {
    engine.start().accept(SampleMessages.oruOf("404^^^MRN^MR", "A1", "one"));
    long original = engine.await("A1", MessageState.HELD).id();

    String outcome = engine.ask(edit("A1", SampleMessages.oru("A1", "one")));

    assertThat(outcome).startsWith("queued as message ");
    long made = Long.parseLong(outcome.substring("queued as message ".length()));
    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.line("A1").id()).as("the newest of this control id").isEqualTo(made);
    assertThat(engine.line("A1").replyState()).isEqualTo(ReplyState.NONE);
    assertThat(engine.line("A1").peer())
        .as("its lane may be the connection's")
        .isEqualTo(engine.journal.listing().show(original).orElseThrow().summary().peer())
        .isNotEmpty();
    assertThat(engine.chart.texts()).containsExactly("one");
    var before = engine.journal.listing().show(original).orElseThrow();
    assertThat(before.summary().state()).isEqualTo(MessageState.DISCARDED);
    assertThat(before.summary().reason().code()).isEqualTo("edited");
    assertThat(before.summary().reason().sentence())
        .isEqualTo("It was edited as message " + made + ".");
    assertThat(new String(before.raw(), StandardCharsets.UTF_8)).contains("404^^^MRN");
    assertThat(before.links().madeInto())
        .extracting(MessageOrigin::messageId)
        .containsExactly(made);
    MessageLinks links = engine.journal.listing().show(made).orElseThrow().links();
    assertThat(links.madeOf().orElseThrow().originId()).isEqualTo(original);
    assertThat(engine.journal.listing().show(made).orElseThrow().notes())
        .extracting(Note::sentence)
        .containsExactly("made of message " + original + " by ana: wrong number");
    assertThat(engine.journal.requests().content(before.requests().get(0)))
        .as("it stands in one place only")
        .isEmpty();
  }

  @Test
  void whenItsSenderSendsTheSameMendedNothingIsFiledTwice() {
    engine.start().accept(SampleMessages.oruOf("404^^^MRN^MR", "A1", "one"));
    engine.await("A1", MessageState.HELD);
    engine.ask(edit("A1", SampleMessages.oru("A1", "one")));
    engine.await("A1", MessageState.DELIVERED);

    engine.accept(SampleMessages.oru("A1", "one"));
    engine.accept(SampleMessages.oru("A2", "later"));
    engine.await("A2", MessageState.DELIVERED);

    assertThat(engine.chart.texts()).containsExactly("one", "later");
  }

  @Test
  void whatIsNoMessageOfThisSenderAndTypeIsNotTaken() {
    engine.start().accept(SampleMessages.oruOf("404^^^MRN^MR", "A1", "one"));
    engine.await("A1", MessageState.HELD);
    String message = new String(SampleMessages.oru("A1", "one").bytes(), StandardCharsets.UTF_8);

    assertThat(refusal("no message")).startsWith("refused: the edited message cannot be read");
    assertThat(refusal(message.replace("|LAB|", "|OTHER|"))).contains("name another sender");
    assertThat(refusal(message.replace("ORU^R01", "MDM^T02"))).contains("MSH-9", "ORU^R01");
    assertThat(refusal(message.replace("|A1|", "||"))).contains("MSH-10", "empty");
    assertThat(refusal(message.replace("6931", "404"))).contains("nothing in it is different");
    assertThat(engine.ask(NewRequest.of("edit", engine.line("A1").id(), "ana", "why")))
        .contains("no edited message came");
    assertThat(engine.ask(NewRequest.of("edit", engine.line("A1").id(), "ana", "")))
        .contains("--why");
    assertThat(engine.line("A1").state()).isEqualTo(MessageState.HELD);
    assertThat(engine.journal.listing().count(MessageFilter.any())).isEqualTo(1);
  }

  private String refusal(String edited) {
    return engine.ask(
        NewRequest.of("edit", engine.line("A1").id(), "ana", "why")
            .carrying(edited.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatIsPartlyFiledOrUndecidedIsNotEdited() {
    engine.chart.next(Create.WORKS, Create.REFUSED);
    engine.start().accept(SampleMessages.oru("A1", "one", "two"));
    engine.await("A1", MessageState.REFUSED);
    assertThat(engine.ask(edit("A1", SampleMessages.oru("A1", "one", "three"))))
        .isEqualTo(
            "refused: of the message is filed already: OBR[1] as DocumentReference/D1; it would be"
                + " filed twice");

    engine.chart.next(Create.LOST_AFTER).hideDocuments();
    engine.accept(SampleMessages.oru("A2", "one"));
    engine.await("A2", MessageState.HELD);
    assertThat(engine.ask(edit("A2", SampleMessages.oru("A2", "other"))))
        .contains("messages settle");
  }
}
