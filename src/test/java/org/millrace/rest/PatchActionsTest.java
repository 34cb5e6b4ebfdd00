package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What patch actions take for done, and what they do not. */
class PatchActionsTest {
  private static final String SLOT = "24477854-21304876-61518614-60";
  private static EngineInFrontOfSandbox engine;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineInFrontOfSandbox.start();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void reset() {
    engine.reset();
  }

  private static ObjectNode acted(String action, String fields) {
    RestAnswer answer = engine.act(action, fields);
    assertThat(answer.status()).as(text(answer)).isBetween(200, 201);
    return json(answer);
  }

  private static String text(RestAnswer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static void refused(RestAnswer answer, int status, String code, String sentence) {
    assertThat(answer.status()).as(text(answer)).isEqualTo(status);
    assertThat(json(answer).path("code").asText()).isEqualTo(code);
    assertThat(text(answer)).contains(sentence);
  }

  private static String slot(String more) {
    return "{'resourceId':'" + SLOT + "'" + more + "}";
  }

  private static String slotStatus() {
    return json(engine.get("Slot/" + SLOT)).path("status").asText();
  }

  private static long patches() {
    return StreamSupport.stream(engine.requests().spliterator(), false)
        .filter(request -> request.path("method").asText().equals("PATCH"))
        .count();
  }

  @Test
  void ofTwoCallersOneHoldsTheSlot() {
    acted("hold-slot", slot(""));
    refused(
        engine.act("hold-slot", slot("")),
        409,
        "conflict",
        "/status is busy-tentative, and this is done only where it is free");
    assertThat(patches()).isEqualTo(1);
  }

  @Test
  void whoIsOvertakenBetweenReadAndPatchHoldsNothing() {
    engine.faults("[{'method':'PATCH','path':'Slot','status':409,'afterCommit':true,'times':1}]");
    refused(engine.act("hold-slot", slot("")), 409, "conflict", "busy-tentative");
    assertThat(slotStatus()).isEqualTo("busy-tentative");
  }

  @Test
  void aConflictThatLeftTheSlotFreeIsTriedOnceMore() {
    engine.faults("[{'method':'PATCH','path':'Slot','status':409,'times':1}]");
    acted("hold-slot", slot(""));
    assertThat(slotStatus()).isEqualTo("busy-tentative");
  }

  @Test
  void aHoldWhoseAnswerWasLostIsNotTakenForOnes() {
    engine.faults("[{'method':'PATCH','path':'Slot','drop':'after-commit','times':1}]");
    refused(engine.act("hold-slot", slot("")), 504, "outcome-unknown", "Do not take it for yours");
    engine.faults("[{'method':'PATCH','path':'Slot','drop':'before','times':1}]");
    refused(engine.act("hold-slot", slot("")), 503, "connection-broken", "");
    assertThat(slotStatus()).isEqualTo("free");
  }

  @Test
  void aVersionThatIsNotTheNewestIsAConflictEvenIfNothingWouldBeChanged() {
    String seen = json(engine.get("Slot/" + SLOT)).at("/meta/versionId").asText();
    acted("hold-slot", slot(",'version':'" + seen + "'"));
    acted("release-slot", slot(""));
    refused(
        engine.act("release-slot", slot(",'version':'" + seen + "'")),
        409,
        "conflict",
        "not the newest one");
    refused(
        engine.act("patch-patient", "{'resourceId':'12990001','gender':'female','version':'9'}"),
        409,
        "conflict",
        "not the newest one");
    assertThat(patches()).isEqualTo(2);
  }

  @Test
  void aSlotIsGivenBackOnceOrTwiceButNeverFromABooking() {
    acted("hold-slot", slot(""));
    acted("release-slot", slot(""));
    acted("release-slot", slot(""));
    acted("book-appointment", "{'patientResourceId':'12990003','slotResourceId':'" + SLOT + "'}");
    refused(
        engine.act("release-slot", slot("")), 409, "conflict", "/status is busy, and this is done");
    assertThat(slotStatus()).isEqualTo("busy");
  }

  @Test
  void aProposedAppointmentIsBookedByOneCaller() {
    String id =
        acted(
                "propose-appointment",
                "{'patientResourceId':'12990003','locationResourceId':'21304876',"
                    + "'serviceTypeSystem':'http://snomed.info/sct','serviceTypeCode':'185389009',"
                    + "'start':'2026-11-24T14:00:00Z','end':'2026-11-24T18:00:00Z'}")
            .path("resourceId")
            .asText();
    String fields = "{'resourceId':'" + id + "','slotResourceId':'" + SLOT + "'}";
    acted("book-proposed-appointment", fields);
    refused(
        engine.act("book-proposed-appointment", fields),
        409,
        "conflict",
        "/status is booked, and this is done only where it is proposed");
  }
}
