package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulingTest extends SandboxTest {
  private static final String FREE = "24477854-21304876-61518614-30";
  private static final String OTHER = "24477854-21304876-61518614-60";

  @Test
  void freeSlotsAreFoundByKindAndTime() {
    String type = "service-type=" + codeSet(14249) + "%7C24477854";
    String day = "&start=ge2026-11-24T00:00:00Z&start=lt2026-11-25T00:00:00Z";

    assertThat(caller.read("Slot?" + type + day).path("entry").size()).isEqualTo(7);
    JsonNode withSchedules = caller.read("Slot?" + type + day + "&_include=Slot:schedule");
    assertThat(withSchedules.path("entry").findValuesAsText("mode"))
        .hasSize(14)
        .containsOnly("match", "include");
    assertThat(caller.read("Slot?" + type + day + "&-location=1").has("entry")).isFalse();
    assertThat(
            caller
                .read("Slot?" + type + day + "&schedule.actor=Practitioner/593923")
                .path("entry")
                .size())
        .isEqualTo(7);
    for (String bad :
        List.of(
            "",
            type,
            type + "&start=ge2026-11-24T00:00:00Z",
            type + "&start=ge2026-11-24&start=lt2026-11-25",
            type + day + "&_count=4",
            "service-type=24477854" + day)) {
      assertThat(caller.get("Slot?" + bad).statusCode()).as(bad).isEqualTo(400);
    }
    assertThat(caller.read("Schedule?_id=" + FREE).path("entry").size()).isEqualTo(1);
    assertThat(caller.get("Schedule").statusCode()).isEqualTo(400);
  }

  @Test
  void aSlotIsHeldAndLetGo() {
    String etag = etag("Slot/" + FREE);
    String hold = status("busy-tentative");

    HttpResponse<String> held = caller.patch("Slot/" + FREE, etag, hold);

    assertThat(held.statusCode()).isEqualTo(200);
    assertThat(held.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(etag);
    assertThat(caller.patch("Slot/" + FREE, etag, status("free")).statusCode()).isEqualTo(409);
    assertThat(caller.patch("Slot/" + FREE, etag("Slot/" + FREE), status("busy")).statusCode())
        .isEqualTo(422);
  }

  @Test
  void aBookingTakesTimePlaceAndPractitionerFromItsSlot() {
    String id = caller.create("Appointment", booking());

    JsonNode read = caller.read("Appointment/" + id);
    assertThat(read.path("start").asText()).isEqualTo("2026-11-24T14:30:00Z");
    assertThat(read.path("minutesDuration").asInt()).isEqualTo(30);
    assertThat(read.at("/meta/versionId").asText()).isEqualTo("0");
    assertThat(read.path("participant").toString())
        .contains("Patient/12990001", "Practitioner/593923", "Location/21304876");
    assertThat(caller.read("Slot/" + FREE).path("status").asText()).isEqualTo("busy");
    assertThat(caller.post("Appointment", booking()).statusCode()).isEqualTo(422);
  }

  @Test
  void bookingsThatCernerRefusesAreRefused() {
    ObjectNode twoSlots = booking();
    twoSlots.withArray("/slot").addObject().put("reference", "Slot/" + OTHER);
    ObjectNode typed = booking();
    ((ObjectNode) typed.at("/participant/0")).putArray("type");
    ObjectNode waiting = booking();
    ((ObjectNode) waiting.at("/participant/0")).put("status", "needs-action");
    ObjectNode pending = booking().put("status", "pending");
    for (ObjectNode bad : List.of(twoSlots, typed, waiting, pending)) {
      assertThat(caller.post("Appointment", bad).statusCode()).isEqualTo(422);
    }
    ObjectNode wordy = booking();
    wordy.putArray("reasonCode").addObject().put("text", "x".repeat(256));
    assertThat(caller.post("Appointment", wordy).statusCode()).isEqualTo(400);
  }

  @Test
  void aProposalNeedsALocationAndATime() {
    ObjectNode proposal = proposal();
    String id = caller.create("Appointment", proposal);
    assertThat(caller.read("Appointment/" + id).path("status").asText()).isEqualTo("proposed");

    ObjectNode nowhere = proposal.deepCopy();
    nowhere.withArray("/participant").remove(1);
    assertThat(caller.post("Appointment", nowhere).statusCode()).isEqualTo(422);
    ObjectNode anyTime = proposal.deepCopy();
    anyTime.remove("requestedPeriod");
    assertThat(caller.post("Appointment", anyTime).statusCode()).isEqualTo(422);
  }

  @Test
  void anAppointmentMovesThroughItsStates() {
    String path = "Appointment/" + caller.create("Appointment", proposal());
    assertThat(patch(path, operation("replace", "/status", "'booked'"))).isEqualTo(422);
    assertThat(
            patch(
                path,
                operation("add", "/slot", "[{'reference':'Slot/" + FREE + "'}]")
                    + ","
                    + operation("replace", "/status", "'booked'")))
        .isEqualTo(200);
    assertThat(patch(path, operation("replace", "/slot", "[{'reference':'Slot/" + OTHER + "'}]")))
        .isEqualTo(200);
    assertThat(caller.read("Slot/" + FREE).path("status").asText()).isEqualTo("free");
    assertThat(patch(path, operation("replace", "/status", "'fulfilled'"))).isEqualTo(422);
    assertThat(patch(path, operation("replace", "/status", "'arrived'"))).isEqualTo(200);
    assertThat(patch(path, operation("replace", "/status", "'checked-in'"))).isEqualTo(200);
    assertThat(patch(path, operation("replace", "/status", "'noshow'"))).isEqualTo(422);
    assertThat(patch(path, operation("replace", "/status", "'fulfilled'"))).isEqualTo(200);
    assertThat(patch(path, operation("replace", "/status", "'cancelled'"))).isEqualTo(422);
  }

  @Test
  void aCancellationGivesTheSlotBackAndMayHaveAReason() {
    String path = "Appointment/4890001";
    String reason =
        operation(
            "add",
            "/cancelationReason",
            "{'coding':[{'system':'" + codeSet(14229) + "','code':'4521'}]}");
    assertThat(patch(path, reason)).isEqualTo(422);
    assertThat(patch(path, operation("replace", "/status", "'cancelled'") + "," + reason))
        .isEqualTo(200);

    JsonNode read = caller.read(path);
    assertThat(read.path("status").asText()).isEqualTo("cancelled");
    assertThat(read.at("/cancelationReason/coding/1/code").asText()).isEqualTo("pat");
    assertThat(caller.read(read.at("/slot/0/reference").asText()).path("status").asText())
        .isEqualTo("free");
  }

  @Test
  void theAddressesOfAVideoVisitAreGivenAllAtOnce() {
    caller.control(
        "POST",
        "/seed",
        Caller.tree(
                """
                [{'resourceType':'Appointment','id':'4890077','status':'booked',
                  'contained':[{'resourceType':'HealthcareService','id':'patient'},
                               {'resourceType':'HealthcareService','id':'provider'}],
                  'participant':[{'actor':{'reference':'Patient/12990001'},'status':'accepted'}]}]
                """)
            .toString());
    String path = "Appointment/4890077";
    assertThat(patch(path, addresses("replace", "replace"))).as("none there").isEqualTo(422);
    assertThat(patch(path, addresses("add", "replace"))).as("mixed").isEqualTo(422);
    assertThat(patch(path, operation("add", "/contained/0/telecom/0/value", "'https://a.example'")))
        .as("one alone")
        .isEqualTo(422);
    assertThat(patch(path, addresses("add", "add"))).isEqualTo(200);
    assertThat(caller.read(path).at("/contained/0/telecom/0/period/end").asText())
        .isEqualTo("2026-11-25T16:00:00Z");
    assertThat(patch(path, addresses("add", "add"))).as("a second time").isEqualTo(409);
    assertThat(patch(path, addresses("replace", "replace"))).isEqualTo(200);
    assertThat(patch("Appointment/4890001", addresses("add", "add")))
        .as("no video visit")
        .isEqualTo(422);
  }

  private static String addresses(String op, String ofEnd) {
    return String.join(
        ",",
        operation(op, "/contained/0/telecom/0/value", "'https://video.example/patient'"),
        operation(op, "/contained/1/telecom/0/value", "'https://video.example/provider'"),
        operation(op, "/contained/0/telecom/0/period/start", "'2026-11-25T15:00:00Z'"),
        operation(ofEnd, "/contained/0/telecom/0/period/end", "'2026-11-25T16:00:00Z'"));
  }

  @Test
  void appointmentsAreFoundByWhoAndWhen() {
    assertThat(found("_id=4890001,4890003")).containsExactly("4890001", "4890003");
    assertThat(found("patient=12990001&date=ge2026-01-01T00:00:00Z"))
        .containsExactly("4890004", "4890001");
    assertThat(found("patient=12990001&date=ge2026-01-01T00:00:00Z&status=booked"))
        .containsExactly("4890001");
    assertThat(found("practitioner=593923&date=ge2026-11-01T00:00:00Z&date=lt2026-12-01T00:00:00Z"))
        .containsExactly("4890001");
    assertThat(found("patient=12990005&date=ge2026-11-01T00:00:00Z")).isEmpty();
    assertThat(found("patient=12990005&-date-or-req-period=ge2026-11-01T00:00:00Z"))
        .containsExactly("4890003");
    for (String bad :
        List.of(
            "",
            "patient=12990001",
            "patient=12990001&date=ge2026-01-01",
            "patient=12990001&practitioner=593923&date=ge2026-01-01T00:00:00Z",
            "patient=12990001&date=ge2026-01-01T00:00:00Z&-date-or-req-period=ge2026-01-01T00:00:00Z")) {
      assertThat(caller.get("Appointment?" + bad).statusCode()).as(bad).isEqualTo(400);
    }
  }

  private static ObjectNode booking() {
    return (ObjectNode)
        Caller.tree(
            """
            {'resourceType':'Appointment','status':'booked',
             'slot':[{'reference':'Slot/%s'}],
             'participant':[{'actor':{'reference':'Patient/12990001'},'status':'accepted'}]}
            """
                .formatted(FREE));
  }

  private static ObjectNode proposal() {
    return (ObjectNode)
        Caller.tree(
            """
            {'resourceType':'Appointment','status':'proposed',
             'serviceType':[{'coding':[{'system':'%s','code':'24477854'}]}],
             'requestedPeriod':[{'start':'2026-12-01T08:00:00Z','end':'2026-12-02T08:00:00Z'}],
             'participant':[
              {'actor':{'reference':'Patient/12990001'},'status':'needs-action'},
              {'actor':{'reference':'Location/21304876'},'status':'needs-action'}]}
            """
                .formatted(codeSet(14249)));
  }

  private static int patch(String path, String operations) {
    return caller
        .patch(path, etag(path), Caller.tree("[" + operations + "]").toString())
        .statusCode();
  }

  private static String operation(String op, String path, String value) {
    return "{'op':'" + op + "','path':'" + path + "','value':" + value + "}";
  }

  private static String status(String status) {
    return Caller.tree("[" + operation("replace", "/status", "'" + status + "'") + "]").toString();
  }

  private static String etag(String path) {
    return caller.get(path).headers().firstValue("ETag").orElseThrow();
  }

  private static List<String> found(String query) {
    return caller.read("Appointment?" + query).findValues("resource").stream()
        .map(resource -> resource.path("id").asText())
        .toList();
  }
}
