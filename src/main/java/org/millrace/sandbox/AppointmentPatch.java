package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Moving an appointment through its states. Source: Cerner Millennium R4, Appointment, Patch. */
final class AppointmentPatch {
  private static final Map<String, Set<String>> TRANSITIONS =
      Map.of(
          "proposed", Set.of("booked", "cancelled"),
          "booked", Set.of("arrived", "checked-in", "cancelled"),
          "arrived", Set.of("checked-in", "cancelled"),
          "checked-in", Set.of("fulfilled", "cancelled"));
  private static final Set<String> PATHS =
      Set.of(
          "replace /status",
          "add /slot",
          "replace /slot",
          "add /reasonCode",
          "add /cancelationReason",
          "replace /extension",
          "replace /comment",
          "add /extension",
          "replace /patient-status");

  private final Records records;
  private final CernerShape shape;
  private final Bookings bookings;

  AppointmentPatch(Records records, CernerShape shape, Bookings bookings) {
    this.records = records;
    this.shape = shape;
    this.bookings = bookings;
  }

  void apply(ObjectNode stored, ArrayNode sent) {
    Codes.requireOneFamily(sent);
    Map<String, JsonNode> asked =
        JsonPatch.read(sent).stream()
            .collect(
                Collectors.toMap(
                    operation -> operation.op() + " " + operation.path(),
                    JsonPatch.Operation::value,
                    (first, second) -> {
                      throw Refusal.unprocessable("an operation stands twice");
                    }));
    requireBusinessRule(
        asked.keySet().stream().allMatch(one -> PATHS.contains(one) || VideoVisit.is(one)),
        "an operation is not supported");
    ObjectNode appointment = stored.deepCopy();
    requireCompany(asked);
    // Slots are given and taken last: a refusal must leave them alone.
    details(appointment, asked);
    VideoVisit.apply(appointment, asked);
    patientStatus(appointment, asked);
    status(appointment, asked);
    slot(appointment, asked);
    shape.asRead(appointment);
    records.revise(appointment);
  }

  /** Some operations may only stand together with another. */
  private static void requireCompany(Map<String, JsonNode> asked) {
    String status = asked.containsKey("replace /status") ? statusOf(asked) : "";
    boolean rescheduling = asked.containsKey("replace /slot");
    boolean cancelling = status.equals("cancelled") && asked.containsKey("add /cancelationReason");
    requireBusinessRule(
        asked.containsKey("add /slot") == status.equals("booked"),
        "a slot is added together with the status booked");
    requireBusinessRule(
        !rescheduling || status.isEmpty(), "a slot is replaced without touching the status");
    requireBusinessRule(
        !asked.containsKey("add /reasonCode") || status.equals("booked"),
        "a reason is added with the status booked only");
    requireBusinessRule(
        !asked.containsKey("add /cancelationReason") || status.equals("cancelled"),
        "a cancelation reason is added with the status cancelled only");
    requireBusinessRule(
        !asked.containsKey("replace /extension") || cancelling || rescheduling,
        "an action comment needs a cancelation with its reason, or another slot");
    for (String operation : List.of("replace /comment", "add /extension")) {
      requireBusinessRule(
          !asked.containsKey(operation) || rescheduling, operation + " needs another slot");
    }
  }

  private static String statusOf(Map<String, JsonNode> asked) {
    JsonNode status = asked.get("replace /status");
    return status == null ? "" : status.asText();
  }

  private void status(ObjectNode appointment, Map<String, JsonNode> asked) {
    if (!asked.containsKey("replace /status")) {
      return;
    }
    String before = appointment.path("status").asText();
    String after = statusOf(asked);
    requireBusinessRule(
        TRANSITIONS.getOrDefault(before, Set.of()).contains(after),
        "the status cannot change this way");
    if (after.equals("cancelled")) {
      bookings.release(appointment);
    }
    appointment.put("status", after);
  }

  private void slot(ObjectNode appointment, Map<String, JsonNode> asked) {
    JsonNode added = asked.get("add /slot");
    if (added != null) {
      bookings.take(appointment, bookings.requireOpen(added));
    }
    JsonNode replaced = asked.get("replace /slot");
    if (replaced != null) {
      requireBusinessRule(
          appointment.path("status").asText().equals("booked"),
          "only a booked appointment is rescheduled");
      bookings.take(appointment, bookings.requireOpen(replaced));
    }
  }

  private static void details(ObjectNode appointment, Map<String, JsonNode> asked) {
    JsonNode reason = asked.get("add /reasonCode");
    if (reason != null && reason.isEmpty()) {
      appointment.remove("reasonCode");
    } else if (reason != null) {
      AppointmentCreate.checkReason(reason);
      appointment.set("reasonCode", reason.deepCopy());
    }
    JsonNode cancelation = asked.get("add /cancelationReason");
    if (cancelation != null) {
      Rule.require(
          cancelation.path("coding").size() == 1, "cancelationReason needs exactly one coding");
      ObjectNode coded = Json.object();
      coded.set("coding", cancelation.path("coding").deepCopy());
      appointment.set("cancelationReason", coded);
    }
    JsonNode comment = asked.get("replace /comment");
    if (comment != null) {
      appointment.put("comment", comment.asText());
    }
    for (String operation : List.of("replace /extension", "add /extension")) {
      JsonNode extensions = asked.get(operation);
      if (extensions != null) {
        extensions.forEach(each -> appointment.withArray("/extension").add(each.deepCopy()));
      }
    }
  }

  private static void patientStatus(ObjectNode appointment, Map<String, JsonNode> asked) {
    JsonNode status = asked.get("replace /patient-status");
    if (status == null) {
      return;
    }
    boolean tentative = false;
    for (JsonNode participant : appointment.path("participant")) {
      if (participant.path("actor").path("reference").asText("").startsWith("Patient/")
          && participant.path("status").asText().equals("tentative")) {
        ((ObjectNode) participant).put("status", "accepted");
        tentative = true;
      }
    }
    requireBusinessRule(
        tentative
            && status.asText().equals("accepted")
            && appointment.path("status").asText().equals("booked"),
        "only a tentative patient of a booked appointment can accept");
  }

  private static void requireBusinessRule(boolean holds, String reason) {
    if (!holds) {
      throw Refusal.unprocessable("business-rule", reason);
    }
  }
}
