package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.LeaseTimes;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestPostgres;

/** Two engines on one journal: either takes any message, one of them delivers it. */
class SharedDeliveryTest {
  private static final LeaseTimes QUICK =
      new LeaseTimes(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofSeconds(1));

  /** Gives one sign and then none, as a process does that is stopped. */
  private static final LeaseTimes SILENT =
      new LeaseTimes(Duration.ofSeconds(3), Duration.ofHours(1), Duration.ofSeconds(1));

  private final JournalPlace place = new JournalPlace.Server(TestPostgres.shared().newDatabase());

  @Test
  void bothTakeMessagesAndEachIsFiledOnceInOrder() {
    try (DeliveryFixture one = new DeliveryFixture(place, QUICK);
        DeliveryFixture other = one.beside(QUICK)) {
      for (int patient = 0; patient < 40; patient++) {
        one.chart.patient("70" + patient, "P70" + patient, "Markley", "1976-04-29");
      }
      one.start();
      awaitSlots(one, 256);
      accept(one, other, 0, 3);
      other.start();
      accept(one, other, 3, 6);
      awaitSlots(one, 128);
      awaitSlots(other, 128);
      accept(one, other, 6, 9);

      Awaitility.await().until(() -> delivered(one) == 40 * 9);
      assertThat(one.chart.texts()).hasSize(40 * 9).doesNotHaveDuplicates();
      for (int patient = 0; patient < 40; patient++) {
        String own = patient + "-";
        List<String> inOrder = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
          inOrder.add(own + i);
        }
        assertThat(one.chart.texts().stream().filter(text -> text.startsWith(own)))
            .containsExactlyElementsOf(inOrder);
      }
    }
  }

  /** A sender's connection goes to this engine or that. */
  private static void accept(DeliveryFixture one, DeliveryFixture other, int from, int to) {
    for (int i = from; i < to; i++) {
      for (int patient = 0; patient < 40; patient++) {
        String text = patient + "-" + i;
        V2Message message = SampleMessages.oruOf("70" + patient + "^^^MRN^MR", text, text);
        assertThat(((i + patient) % 2 == 0 ? one : other).accept(message)).isEqualTo("AA");
      }
    }
  }

  private static long delivered(DeliveryFixture engine) {
    return engine
        .journal
        .listing()
        .list(MessageFilter.any().in(Set.of(MessageState.DELIVERED)).atMost(10_000))
        .size();
  }

  private static void awaitSlots(DeliveryFixture engine, int slots) {
    Awaitility.await().until(() -> engine.journal.leases().held().size() == slots);
  }

  @Test
  void whatASilentEngineHadUnderWayIsFoundByTheOtherAndItsLateWordIsRefused() throws Exception {
    DeliveryFixture silent = new DeliveryFixture(place, SILENT);
    try (DeliveryFixture other = silent.beside(QUICK)) {
      silent.chart.next(Create.HANGS_AFTER);
      silent.start();
      silent.accept(SampleMessages.oru("A1", "first"));
      silent.chart.hanging.await();
      silent.accept(SampleMessages.oru("A2", "second"));

      other.start();
      other.await("A2", MessageState.DELIVERED);

      assertThat(other.line("A1").state()).isEqualTo(MessageState.DELIVERED);
      assertThat(other.chart.texts()).containsExactly("first", "second");
      assertThat(other.journey("A1").notes()).extracting(Note::code).containsExactly("settled");

      // Its call comes back now, and it would say that the answer was lost.
      silent.close();

      assertThat(other.line("A1").state()).isEqualTo(MessageState.DELIVERED);
      assertThat(other.journey("A1").ledger())
          .extracting(LedgerRow::state)
          .containsExactly(LedgerState.DONE);
      assertThat(other.chart.count("create")).isEqualTo(2);
    }
  }

  @Test
  void theMessagesOfOneReportComeInTheirTurnWhicheverEngineHasTheirLanes() {
    Feed each = SampleMessages.feedWith("lane", "none");
    try (DeliveryFixture one = new DeliveryFixture(place, QUICK);
        DeliveryFixture other = one.beside(QUICK)) {
      one.start();
      other.start();
      awaitSlots(one, 128);
      awaitSlots(other, 128);
      List<String> inOrder = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        V2Message message =
            SampleMessages.read(
                "MSH|^~\\&|LAB|NORTH|M|H|20261120101500||ORU^R01|T" + i + "|D|2.5.1",
                "PID|1||6931^^^MRN^MR||MARKLEY^JOE||19760429|M",
                "OBR|1||ONE|11506-3^Note^LN",
                "OBX|1|TX|1^T||T" + i + "||||||F");
        (i % 2 == 0 ? one : other).accept(message, each);
        inOrder.add("T" + i);
      }

      Awaitility.await().until(() -> delivered(one) == 30);
      assertThat(one.chart.texts()).containsExactlyElementsOf(inOrder);
    }
  }

  @Test
  void aRequestIsCarriedOutByTheEngineThatDeliversTheLane() {
    try (DeliveryFixture one = new DeliveryFixture(place, QUICK);
        DeliveryFixture other = one.beside(QUICK)) {
      one.start();
      other.start();
      for (int i = 0; i < 10; i++) {
        one.accept(SampleMessages.oruOf("80" + i + "^^^MRN^MR", "A" + i, "text " + i));
        one.await("A" + i, MessageState.HELD);
        one.chart.patient("80" + i, "P80" + i, "Markley", "1976-04-29");
      }
      for (int i = 0; i < 10; i++) {
        assertThat(one.ask("retry", "A" + i)).isEqualTo("queued");
        assertThat(one.await("A" + i, MessageState.DELIVERED).attempts()).isEqualTo(1);
      }
      assertThat(one.chart.texts()).hasSize(10);
      assertThat(one.journey("A3").notes()).extracting(Note::code).containsOnlyOnce("retry");
    }
  }

  @Test
  void anEngineThatStopsLeavesItsLanesToTheOtherAtOnce() {
    try (DeliveryFixture other = new DeliveryFixture(place)) {
      DeliveryFixture one = other.beside(LeaseTimes.DEFAULT).start();
      awaitSlots(one, 256);
      one.accept(SampleMessages.oru("A1", "one"));
      one.await("A1", MessageState.DELIVERED);
      one.close();

      other.start().accept(SampleMessages.oru("A2", "two"));

      // Well before a lease of fifteen seconds has run out.
      other.await("A2", MessageState.DELIVERED);
    }
  }
}
