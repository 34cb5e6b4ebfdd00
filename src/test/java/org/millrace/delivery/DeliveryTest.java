package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Note;
import org.millrace.journal.OperatorVerb;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;
import org.millrace.mapping.CoverageMetrics;

@ParameterizedClass
@EnumSource(TestJournals.class)
class DeliveryTest {
  @Parameter private TestJournals on;
  private JournalPlace place;
  private DeliveryFixture engine;

  @BeforeEach
  void set(@TempDir Path folder) {
    place = on.place(folder);
    engine = new DeliveryFixture(place);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void whatIsLoggedDuringDeliveryCarriesNumberAndFeedOfTheMessage() {
    engine.accept(SampleMessages.oru("A1", "one"));
    engine.start();
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.texts.logged())
        .isEqualTo(
            Map.of(
                "message", Long.toString(engine.line("A1").id()),
                "feed", SampleMessages.FEED.name()));
  }

  @Test
  void eachReportBecomesOneDocumentWithAMarkerInItsTitle() {
    engine.start().accept(SampleMessages.oru("A1", "one", "two"));

    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.texts()).containsExactly("one", "two");
    assertThat(engine.journey("A1").ledger())
        .allSatisfy(row -> assertThat(row.state()).isEqualTo(LedgerState.DONE))
        .extracting(LedgerRow::fillerNumber)
        .containsExactly("F1", "F2");
    String title =
        engine
            .chart
            .documents()
            .get(0)
            .path("content")
            .path(0)
            .path("attachment")
            .path("title")
            .asText();
    assertThat(title).isEqualTo("Note [" + engine.journey("A1").ledger().get(0).marker() + "]");
    assertThat(engine.journey("A1").report()).contains("x.yaml:1").contains("No rule reads it.");
    Awaitility.await().until(() -> !engine.journey("A1").calls().isEmpty());
  }

  @Test
  void theSameMessageAgainIsFiledOnce() {
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.accept(SampleMessages.oru("A1", "one"))).isEqualTo("AA");
    engine.accept(SampleMessages.oru("A2", "later"));
    engine.await("A2", MessageState.DELIVERED);

    assertThat(engine.chart.texts()).containsExactly("one", "later");
  }

  @Test
  void whatWaitedBeforeTheStartIsDeliveredInOrder() {
    for (int i = 0; i < 30; i++) {
      engine.accept(SampleMessages.oru("A" + i, "text " + i));
    }
    engine.start();

    engine.await("A29", MessageState.DELIVERED);

    List<String> texts = engine.chart.texts();
    assertThat(texts).hasSize(30);
    for (int i = 0; i < 30; i++) {
      assertThat(texts.get(i)).isEqualTo("text " + i);
    }
  }

  @Test
  void aWaitingHeadHoldsUpItsOwnPatientOnly() {
    engine.chart.patient("7", "P7", "Markley", "1976-04-29");
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(SampleMessages.oru("A1", "first"));
    engine.await("A1", MessageState.RETRYING);

    engine.accept(SampleMessages.oru("A2", "second"));
    engine.accept(SampleMessages.oruOf("7^^^MRN^MR", "B1", "other"));
    engine.await("B1", MessageState.DELIVERED);
    assertThat(engine.line("A2").state()).isEqualTo(MessageState.QUEUED);

    engine.clock.forward(Duration.ofSeconds(5));
    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("other", "first", "second");
  }

  @Test
  void aTransientFaultIsTriedAgainWithinFiveSeconds() {
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(SampleMessages.oru("A1", "one"));

    MessageSummary waiting = engine.await("A1", MessageState.RETRYING);
    assertThat(waiting.reason().code()).isEqualTo("unavailable");
    assertThat(Duration.between(engine.clock.instant(), waiting.nextTryAt()))
        .isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));
    assertThat(engine.journey("A1").ledger().get(0).state()).isEqualTo(LedgerState.PREPARED);

    engine.clock.forward(Duration.ofSeconds(5));
    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(engine.chart.count("look")).isZero();
  }

  @Test
  void whatCernerAsksForInRetryAfterIsHonoured() {
    engine.with(
        DeliveryFixture.settings(
            new DeliverySettings.Pace(
                1,
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                Duration.ofMinutes(10),
                3,
                Duration.ofMinutes(5),
                Duration.ofMillis(10))));
    engine.chart.next(Create.THROTTLED_FOR_2_SECONDS);
    engine.start().accept(SampleMessages.oru("A1", "one"));

    MessageSummary waiting = engine.await("A1", MessageState.RETRYING);

    assertThat(Duration.between(engine.clock.instant(), waiting.nextTryAt()))
        .isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void whatCernerRefusesForGoodIsTriedOnce() {
    engine.chart.next(Create.REFUSED);
    engine.start().accept(SampleMessages.oru("A1", "one"));

    MessageSummary refused = engine.await("A1", MessageState.REFUSED);

    assertThat(refused.reason().sentence()).contains("OBR[1]").contains("422");
    assertThat(refused.reason().toString()).doesNotContain("Cerner's words");
    LedgerRow row = engine.journey("A1").ledger().get(0);
    assertThat(row.state()).isEqualTo(LedgerState.REFUSED);
    assertThat(row.cernerText()).isEqualTo("Cerner's words");
    engine.clock.forward(Duration.ofHours(1));
    engine.accept(SampleMessages.oru("A2", "two"));
    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.chart.count("create")).isEqualTo(2);
    assertThat(engine.told(1)).containsExactly(refused.id() + " results refused");
  }

  @Test
  void ofSeveralCreatesOnlyTheUnsettledAreRepeated() {
    engine.chart.next(Create.WORKS, Create.UNAVAILABLE);
    engine.start().accept(SampleMessages.oru("A1", "one", "two", "three"));
    engine.await("A1", MessageState.RETRYING);

    engine.clock.forward(Duration.ofSeconds(5));
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.texts()).containsExactly("one", "two", "three");
  }

  @Test
  void ofSeveralCreatesOnlyTheUnsettledAreRepeatedAfterAStopBetween() throws Exception {
    engine.chart.next(Create.WORKS, Create.HANGS_AFTER);
    engine.start().accept(SampleMessages.oru("A1", "one", "two", "three"));
    engine.chart.hanging.await();

    engine.restart();
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.texts()).containsExactly("one", "two", "three");
    assertThat(engine.chart.count("create")).isEqualTo(3);
    assertThat(engine.journey("A1").ledger())
        .extracting(LedgerRow::resourceId)
        .containsExactly("D1", "D2", "D3");
  }

  @Test
  void severalDocumentsWithOneMarkerAreNotChosenFrom() {
    engine.chart.next(Create.LOST_AFTER).hideDocuments();
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.HELD);
    ObjectNode copy = engine.chart.documents().get(0).deepCopy().put("id", "D9");
    engine.chart.put(copy);
    engine.chart.showDocuments();
    assertThat(engine.ask("retry", "A1")).isEqualTo("queued");
    engine.await("A1", MessageState.HELD);
    assertThat(engine.line("A1").reason().code()).isEqualTo("outcome-unknown");
    assertThat(engine.line("A1").reason().sentence()).contains("2 documents");

    engine.chart.change("D1", document -> document.put("status", "entered-in-error"));
    assertThat(engine.ask("retry", "A1")).isEqualTo("queued");
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.journey("A1").ledger().get(0).resourceId()).isEqualTo("D9");
    assertThat(engine.chart.count("create")).isEqualTo(1);
  }

  @Test
  void oneRefusedCreateDoesNotKeepTheOthersBackAndTheWorstIsShown() {
    engine.chart.next(Create.REFUSED);
    engine.start().accept(SampleMessages.oru("A1", "one", "two"));

    engine.await("A1", MessageState.REFUSED);

    assertThat(engine.chart.texts()).containsExactly("two");
  }

  @Test
  void ourOwnPermissionsRefuseNothing() {
    engine.chart.next(Create.NOT_PERMITTED, Create.NOT_PERMITTED);
    engine.start().accept(SampleMessages.oru("A1", "one"));

    MessageSummary waiting = engine.await("A1", MessageState.RETRYING);
    assertThat(waiting.reason().code()).isEqualTo("not-permitted");
    assertThat(waiting.reason().whoActs()).isEqualTo("us");
    engine.clock.forward(Duration.ofMinutes(1));
    engine.awaitAttempts("A1", 2);
    engine.clock.forward(Duration.ofMinutes(1));

    engine.await("A1", MessageState.DELIVERED);
  }

  @Test
  void aFeedThatSaysHowLongGivesUpThenWithOneLastAttempt() {
    engine.chart.nextFind(faults(40));
    engine
        .start()
        .accept(SampleMessages.oru("A1", "one"), SampleMessages.feedWith("retry-for", "10m"));
    MessageSummary first = engine.await("A1", MessageState.RETRYING);
    assertThat(first.attempts()).isEqualTo(1);
    Instant end = engine.clock.instant().plus(Duration.ofMinutes(10));

    MessageSummary line = first;
    while (line.state() == MessageState.RETRYING) {
      assertThat(line.nextTryAt()).isBeforeOrEqualTo(end);
      int next = line.attempts() + 1;
      engine.clock.forward(Duration.between(engine.clock.instant(), line.nextTryAt()));
      line = engine.awaitAttempts("A1", next);
    }

    assertThat(engine.clock.instant()).isEqualTo(end);
    assertThat(line.state()).isEqualTo(MessageState.HELD);
    assertThat(line.reason().code()).isEqualTo("gave-up-retrying");
    assertThat(line.reason().sentence()).contains("10m", "It failed.");
    assertThat(line.reason().remedy()).contains("unavailable", "retry");
    assertThat(engine.told(1)).containsExactly(line.id() + " results gave-up-retrying");

    assertThat(engine.ask(OperatorVerb.RETRY.word(), "A1")).isEqualTo("queued");
    MessageSummary anew = engine.await("A1", MessageState.RETRYING);
    assertThat(anew.nextTryAt()).isBefore(engine.clock.instant().plus(Duration.ofSeconds(3)));
  }

  @Test
  void lookingForALostAnswerIsNotBoundedByTheFeed() {
    engine.chart.next(Create.LOST_BEFORE);
    engine
        .start()
        .accept(SampleMessages.oru("A1", "one"), SampleMessages.feedWith("retry-for", "1m"));
    engine.await("A1", MessageState.RETRYING);
    engine.clock.forward(Duration.ofMinutes(5));
    engine.awaitAttempts("A1", 2);
    engine.clock.forward(Duration.ofMinutes(5));
    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.count("look")).isEqualTo(3);
  }

  private static Fault[] faults(int count) {
    return Collections.nCopies(count, ScriptedChart.fault(FaultCode.UNAVAILABLE, 503, true))
        .toArray(Fault[]::new);
  }

  @Test
  void anAnswerLostAfterTheCommitIsSettledWithoutASecondDocument() {
    engine.chart.next(Create.LOST_AFTER);
    engine.start().accept(SampleMessages.oru("A1", "one"));

    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(engine.chart.count("create")).isEqualTo(1);
    LedgerRow row = engine.journey("A1").ledger().get(0);
    assertThat(row.resourceId()).isEqualTo("D1");
    assertThat(engine.journey("A1").notes())
        .extracting(Note::code)
        .containsExactly("answer-lost", "settled");
  }

  @Test
  void whatIsNotFoundIsRepeatedOnlyAfterThreeLooksOverTheWholeTime() {
    engine.chart.next(Create.LOST_BEFORE);
    engine.start().accept(SampleMessages.oru("A1", "one"));

    MessageSummary looking = engine.await("A1", MessageState.RETRYING);
    assertThat(looking.reason().code()).isEqualTo("looking-for-outcome");
    assertThat(Duration.between(engine.clock.instant(), looking.nextTryAt()))
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(engine.chart.count("look")).isEqualTo(1);

    engine.clock.forward(Duration.ofMinutes(5));
    engine.awaitAttempts("A1", 2);
    assertThat(engine.chart.count("look")).isEqualTo(2);
    assertThat(engine.chart.count("create")).isEqualTo(1);

    engine.clock.forward(Duration.ofMinutes(5));
    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.count("look")).isEqualTo(3);
    assertThat(engine.chart.count("create")).isEqualTo(2);
    assertThat(engine.chart.documents()).hasSize(1);
  }

  @Test
  void aLookThatFailsIsTriedAgainAndCountsForNothing() {
    engine.chart.next(Create.LOST_AFTER);
    engine.chart.nextLook(ScriptedChart.fault(FaultCode.UNAVAILABLE, 503, true));
    engine.start().accept(SampleMessages.oru("A1", "one"));

    assertThat(engine.await("A1", MessageState.RETRYING).reason().code()).isEqualTo("unavailable");
    assertThat(engine.journey("A1").ledger().get(0).looks()).isZero();
    engine.clock.forward(Duration.ofSeconds(5));

    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.documents()).hasSize(1);
  }

  @Test
  void aDocumentThatWentAlongWhenItsPatientWasCombinedIsFound() {
    engine.chart.patient("77", "P7", "Markley", "1976-04-29");
    engine.chart.next(Create.LOST_AFTER);
    engine.chart.nextLook(ScriptedChart.fault(FaultCode.UNAVAILABLE, 503, true));
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.RETRYING);

    engine.chart.combineWithDocuments("P1", "P7");
    engine.clock.forward(Duration.ofSeconds(5));
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.count("create")).isEqualTo(1);
    assertThat(engine.journey("A1").notes()).extracting(Note::code).contains("settled");
  }

  @Test
  void aLookThatLeavesDocumentsOutDecidesNothing() {
    engine.chart.next(Create.LOST_AFTER);
    engine.chart.hideDocuments();
    engine.start().accept(SampleMessages.oru("A1", "one"));

    assertThat(engine.await("A1", MessageState.HELD).reason().code()).isEqualTo("outcome-unknown");
    assertThat(engine.chart.count("create")).isEqualTo(1);
  }

  @Test
  void aClockSetWrongByHoursDoesNotFileASecondDocument() {
    engine.chart.clockBehind(Duration.ofHours(2));
    engine.chart.next(Create.LOST_AFTER);
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.RETRYING);
    engine.clock.forward(Duration.ofMinutes(5));
    engine.awaitAttempts("A1", 2);
    engine.clock.forward(Duration.ofMinutes(5));

    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.chart.documents()).hasSize(1);
  }

  @Test
  void anOutcomeThatCannotBeLookedUpIsHeldAndARetryLooksFirst() throws Exception {
    engine.chart.next(Create.LOST_AFTER);
    engine.chart.nextLook(ScriptedChart.fault(FaultCode.NOT_PERMITTED, 403, true));
    engine.start().accept(SampleMessages.oru("A1", "one"));

    MessageSummary held = engine.await("A1", MessageState.HELD);
    assertThat(held.reason().code()).isEqualTo("outcome-unknown");
    assertThat(held.reason().remedy()).contains("mr-");
    assertThat(engine.journey("A1").ledger().get(0).state()).isEqualTo(LedgerState.UNKNOWN);

    engine.journal.requests().ask("retry", held.id(), "ana", "read is allowed now").get();
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(engine.chart.count("create")).isEqualTo(1);
  }

  @Test
  void aStopBetweenSendingAndAnswerIsSettledAtTheNextStart() throws Exception {
    engine.chart.next(Create.HANGS_AFTER);
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.chart.hanging.await();
    assertThat(engine.journey("A1").ledger().get(0).state()).isEqualTo(LedgerState.SENT);
    assertThat(engine.line("A1").state()).isEqualTo(MessageState.SENDING);

    engine.restart();
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.documents()).hasSize(1);
    assertThat(engine.chart.count("create")).isEqualTo(1);
  }

  @Test
  void aRetryLeftByAnotherProcessIsCarriedOutAndRecorded() throws Exception {
    engine.start().accept(SampleMessages.oruOf("404^^^MRN^MR", "A1", "one"));
    MessageSummary held = engine.await("A1", MessageState.HELD);
    engine.chart.patient("404", "P4", "Markley", "1976-04-29");

    try (JournalDatabase beside = JournalDatabase.openForRequests(place, engine.clock)) {
      long request = beside.requests().ask("retry", held.id(), "ana", "registered").get();
      engine.await("A1", MessageState.DELIVERED);
      Awaitility.await()
          .until(() -> beside.requests().find(request).orElseThrow().outcome().equals("queued"));

      long late = beside.requests().ask("retry", held.id(), "ana", "").get();
      Awaitility.await()
          .until(
              () ->
                  beside
                      .requests()
                      .find(late)
                      .orElseThrow()
                      .outcome()
                      .equals("refused: the message is DELIVERED"));
    }
    assertThat(engine.journey("A1").requests()).hasSize(2);
    assertThat(engine.journey("A1").notes())
        .extracting(Note::sentence)
        .contains("retry asked by ana: registered");
  }

  @Test
  void aRefusedCreateIsSentAgainWhenAnOperatorAsks() throws Exception {
    engine.chart.next(Create.WORKS, Create.REFUSED);
    engine.start().accept(SampleMessages.oru("A1", "one", "two"));
    MessageSummary refused = engine.await("A1", MessageState.REFUSED);

    engine.journal.requests().ask("retry", refused.id(), "ana", "").get();
    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.texts()).containsExactly("one", "two");
  }

  @Test
  void aBugInTheMappingHoldsTheMessageAndLeaksNothing() {
    engine.start().accept(SampleMessages.oru("A1", "bug"));

    MessageSummary held = engine.await("A1", MessageState.HELD);

    assertThat(held.reason().code()).isEqualTo("internal-fault");
    assertThat(held.reason().toString()).doesNotContain("secret");
  }

  @Test
  void filesThatDoNotFitTogetherHoldTheMessageAndAreNamed() {
    engine.start().accept(SampleMessages.oru("A1", "unfit"));

    MessageSummary held = engine.await("A1", MessageState.HELD);

    assertThat(held.reason().code()).isEqualTo("mapping-unfit");
    assertThat(held.reason().sentence())
        .endsWith("of the tenant: senders/LAB@HOSP/segments/PID.yaml:4: No rule.");
    assertThat(held.reason().whoActs()).isEqualTo("analyst");
  }

  @Test
  void aMappingThatNeverEndsHoldsTheMessageAndNotItsLane() {
    engine.start().accept(SampleMessages.oru("A1", "endless"));
    engine.accept(SampleMessages.oru("A2", "two"));

    assertThat(engine.await("A1", MessageState.HELD).reason().code()).isEqualTo("internal-fault");
    engine.await("A2", MessageState.DELIVERED);
  }

  @Test
  void aMessageWhoseWorkerFailedAltogetherKeepsItsPlace() {
    engine.start().accept(SampleMessages.oru("A1", "exhausted"));
    engine.accept(SampleMessages.oru("A2", "two"));
    Awaitility.await().until(() -> engine.line("A1").attempts() == 1);

    Awaitility.await()
        .until(
            () -> {
              engine.clock.forward(Duration.ofMinutes(10));
              return engine.line("A2").state() == MessageState.DELIVERED;
            });

    assertThat(engine.chart.texts()).containsExactly("exhausted", "two");
  }

  @Test
  void theDispatcherOutlivesWhateverFailsInIt() {
    engine.start();
    engine.clock.failTheDispatcherOnce();
    Awaitility.await().until(engine.clock::hasFailed);

    engine.accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.DELIVERED);
  }

  @Test
  void aClockThatIsSetBackDoesNotKeepARetryWaiting() {
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.RETRYING);

    engine.clock.forward(Duration.ofHours(-1));
    Awaitility.await()
        .until(
            () -> {
              engine.clock.forward(Duration.ofMillis(100));
              return engine.line("A1").state() == MessageState.DELIVERED;
            });
  }

  @Test
  void oneHeldReportHoldsTheWholeMessage() {
    engine.start().accept(SampleMessages.oru("A1", "one", "hold"));

    MessageSummary held = engine.await("A1", MessageState.HELD);

    assertThat(held.reason().code()).isEqualTo("ed-damaged");
    assertThat(engine.chart.count("create")).isZero();
    assertThat(engine.told(1)).hasSize(1);
  }

  @Test
  void aMessageOfNothingButPreliminaryReportsIsFiltered() {
    engine.start().accept(SampleMessages.oru("A1", "filter"));
    engine.accept(SampleMessages.oru("A2", "filter", "two"));

    engine.await("A2", MessageState.DELIVERED);

    assertThat(engine.line("A1").state()).isEqualTo(MessageState.FILTERED);
    assertThat(engine.line("A1").reason().code()).isEqualTo("preliminary");
    assertThat(engine.chart.texts()).containsExactly("two");
    assertThat(engine.stopped).isEmpty();
  }

  @Test
  void anOutageOfTwoHoursLosesNothingAndIsWorkedOffInOrder() {
    for (int i = 0; i < 8; i++) {
      engine.chart.next(Create.UNAVAILABLE);
    }
    engine.start().accept(SampleMessages.oru("A0", "text 0"));
    engine.await("A0", MessageState.RETRYING);
    for (int i = 1; i < 20; i++) {
      assertThat(engine.accept(SampleMessages.oru("A" + i, "text " + i))).isEqualTo("AA");
    }
    for (int attempt = 2; attempt <= 8; attempt++) {
      engine.clock.forward(Duration.ofMinutes(15));
      engine.awaitAttempts("A0", attempt);
      assertThat(Duration.between(engine.clock.instant(), engine.line("A0").nextTryAt()))
          .isLessThanOrEqualTo(Duration.ofSeconds(60));
    }
    engine.clock.forward(Duration.ofMinutes(15));
    engine.await("A19", MessageState.DELIVERED);

    assertThat(engine.journey("A0").notes())
        .as("a long outage is told once")
        .extracting(Note::code)
        .containsExactly("retrying");
    List<String> texts = engine.chart.texts();
    assertThat(texts).hasSize(20);
    for (int i = 0; i < 20; i++) {
      assertThat(texts.get(i)).isEqualTo("text " + i);
    }
  }

  @Test
  void theListingIsReadByOthersWhileTheEngineWrites() {
    engine.start();
    try (JournalDatabase beside = JournalDatabase.openReadOnly(place, engine.clock)) {
      for (int i = 0; i < 100; i++) {
        engine.accept(SampleMessages.oru("A" + i, "text " + i));
        assertThat(beside.listing().list(MessageFilter.any().atMost(1)))
            .extracting(MessageSummary::controlId)
            .containsExactly("A" + i);
      }
      engine.await("A99", MessageState.DELIVERED);
      assertThat(beside.listing().counts()).containsEntry(MessageState.DELIVERED, 100L);
    }
  }

  @Test
  void theQueueIsMeasured() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    engine.accept(SampleMessages.oru("A1", "one"));
    engine.clock.forward(Duration.ofSeconds(30));
    try (Delivery idle =
        new Delivery(
                engine.journal,
                engine.chart,
                new TextPerReport(),
                engine.settings(),
                (id, feed, state, reason) -> {},
                engine.clock)
            .measuredBy(meters, new CoverageMetrics(meters))) {
      assertThat(meters.get("millrace.queue.depth").gauge().value()).isEqualTo(1);
      assertThat(meters.get("millrace.queue.oldest.age").gauge().value()).isEqualTo(30);
    }
  }

  @Test
  void whatWasNotMappedIsCountedOnceHoweverOftenTheMessageIsTried() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    engine.measuredBy(meters, new CoverageMetrics(meters));
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.RETRYING);
    engine.clock.forward(Duration.ofSeconds(5));
    engine.await("A1", MessageState.DELIVERED);

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        meters
                            .get("millrace.mapping.coverage")
                            .tags("sender", "LAB@NORTH", "path", "OBR-7", "kind", "unread")
                            .counter()
                            .count())
                    .isEqualTo(1));
  }
}
