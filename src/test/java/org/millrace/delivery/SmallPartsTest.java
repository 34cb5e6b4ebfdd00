package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millrace.cerner.Call;
import org.millrace.delivery.CreateSettlement.Settled;
import org.millrace.delivery.ScriptedChart.Create;

class SmallPartsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T16:15:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestClock clock = new TestClock();
  private final ScriptedChart chart = new ScriptedChart(clock);
  private final CreateSettlement settlement =
      new CreateSettlement(chart, clock, Duration.ofMillis(60), Duration.ofSeconds(60));

  @Test
  void aSenderWithManyLanesDoesNotKeepOutOneWithASingleLane() {
    Lanes lanes = new Lanes();
    for (int i = 0; i < 10_000; i++) {
      lanes.add(i, "MANY", "many " + i, NOW);
    }
    for (int i = 0; i < 100; i++) {
      lanes.add(20_000 + i, "ONE", "one", NOW.plusSeconds(1));
    }
    List<String> served = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long id = lanes.take(NOW.plusSeconds(2)).orElseThrow();
      served.add(lanes.senderOf(id));
      lanes.leave(id);
    }
    assertThat(served).filteredOn("ONE"::equals).hasSize(100);
    assertThat(served.subList(0, 4)).containsExactly("MANY", "ONE", "MANY", "ONE");
    assertThat(lanes.size("ONE")).isZero();
    assertThat(lanes.size("MANY")).isEqualTo(9_900);
  }

  @Test
  void aSenderWhoseMessagesTakeLongLeavesEachNextWorkerToTheOthers() {
    Lanes lanes = new Lanes();
    for (int i = 0; i < 6; i++) {
      lanes.add(i, "SLOW", "slow " + i, NOW);
    }
    List<Long> slow = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      slow.add(lanes.take(NOW).orElseThrow());
    }
    for (int i = 10; i < 15; i++) {
      lanes.add(i, "QUICK", "quick " + i, NOW);
    }

    for (int i = 10; i < 15; i++) {
      long next = lanes.take(NOW).orElseThrow();
      assertThat(lanes.senderOf(next)).isEqualTo("QUICK");
      lanes.leave(next);
    }
    // Nobody else wants them.
    assertThat(lanes.take(NOW)).contains(4L);
    lanes.again(slow.get(0), NOW);
    lanes.leave(slow.get(1));
    assertThat(lanes.take(NOW)).contains(0L);
  }

  @Test
  void ofOneSenderTheLaneThatFellDueFirstIsServedFirstAndNobodyIsServedBeforeItIsDue() {
    Lanes lanes = new Lanes();
    lanes.add(1, "S", "a", NOW.plusSeconds(5));
    lanes.add(2, "S", "b", NOW);
    lanes.add(3, "T", "c", NOW.plusSeconds(9));

    assertThat(lanes.take(NOW.plusSeconds(5))).contains(2L);
    assertThat(lanes.take(NOW.plusSeconds(5))).contains(1L);
    assertThat(lanes.take(NOW.plusSeconds(5))).isEmpty();
    assertThat(lanes.nextDue()).contains(NOW.plusSeconds(9));
  }

  @Test
  void aLaneHandsOutOneAtATimeInOrderOfArrival() {
    Lanes lanes = new Lanes();
    lanes.add(2, "S", "a", NOW);
    lanes.add(1, "S", "a", NOW);
    lanes.add(3, "S", "b", NOW);

    assertThat(lanes.take(NOW)).contains(1L);
    assertThat(lanes.take(NOW)).contains(3L);
    assertThat(lanes.take(NOW)).isEmpty();
    lanes.leave(1);
    assertThat(lanes.take(NOW)).contains(2L);
  }

  @Test
  void aHeadThatWaitsHoldsItsLane() {
    Lanes lanes = new Lanes();
    lanes.add(1, "S", "a", NOW);
    lanes.add(2, "S", "a", NOW);
    assertThat(lanes.take(NOW)).contains(1L);
    lanes.again(1, NOW.plusSeconds(5));

    assertThat(lanes.take(NOW)).isEmpty();
    assertThat(lanes.nextDue()).contains(NOW.plusSeconds(5));
    assertThat(lanes.take(NOW.plusSeconds(5))).contains(1L);
    assertThat(lanes.size()).isEqualTo(2);
  }

  @Test
  void anOperatorsRetryMovesAWaitingHeadForward() {
    Lanes lanes = new Lanes();
    lanes.add(1, "S", "a", NOW.plusSeconds(60));
    lanes.add(1, "S", "ignored", NOW);

    assertThat(lanes.take(NOW)).contains(1L);
    lanes.leave(1);
    assertThat(lanes.size()).isZero();
    assertThat(lanes.nextDue()).isEqualTo(Optional.empty());
  }

  @Test
  void aLaneThatIsDroppedIsForgottenButForWhatIsWorkedOn() {
    Lanes lanes = new Lanes();
    lanes.add(1, "S", "gone", NOW);
    lanes.add(2, "S", "gone", NOW);
    lanes.add(3, "S", "gone too", NOW);
    lanes.add(4, "S", "stays", NOW);
    assertThat(lanes.take(NOW)).contains(1L);

    lanes.drop(lane -> lane.startsWith("gone"));

    assertThat(lanes.busy()).containsExactly("gone");
    assertThat(lanes.size()).isEqualTo(2);
    assertThat(lanes.take(NOW)).contains(4L);
    assertThat(lanes.take(NOW)).isEmpty();
    lanes.add(2, "S", "gone", NOW);
    assertThat(lanes.take(NOW)).as("its lane is busy still").isEmpty();
    lanes.leave(1);
    assertThat(lanes.take(NOW)).contains(2L);
    assertThat(lanes.laneOf(2)).isEqualTo("gone");
    assertThat(lanes.holds(1)).isFalse();
  }

  @Test
  void aMessagePutBackBeforeItsWorkerHasLeftComesAgain() {
    Lanes lanes = new Lanes();
    lanes.add(1, "S", "a", NOW);
    lanes.add(2, "S", "a", NOW);
    assertThat(lanes.take(NOW)).contains(1L);
    lanes.add(1, "S", "a", NOW);
    lanes.leave(1);

    assertThat(lanes.take(NOW)).contains(1L);
    lanes.leave(1);
    assertThat(lanes.take(NOW)).contains(2L);

    lanes.add(2, "S", "a", NOW);
    lanes.again(2, NOW.plusSeconds(60));
    assertThat(lanes.take(NOW)).contains(2L);
  }

  @Test
  void whatWaitsFallsDueEarlierWhenTheClockIsSetBack() {
    Lanes lanes = new Lanes();
    lanes.add(1, "S", "a", NOW.plusSeconds(3605));
    lanes.add(2, "S", "a", NOW.plusSeconds(3605));
    lanes.earlier(Duration.ofHours(1));

    assertThat(lanes.nextDue()).contains(NOW.plusSeconds(5));
    assertThat(lanes.take(NOW)).isEmpty();
    assertThat(lanes.take(NOW.plusSeconds(5))).contains(1L);
  }

  @Test
  void waitsDoubleUpToTheCap() {
    BackOff backOff = new BackOff(Duration.ofSeconds(2), Duration.ofSeconds(60));
    for (int i = 0; i < 100; i++) {
      assertThat(backOff.after(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
      assertThat(backOff.after(3)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
      assertThat(backOff.after(1000)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    }
  }

  @Test
  void aDocumentWhoseAnswerWasLostIsFoundForTheCallerWhoWaits() {
    chart.next(Create.LOST_AFTER);

    Settled settled = settlement.createDocument(document("Note"), "P1", call());

    assertThat(settled)
        .isInstanceOfSatisfying(
            Settled.Made.class,
            made -> {
              assertThat(made.found()).isTrue();
              assertThat(made.created().id()).isEqualTo("D1");
            });
    assertThat(chart.documents()).hasSize(1);
  }

  @Test
  void aDocumentThatIsNotFoundIsUnknownAndNeverSentAgain() {
    chart.next(Create.LOST_BEFORE);

    assertThat(settlement.createDocument(document("Note"), "P1", call()))
        .isInstanceOf(Settled.OutcomeUnknown.class);
    assertThat(chart.count("create")).isEqualTo(1);
    assertThat(chart.count("look")).isBetween(2L, 3L);
  }

  @Test
  void aRefusalAndAnAnswerAreHandedThrough() {
    chart.next(Create.REFUSED);
    assertThat(settlement.createDocument(document("Note"), "P1", call()))
        .isInstanceOf(Settled.Failed.class);
    assertThat(settlement.createDocument(document("Note"), "P1", call()))
        .isInstanceOfSatisfying(Settled.Made.class, made -> assertThat(made.found()).isFalse());
    assertThat(chart.count("look")).isZero();
  }

  @Test
  void aPatientWhoseAnswerWasLostIsFoundByIdentifierNameAndTime() {
    chart.next(Create.LOST_AFTER);

    assertThat(settlement.createPatient(numbered("4|7"), call()))
        .isInstanceOfSatisfying(
            Settled.Made.class, made -> assertThat(made.created().id()).isEqualTo("P1"));
  }

  @Test
  void aPatientWithoutAnIdentifierMayBeTheOtherTwin() {
    settlement.createPatient(patient("Newman"), call());
    chart.next(Create.LOST_BEFORE);

    assertThat(settlement.createPatient(patient("Newman"), call()))
        .isInstanceOf(Settled.OutcomeUnknown.class);
  }

  @Test
  void aPatientGivenToOneCallerIsNotGivenToAnother() {
    settlement.createPatient(numbered("47"), call());
    chart.next(Create.LOST_BEFORE);
    assertThat(settlement.createPatient(numbered("47"), call()))
        .isInstanceOf(Settled.OutcomeUnknown.class);

    chart.next(Create.LOST_AFTER, Create.LOST_BEFORE);
    assertThat(settlement.createPatient(numbered("48"), call())).isInstanceOf(Settled.Made.class);
    assertThat(settlement.createPatient(numbered("48"), call()))
        .isInstanceOf(Settled.OutcomeUnknown.class);
  }

  @Test
  void aPatientWhoWasThereBeforeIsNotTakenForTheNewOne() {
    new CreateSettlement(chart, clock, Duration.ofMillis(60), Duration.ofSeconds(60))
        .createPatient(numbered("47"), call());
    clock.forward(Duration.ofHours(1));
    chart.next(Create.LOST_BEFORE);

    assertThat(settlement.createPatient(numbered("47"), call()))
        .isInstanceOf(Settled.OutcomeUnknown.class);
  }

  @Test
  void anOlderPatientWhoWasJustChangedIsNotTakenForTheNewOne() {
    ObjectNode older = chart.patient("47", "P1", "Newman", "1980-01-31");
    older.set("name", numbered("47").path("name"));
    older.set("identifier", numbered("47").path("identifier"));
    older
        .putObject("meta")
        .put("versionId", "7")
        .put("lastUpdated", clock.instant().plusSeconds(1).toString());
    chart.next(Create.LOST_BEFORE);

    assertThat(settlement.createPatient(numbered("47"), call()))
        .isInstanceOf(Settled.OutcomeUnknown.class);
  }

  private static Call call() {
    return Call.within(Duration.ofSeconds(5));
  }

  private static ObjectNode numbered(String number) {
    ObjectNode patient = patient("Newman");
    patient.putArray("identifier").addObject().put("system", "urn:mrn").put("value", number);
    return patient;
  }

  private static ObjectNode patient(String family) {
    ObjectNode patient = JSON.createObjectNode().put("resourceType", "Patient");
    patient.putArray("name").addObject().put("family", family).putArray("given").add("Ann");
    return patient;
  }

  private static ObjectNode document(String title) {
    ObjectNode document = JSON.createObjectNode().put("resourceType", "DocumentReference");
    document.putObject("subject").put("reference", "Patient/P1");
    ObjectNode attachment =
        document.putArray("content").addObject().putObject("attachment").put("title", title);
    attachment.put("contentType", "text/plain;charset=utf-8");
    return document;
  }
}
