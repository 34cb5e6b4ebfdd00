package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.mapping.PatchStep;

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

  private static String proposed() {
    return acted(
            "propose-appointment",
            "{'patientResourceId':'12990003','locationResourceId':'21304876',"
                + "'serviceTypeSystem':'http://snomed.info/sct','serviceTypeCode':'185389009',"
                + "'start':'2026-11-24T14:00:00Z','end':'2026-11-24T18:00:00Z'}")
        .path("resourceId")
        .asText();
  }

  /** Cerner would refuse it, too; here it is told before anything is sent. */
  @ParameterizedTest
  @CsvSource({
    "arrive-appointment, booked or arrived",
    "check-in-appointment, booked or arrived or checked-in",
    "fulfill-appointment, checked-in or fulfilled"
  })
  void anAppointmentGoesNoWayThatCernerDoesNotKnow(String action, String only) {
    refused(
        engine.act(action, "{'resourceId':'" + proposed() + "'}"),
        409,
        "conflict",
        "/status is proposed, and this is done only where it is " + only);
    assertThat(patches()).isZero();
  }

  @Test
  void whatIsOnlyProposedIsFoundByTheTimeThatWasAskedFor() {
    String id = proposed();
    String day = "From':'2026-11-24T00:00:00Z','";
    String of = "{'patientResourceId':'12990003','";

    JsonNode all =
        acted(
            "search-appointments",
            of + "startOrRequested" + day + "startOrRequestedBefore':'2026-11-25T00:00:00Z'}");
    JsonNode without =
        acted("search-appointments", of + "start" + day + "startBefore':'2026-11-25T00:00:00Z'}");

    assertThat(all.path("appointments").toString()).contains("\"id\":\"" + id + "\"");
    assertThat(without.path("appointments").toString()).doesNotContain("\"id\":\"" + id + "\"");
  }

  /** Each changes another part of the same patient: what was told to be done is still there. */
  @Test
  void ofManyWhoChangeOnePatientAtOnceNobodysChangeIsLost() throws Exception {
    Map<String, String> changes =
        Map.of(
            "familyName", "ZZTESTAB",
            "givenName", "ZZTESTCD",
            "birthDate", "1971-03-04",
            "gender", "other",
            "homePhone", "5550100",
            "email", "ZZTEST@EXAMPLE.COM");
    ExecutorService callers = Executors.newFixedThreadPool(changes.size());
    try {
      Map<String, Future<Integer>> told = new TreeMap<>();
      changes.forEach(
          (field, value) ->
              told.put(
                  value,
                  callers.submit(
                      () ->
                          engine
                              .act(
                                  "patch-patient",
                                  "{'resourceId':'12990001','" + field + "':'" + value + "'}")
                              .status())));
      int done = 0;
      for (Map.Entry<String, Future<Integer>> each : told.entrySet()) {
        int status = each.getValue().get();
        assertThat(status).isIn(200, 409);
        done += status == 200 ? 1 : 0;
        ObjectNode now = json(engine.get("Patient/12990001"));
        List<String> stands = new ArrayList<>(now.path("telecom").findValuesAsText("value"));
        for (String place : List.of("/name/0/family", "/name/0/given/0", "/birthDate", "/gender")) {
          stands.add(now.at(place).asText());
        }
        assertThat(stands.contains(each.getKey())).as(each.getKey()).isEqualTo(status == 200);
      }
      assertThat(done).isGreaterThan(1);
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void aProposedAppointmentIsBookedByOneCaller() {
    String id = proposed();
    String fields = "{'resourceId':'" + id + "','slotResourceId':'" + SLOT + "'}";
    acted("book-proposed-appointment", fields);
    refused(
        engine.act("book-proposed-appointment", fields),
        409,
        "conflict",
        "/status is booked, and this is done only where it is proposed");
  }

  /** A patient as stored, with this name and address. */
  private static void seedPatient(String names, String address) {
    ObjectNode patient = json(engine.get("Patient/12990001"));
    patient.set("name", json("{'list':" + names + "}").path("list"));
    patient.set("address", json("{'list':" + address + "}").path("list"));
    engine.seed(EngineInFrontOfSandbox.list(patient));
  }

  private static String patient(String place) {
    return json(engine.get("Patient/12990001")).at(place).toString();
  }

  private static final String TWO_NAMES =
      "[{'id':'N1','use':'official','family':'ZZTESTA','given':['ANNA','MARIE']}]";
  private static final String TWO_LINES =
      "[{'id':'A1','use':'home','line':['1 Main St','Apt 2'],'city':'Weir'}]";

  @Test
  void aShorterListIsAChange() {
    seedPatient(TWO_NAMES, TWO_LINES);
    acted(
        "patch-patient", "{'resourceId':'12990001','givenName':'ANNA','addressLine':'1 Main St'}");
    assertThat(patient("/name/0/given")).isEqualTo("[\"ANNA\"]");
    assertThat(patient("/address/0/line")).isEqualTo("[\"1 Main St\"]");
    acted(
        "patch-patient", "{'resourceId':'12990001','givenName':'ANNA','addressLine':'1 Main St'}");
    assertThat(patches()).isEqualTo(1);
  }

  @Test
  void anotherOrderIsAChange() {
    ObjectNode standing = json("{'name':[{'id':'N1','use':'official','given':['MARIE','ANNA']}]}");
    assertThat(plan("Patient", standing, "/name/0/given", "['ANNA','MARIE']")).hasSize(2);
    assertThat(plan("Patient", standing, "/name/0/given", "['MARIE','ANNA']")).isEmpty();
  }

  @Test
  void codingsAndExtensionsThatTheServerAddedAreNoChange() {
    ObjectNode standing =
        json(
            "{'type':[{'text':'Clinic','coding':[{'system':'own','code':'9','userSelected':true},"
                + "{'system':'a','code':'b'}]}],'extension':[{'url':'x'},{'url':'y'}]}");
    String wanted = "[{'coding':[{'system':'a','code':'b'}]}]";
    assertThat(plan("Encounter", standing, "/type", wanted)).isEmpty();
    assertThat(plan("Encounter", standing, "/extension", "[{'url':'y'}]")).isEmpty();
    String two = "[{'coding':[{'system':'a','code':'b'}]},{'text':'more'}]";
    assertThat(plan("Encounter", standing, "/type", two)).hasSize(1);
  }

  private static ArrayNode plan(String type, ObjectNode standing, String path, String value) {
    return PatchPlan.of(
            EngineInFrontOfSandbox.MAPPER.calls().of(type).orElseThrow(),
            standing,
            List.of(
                new PatchStep(
                    "replace",
                    path,
                    json("{'value':" + value + "}").path("value"),
                    "",
                    NullNode.getInstance(),
                    List.of())))
        .patch();
  }

  @Test
  void theOfficialNameIsChangedOrNone() {
    seedPatient(
        "[{'id':'N1','use':'old','family':'ZZTESTA'},"
            + "{'id':'N2','use':'official','family':'ZZTESTB','given':['ANNA']}]",
        "[]");
    refused(
        engine.act("patch-patient", "{'resourceId':'12990001','familyName':'ZZTESTC'}"),
        422,
        "target-refuses",
        "stands at /name/1/family, where it cannot be changed by a patch");
    seedPatient(
        "[{'id':'N1','use':'official','family':'ZZTESTA','period':{'end':'2020-01-01'}}]", "[]");
    refused(
        engine.act("patch-patient", "{'resourceId':'12990001','givenName':'ANNA'}"),
        422,
        "target-refuses",
        "nothing stands there that is in force");
    assertThat(patches()).isZero();
    acted("patch-patient", "{'resourceId':'12990001','gender':'other'}");
  }
}
