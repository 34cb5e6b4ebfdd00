package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.HL7Exception;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.hl7.V2Message;

/** SCH, TQ1, NTE, RGS, AIS, AIG, AIL, AIP and Appointment, both ways. */
class SchedulingMapTest {
  private static final String SCH =
      "SCH|P1^PLACER^2.16.840.1.113883.19.1^ISO|F1^FILLER^2.16.840.1.113883.19.2^ISO||||R1^Asked for^L|CHECKUP^Routine check-up^HL70276"
          + "|Normal^Routine schedule request^HL70277|30|min|^^^20261201083000-0600^20261201090000-0600"
          + "|17^Doe^Jane^^^^^^NPI||||18^Roe^Rex^^^^^^NPI||||19^Poe^Pam^^^^^^NPI|||||Booked^Booked^HL70278"
          + "|O1^PLACER^2.16.840.1.113883.19.1^ISO|O2^FILLER^2.16.840.1.113883.19.2^ISO";
  private static final String[] WHOLE = {
    SCH,
    "NTE|1||Bring the insurance card",
    "PID|1||A1^^^MRN&2.16.840.1.113883.6.1000&ISO^MR||ZZTEST^Ada^^^^^L||19800131|F",
    "PV1|1|O|||||||||||||||||V1^^^FIN&2.16.840.1.113883.3.13.6.1&ISO^AN",
    "RGS|1",
    "AIS|1||51^Follow-up^LN",
    "NTE|1||Nothing to eat before",
    "AIG|1||D7^Scanner 7^LN|E^Equipment^LN||||20261201083000-0600|||20|min||Booked^Booked^HL70278",
    "AIL|1||^^^^^^^^Clinic 1|||20261201083000-0600|||30|min||Booked^Booked^HL70278",
    "AIP|1||21^Lara^Tomas^^^^^^NPI|PPRF^Primary performer^LN||20261201083000-0600|||30|min||Cancelled^Cancelled^HL70278",
  };

  private static MappingRun map(String event, String... segments) {
    return Maps.MAPPER.map(Maps.message("SIU^" + event + "^SIU_S12", segments), Maps.CONTEXT);
  }

  private static ObjectNode appointment(String event, String... segments) {
    return Maps.resource(map(event, segments), "Appointment");
  }

  private static String sch(int field, String text) {
    List<String> fields = new ArrayList<>(List.of("SCH|P1|F1||||R||||||||||||||||||".split("\\|")));
    while (fields.size() <= 27) {
      fields.add("");
    }
    fields.set(field, text);
    return String.join("|", fields);
  }

  private static Trips.Back back(String type, JsonNode... resources) {
    Map<String, JsonNode> named = new LinkedHashMap<>();
    for (JsonNode each : resources) {
      named.put(each.path("resourceType").asText() + "/" + each.path("id").asText(), each);
    }
    return Trips.back(Maps.MAPPER, type, named);
  }

  @Test
  void aWholeMessageBecomesValidResourcesAndComesBackAsItWas() throws IOException, HL7Exception {
    V2Message sent = Maps.message("SIU^S12^SIU_S12", WHOLE);
    MappingRun run = Maps.MAPPER.map(sent, Maps.CONTEXT);
    Trips.validR4(run);
    assertThat(Trips.untold(sent, run)).isEmpty();
    Trips.Back back = Trips.back(Maps.MAPPER, "SIU^S12", Trips.resources(run));
    Trips.validV2(back.message());
    assertThat(back.message().segments())
        .extracting(segment -> segment.name())
        .containsExactly(
            "MSH", "SCH", "NTE", "PID", "PV1", "RGS", "AIS", "NTE", "AIG", "AIL", "AIP");
    for (String path :
        List.of(
            "SCH-1.1",
            "SCH-1.3",
            "SCH-2.1",
            "SCH-2.3",
            "SCH-7.1",
            "SCH-8.1",
            "SCH-9",
            "SCH-10",
            "SCH-11.4",
            "SCH-11.5",
            "SCH-12.1",
            "SCH-12.2",
            "SCH-16.1",
            "SCH-16.3",
            "SCH-20.1",
            "SCH-25",
            "SCH-26.1",
            "SCH-27.1",
            "NTE-3",
            "NTE[2]-3",
            "PID-3.1",
            "PID-5.1",
            "PV1-19.1",
            "AIS-3.1",
            "AIS-3.2",
            "AIS-3.3",
            "AIG-3.1",
            "AIG-3.2",
            "AIG-4.1",
            "AIG-8",
            "AIG-11",
            "AIG-12",
            "AIG-14",
            "AIL-3.9",
            "AIL-6",
            "AIL-9",
            "AIL-12",
            "AIP-3.1",
            "AIP-3.2",
            "AIP-4.1",
            "AIP-6",
            "AIP-9",
            "AIP-12",
            "MSH-3",
            "MSH-4",
            "MSH-5",
            "MSH-6",
            "MSH-7",
            "MSH-10",
            "MSH-11")) {
      String expected = path.equals("MSH-7") ? sent.value(path) + "-0600" : sent.value(path);
      assertThat(back.message().value(path)).as(path).isEqualTo(expected);
    }
    assertThat(back.run().coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
        .isEmpty();
  }

  @Test
  void mappingTwiceIsEqual() {
    assertThat(map("S12", WHOLE)).isEqualTo(map("S12", WHOLE));
  }

  @Test
  void thePatientTakesPartByTheReferenceOfTheMessageOrTheOneLookedUp() {
    List<String> own = new ArrayList<>();
    for (JsonNode each : appointment("S12", WHOLE).path("participant")) {
      if (each.at("/actor/type").asText().equals("Patient")) {
        own.add(each.at("/actor/reference").asText());
      }
    }
    assertThat(own).singleElement().asString().startsWith("urn:uuid:");
    V2Message message = Maps.message("SIU^S12", WHOLE);
    MappingRun run = Maps.MAPPER.map(message, Maps.context(Map.of("subject", "Patient/12")));
    JsonNode patient = null;
    for (JsonNode each : Maps.resource(run, "Appointment").path("participant")) {
      patient = each.at("/actor/reference").asText().equals("Patient/12") ? each : patient;
    }
    assertThat(patient).isNotNull();
    assertThat(patient.path("status").asText()).isEqualTo("accepted");
  }

  @ParameterizedTest
  @CsvSource({
    "S12, Pending, booked",
    "S13, '', booked",
    "S14, Pending, pending",
    "S14, '', booked",
    "S14, Blocked, booked",
    "S15, Booked, cancelled",
    "S16, Dc, cancelled",
    "S17, Deleted, entered-in-error",
    "S20, Complete, fulfilled",
    "S24, '', cancelled",
    "S26, Booked, noshow",
  })
  void theTriggerTellsTheStatusAndSch25WhereItDoesNot(String event, String code, String status) {
    ObjectNode made = appointment(event, sch(25, code));
    assertThat(made.path("status").asText()).isEqualTo(status);
  }

  @Test
  void aStatusThatTheTriggerOverrulesIsNoted() {
    assertThat(map("S12", sch(25, "Pending")).coverage())
        .extracting(CoverageNote::path, CoverageNote::kind)
        .contains(org.assertj.core.groups.Tuple.tuple("SCH[1]-25", CoverageNote.Kind.LOSSY));
    assertThat(map("S12", sch(25, "Booked")).coverage())
        .extracting(CoverageNote::path)
        .doesNotContain("SCH[1]-25");
  }

  @Test
  void reasonAndTypeAreToldApartInWhicheverFieldTheyStand() {
    String swapped =
        sch(7, "Normal^Routine^HL70277").replaceFirst("HL70277\\|", "HL70277|FOLLOWUP");
    for (String each :
        List.of(
            swapped, sch(7, "FOLLOWUP").replaceFirst("FOLLOWUP\\|", "FOLLOWUP|Normal^^HL70277"))) {
      ObjectNode made = appointment("S12", each);
      assertThat(made.at("/reasonCode/0/coding/0/code").asText()).as(each).isEqualTo("185389009");
      assertThat(made.at("/appointmentType/coding/0/code").asText()).as(each).isEqualTo("Normal");
    }
  }

  @ParameterizedTest
  @CsvSource({"90, min, 90", "90, '', 90", "2, H, 120", "1.5, hr, 90", "120, s, 2", "61, s, 2"})
  void aDurationIsKeptInMinutesWhateverItsUnit(String number, String unit, int minutes) {
    String segment = sch(9, number).replaceFirst("\\|" + number + "\\|", "|" + number + "|" + unit);
    assertThat(appointment("S12", segment).path("minutesDuration").asInt()).isEqualTo(minutes);
  }

  @Test
  void anEndThatIsNotSaidIsTheStartAndTheDuration() {
    String timed = sch(11, "^^^20261201083000-0600");
    ObjectNode made = appointment("S12", timed.replaceFirst("\\|\\|\\|\\^\\^\\^", "|45|min|^^^"));
    assertThat(made.path("end").asText()).isEqualTo("2026-12-01T09:15:00-06:00");
    ObjectNode service =
        appointment("S12", timed, "AIS|1||X|||20|20|min".replace("|||20|20", "||||20"));
    assertThat(service.path("end").asText()).isEqualTo("2026-12-01T08:50:00-06:00");
    MappingRun neither = map("S12", timed);
    assertThat(Maps.resource(neither, "Appointment").path("end").asText())
        .isEqualTo("2026-12-01T08:30:00-06:00");
    assertThat(neither.coverage())
        .extracting(CoverageNote::sentence)
        .contains("Neither an end nor a duration is said; the end is the start.");
  }

  @Test
  void tq1GoesBeforeTheOlderFieldAndItsEndBelongsToItsStart() {
    ObjectNode made =
        appointment(
            "S12",
            sch(11, "^^^20260101080000-0600^20260101090000-0600"),
            "TQ1|1||||||20261201083000-0600|20261201090000-0600");
    assertThat(made.path("start").asText()).isEqualTo("2026-12-01T08:30:00-06:00");
    assertThat(made.path("end").asText()).isEqualTo("2026-12-01T09:00:00-06:00");
  }

  @Test
  void aReasonOfTheEventIsTheReasonOfACancellationOnly() {
    assertThat(appointment("S15", sch(6, "ILL^Patient is ill")).at("/cancelationReason/coding/0"))
        .isEqualTo(Maps.json("{'code':'ILL','display':'Patient is ill'}"));
    assertThat(appointment("S12", sch(6, "ILL^Patient is ill")).has("cancelationReason")).isFalse();
  }

  @Test
  void aResourceThatIsTakenAwayHasDeclined() {
    ObjectNode made = appointment("S14", sch(25, "Booked"), "AIP|1|D|7^Lara", "AIP|2||8^Roe");
    assertThat(made.path("participant").findValuesAsText("status"))
        .containsExactly("declined", "accepted");
  }

  @Test
  void severalNotesAreOneCommentAndThoseOfAServiceAreInstructions() {
    ObjectNode made =
        appointment(
            "S12",
            SCH,
            "NTE|1||one",
            "NTE|2||two~three",
            "AIS|1||X",
            "NTE|1||four",
            "AIL|1||A",
            "NTE|1||five");
    assertThat(made.path("comment").asText()).isEqualTo("one\ntwo\nthree\nfive");
    assertThat(made.path("patientInstruction").asText()).isEqualTo("four");
  }

  @Test
  void anOffsetIsCountedFromTheStartOfTheAppointment() {
    ObjectNode made = appointment("S12", sch(11, "^^^20261201083000-0600"), "AIL|1||ICU||||15|min");
    assertThat(made.at("/participant/0/period/start").asText())
        .isEqualTo("2026-12-01T08:45:00-06:00");
  }

  @Test
  void anAppointmentAsCernerReadsItBecomesSiu() throws IOException, HL7Exception {
    Trips.Back back =
        back(
            "SIU^S12",
            Maps.json("{'resourceType':'Patient','id':'1','name':[{'family':'ZZTEST'}]}"),
            Maps.json("{'resourceType':'Patient','id':'2','name':[{'family':'ZZOTHER'}]}"),
            Maps.json(
                """
            {'resourceType':'Appointment','id':'9','status':'arrived','serviceType':[{'coding':[{'system':'http://snomed.info/sct','code':'5'}]}],
             'start':'2026-12-01T14:30:00Z','end':'2026-12-01T15:00:00Z','minutesDuration':30,
             'slot':[{'reference':'Slot/1'}],
             'participant':[{'actor':{'reference':'Patient/1'},'status':'accepted'},
              {'type':[{'coding':[{'code':'PPRF'}]}],'actor':{'reference':'Practitioner/7','display':'Lara, Tomas'},'required':'required','status':'accepted'},
              {'actor':{'reference':'Location/8','display':'Clinic 1'},'required':'optional','status':'tentative'},
              {'actor':{'display':'Room 7'},'status':'accepted'}]}
            """));
    Trips.validV2(back.message());
    assertThat(back.message().all("PID")).hasSize(1);
    assertThat(back.segment("PID")).contains("ZZTEST");
    assertThat(back.segment("SCH")).contains("|30|min|^^^20261201083000-0600^20261201090000-0600|");
    assertThat(back.segment("SCH")).endsWith("|Started^Started^HL70278");
    assertThat(back.segment("AIP")).startsWith("AIP|1||7^Lara^Tomas^^^^^^FHIR|PPRF|");
    assertThat(back.segment("AIL"))
        .isEqualTo("AIL|1||^^^^^^^^Clinic 1|||||||||Pending^Pending, not confirmed^HL70278");
    assertThat(back.segment("AIG")).startsWith("AIG|1||^Room 7|");
    assertThat(back.run().coverage())
        .extracting(CoverageNote::path)
        .contains("Appointment.slot[0]", "Appointment.participant[2].required", "Patient[2]");
  }

  @Test
  void aPatientWhoIsNotAtHandIsNoted() {
    Trips.Back back =
        back(
            "SIU^S12",
            Maps.json(
                "{'resourceType':'Appointment','id':'9','status':'booked','participant':[{'actor':{'reference':'Patient/1'},'status':'accepted'}]}"));
    assertThat(back.message().all("PID")).isEmpty();
    assertThat(back.run().coverage())
        .extracting(CoverageNote::path, CoverageNote::kind)
        .contains(
            org.assertj.core.groups.Tuple.tuple(
                "Appointment.participant[0].actor.reference", CoverageNote.Kind.LOSSY));
  }

  @Test
  void everyFieldOfEverySegmentIsToldOf() {
    List<String> segments = new ArrayList<>();
    Map<String, Integer> lengths =
        Map.of(
            "SCH", 27, "TQ1", 14, "NTE", 4, "RGS", 3, "AIS", 12, "AIG", 14, "AIL", 12, "AIP", 12);
    for (String name : List.of("SCH", "TQ1", "NTE", "RGS", "AIS", "AIG", "AIL", "AIP")) {
      StringBuilder segment = new StringBuilder(name);
      for (int i = 1; i <= lengths.get(name); i++) {
        segment.append("|a^b&c^d^e^f^g^h^i^j^k^l^m~n^o");
      }
      segments.add(segment.toString());
    }
    for (String event : List.of("S12", "S14", "S15")) {
      V2Message message = Maps.message("SIU^" + event, segments.toArray(new String[0]));
      MappingRun run = Maps.MAPPER.map(message, Maps.CONTEXT);
      assertThat(Trips.untold(message, run)).isEmpty();
      assertThat(run.coverage())
          .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
          .extracting(CoverageNote::path)
          .filteredOn(path -> !path.contains("."))
          .as(event)
          .isEmpty();
    }
  }
}
