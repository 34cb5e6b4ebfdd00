package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** What slots give to appointments, and lose to them. */
final class Bookings {
  private static final String PRIMARY_PERFORMER =
      "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

  private final Site site;
  private final Records records;

  Bookings(Site site, Records records) {
    this.site = site;
    this.records = records;
  }

  /** The one slot of a list of references; refuses one that is unknown or taken. */
  ObjectNode requireOpen(JsonNode references) {
    Rule.require(references.isArray() && references.size() == 1, "exactly one slot is needed");
    ObjectNode slot =
        records
            .find("Slot", references.path(0))
            .orElseThrow(() -> Refusal.unprocessable("the slot is unknown"));
    if (slot.path("status").asText().equals("busy")) {
      throw Refusal.unprocessable("business-rule", "the slot is taken");
    }
    return slot;
  }

  /** Takes a slot: its time, kind, practitioner and place become the appointment's. */
  void take(ObjectNode appointment, ObjectNode slot) {
    release(appointment);
    ObjectNode busy = slot.deepCopy().put("status", "busy");
    records.revise(busy);
    appointment.set("start", slot.path("start"));
    appointment.set("end", slot.path("end"));
    FhirTime.parse(slot.path("start").asText(""))
        .ifPresent(
            start ->
                FhirTime.parse(slot.path("end").asText(""))
                    .ifPresent(
                        end ->
                            appointment.put(
                                "minutesDuration",
                                Duration.between(start.start(), end.start()).toMinutes())));
    appointment.set("serviceType", slot.path("serviceType").deepCopy());
    Json.text(slot.path("serviceType").path(0), "text")
        .ifPresent(text -> appointment.put("description", text));
    appointment.putArray("slot").addObject().put("reference", "Slot/" + slot.path("id").asText());
    actors(appointment, slot);
  }

  /** Gives an appointment's slot back. */
  void release(ObjectNode appointment) {
    records
        .find("Slot", appointment.path("slot").path(0))
        .ifPresent(
            slot -> {
              ObjectNode free = slot.deepCopy().put("status", "free");
              records.revise(free);
            });
  }

  private void actors(ObjectNode appointment, ObjectNode slot) {
    ArrayNode participants = Json.array();
    for (JsonNode participant : appointment.path("participant")) {
      if (participant.path("actor").path("reference").asText("").startsWith("Patient/")) {
        ObjectNode patient = participant.deepCopy();
        patient.put("required", "required").put("status", "accepted");
        ArrayNode type = patient.putArray("type");
        type.addObject().putArray("coding").add(role("4572", "Patient"));
        participants.add(patient);
      }
    }
    JsonNode schedule = records.find("Schedule", slot.path("schedule")).orElseGet(Json::object);
    for (JsonNode actor : schedule.path("actor")) {
      ObjectNode participant = participants.addObject();
      if (actor.path("reference").asText("").startsWith("Practitioner/")) {
        ArrayNode type = participant.putArray("type");
        type.addObject().putArray("coding").add(role("4574", "Resource"));
        type.addObject()
            .putArray("coding")
            .addObject()
            .put("system", PRIMARY_PERFORMER)
            .put("code", "PPRF");
      }
      participant.set("actor", actor.deepCopy());
      participant.put("required", "required").put("status", "accepted");
    }
    appointment.set("participant", participants);
  }

  private ObjectNode role(String code, String display) {
    return Json.object()
        .put("system", site.codeSet(14250))
        .put("code", code)
        .put("display", display);
  }
}
