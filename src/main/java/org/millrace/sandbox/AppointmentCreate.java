package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Booking and asking for a time. Source: Cerner Millennium R4, Appointment, Create. */
final class AppointmentCreate {
  private static final String SNOMED = "http://snomed.info/sct";
  private static final int LONGEST_REASON = 255;

  private final Site site;
  private final Records records;
  private final CernerShape shape;
  private final Bookings bookings;

  AppointmentCreate(Site site, Records records, CernerShape shape, Bookings bookings) {
    this.site = site;
    this.records = records;
    this.shape = shape;
    this.bookings = bookings;
  }

  ObjectNode store(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.requireOneOf(sent, "status", Set.of("booked", "proposed"));
    for (JsonNode participant : sent.path("participant")) {
      Rule.requireAbsent(participant, "type", "participant");
    }
    checkReason(sent.path("reasonCode"));
    ObjectNode appointment = Json.object().put("resourceType", "Appointment");
    appointment.put("id", "");
    appointment.putObject("meta");
    for (String field : List.of("status", "reasonCode", "comment", "participant")) {
      if (sent.has(field)) {
        appointment.set(field, sent.path(field).deepCopy());
      }
    }
    if (sent.path("status").asText().equals("booked")) {
      checkParticipants(sent, "accepted", 0);
      bookings.take(appointment, bookings.requireOpen(sent.path("slot")));
    } else {
      checkProposal(sent);
      appointment.set("serviceType", sent.path("serviceType").deepCopy());
      appointment.set("requestedPeriod", sent.path("requestedPeriod").deepCopy());
    }
    appointment.put("id", records.newId("Appointment"));
    shape.asRead(appointment);
    records.add(appointment, "0");
    return appointment;
  }

  static void checkReason(JsonNode reasons) {
    if (reasons.isMissingNode()) {
      return;
    }
    Rule.require(reasons.size() == 1, "exactly one reasonCode is supported");
    String text = Rule.requireText(reasons.path(0), "text", "reasonCode.text is missing");
    if (text.length() > LONGEST_REASON) {
      throw Refusal.badRequest("reasonCode.text is longer than 255 characters");
    }
  }

  private void checkProposal(ObjectNode sent) {
    checkParticipants(sent, "needs-action", 1);
    JsonNode types = sent.path("serviceType");
    Rule.require(
        types.size() == 1
            && (Codes.hasSystem(types.path(0), site.codeSet(14249))
                || Codes.hasSystem(types.path(0), SNOMED)),
        "exactly one serviceType of codeSet/14249 or SNOMED CT is needed");
    JsonNode periods = sent.path("requestedPeriod");
    Rule.require(periods.size() == 1, "exactly one requestedPeriod is needed");
    Rule.requireText(periods.path(0), "start", "requestedPeriod.start is missing");
    Rule.requireText(periods.path(0), "end", "requestedPeriod.end is missing");
    Rule.requireTimes(periods.path(0));
  }

  /** One patient, and at least or exactly so many locations as the kind of appointment asks. */
  private void checkParticipants(ObjectNode sent, String status, int leastLocations) {
    int patients = 0;
    int locations = 0;
    for (JsonNode participant : sent.path("participant")) {
      Rule.require(
          participant.path("status").asText().equals(status),
          "participant.status must be " + status);
      if (participant.path("actor").path("reference").asText("").startsWith("Patient/")) {
        PatientRules.requireSubject(records, participant.path("actor"));
        patients++;
      } else {
        Rule.require(
            leastLocations > 0 && records.find("Location", participant.path("actor")).isPresent(),
            "a participant is neither a patient nor a location known here");
        locations++;
      }
    }
    Rule.require(patients == 1, "exactly one patient is needed");
    Rule.require(locations >= leastLocations, "a location is needed");
  }
}
