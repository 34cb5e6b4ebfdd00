package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.OfficialValidator;
import org.millrace.hl7.V2Time;

/** What messages and resources made by chance have found, one small example of each. */
class FoundByChanceTest {
  private static final OfficialValidator VALIDATOR = new OfficialValidator();
  private static final String OBSERVATIONS = "ORU^R01/observations";
  private static final String PID = "PID|1||A1^^^MRN||ZZTEST^Ada||19800131|F";
  private static final String SCH = "SCH|P1|F1||||R|||||";
  private static final String REPORT =
      "{'resourceType':'DiagnosticReport','id':'1','status':'final','code':{'text':'x'}%s}";

  private static MappingRun results(String... segments) {
    String[] all = new String[segments.length + 1];
    all[0] = PID;
    System.arraycopy(segments, 0, all, 1, segments.length);
    return Maps.MAPPER.map(Maps.message("ORU^R01", all), "observations", Maps.CONTEXT);
  }

  private static MappingRun result(String obx) {
    return results("OBR|1|||X^X||||||||||||||||||||||F", obx);
  }

  /** A report and one observation, in the short form of {@link Maps#json}. */
  private static Documents.Back written(String ofReport, String ofObservation) {
    String observation =
        "{'resourceType':'Observation','id':'2','status':'final','code':{'text':'x'}%s}";
    return Documents.write(
        OBSERVATIONS,
        Map.of(
            "DiagnosticReport/1",
            Maps.json(REPORT.formatted(",'result':[{'reference':'Observation/2'}]" + ofReport)),
            "Observation/2",
            Maps.json(observation.formatted(ofObservation))));
  }

  private static List<String> told(List<CoverageNote> notes) {
    return notes.stream().map(note -> note.kind() + " " + note.path()).toList();
  }

  private static JsonNode observation(MappingRun run) {
    return Maps.resource(run, "Observation");
  }

  @Test
  void theAccountOfOnePatientIsNotWrittenToAnother() {
    Trip trip =
        Trip.of(
            "SIU^S12",
            SCH,
            "PID|1||A1^^^MRN",
            "PV1|1|O",
            "PID|2||A2^^^MRN" + "|".repeat(15) + "ACC2",
            "PV1|1|O");
    assertThat(trip.back().value("PID[1]-3.1")).isEqualTo("A1");
    assertThat(trip.back().value("PID[1]-18.1")).isEmpty();
    assertThat(trip.back().value("PID[2]-18.1")).isEqualTo("ACC2");
  }

  @ParameterizedTest
  @CsvSource({"ADT^A01", "ADT^A40", "ADT^A47"})
  void aMotherToldByNumberComesBackInPid21(String type) {
    Trip trip = Trip.of(type, PID + "|".repeat(13) + "M77^^^MRN^MR", "MRG|A0^^^MRN");
    assertThat(trip.back().value("PID-21.1")).isEqualTo("M77");
    assertThat(trip.segments("NK1")).isEmpty();
  }

  @Test
  void aMotherWithoutANameWhoIsNextOfKinComesBackAsOne() {
    Trip trip =
        Trip.of("ADT^A01", PID + "|".repeat(13) + "M77^^^MRN^MR", "NK1|1||MTH||555-1^PRN^PH");
    assertThat(trip.back().value("PID-21.1")).isEqualTo("M77");
    assertThat(trip.segments("NK1")).hasSize(1);
    assertThat(trip.back().value("NK1-3.1")).isEqualTo("MTH");
    assertThat(trip.back().value("NK1-5.1")).isEqualTo("555-1");
  }

  @Test
  void aLocationToComeStandsBesideATemporaryOne() {
    Trip trip = Trip.of("ADT^A05", PID, "PV1|1|P|WARD^1||||||||HALL^2");
    assertThat(trip.back().value("PV1-3.1")).isEqualTo("WARD");
    assertThat(trip.back().value("PV1-11.1")).isEqualTo("HALL");
  }

  @Test
  void noPeriodEndsBeforeItBegins() {
    JsonNode period =
        Trip.of(
                "SIU^S12",
                SCH + "^^^20261201083000-0600^20261201090000-0600",
                PID,
                "RGS|1",
                "AIL|1||^^^^^^^^Room|||20261201083000.5-0600|||0|min||Booked")
            .valid()
            .all("Appointment")
            .get(0)
            .at("/participant/0/period");
    V2Time start = V2Time.fromFhir(period.path("start").asText()).orElseThrow();
    V2Time end = V2Time.fromFhir(period.path("end").asText()).orElseThrow();
    assertThat(end.start(Maps.ZONE)).isAfterOrEqualTo(start.start(Maps.ZONE));
  }

  @Test
  void aPlaceOfNumberNoneOrWithZerosIsTold() {
    Trip trip = Trip.of("ACK^A01", "MSA|AE|1", "ERR||PID^0^05^^3^000|101|E");
    JsonNode issue = trip.all("OperationOutcome").get(0).at("/issue/0");
    assertThat(issue.at("/location/0").asText()).isEqualTo("PID-5.3");
    assertThat(trip.notes(CoverageNote.Kind.LOSSY))
        .contains("ERR[1]-2.2", "ERR[1]-2.3", "ERR[1]-2.6");
  }

  @Test
  void aSubcomponentWithoutItsComponentIsTold() {
    Trip trip = Trip.of("ACK^A01", "MSA|AE|1", "ERR||PID^1^5^1^^2|101|E");
    assertThat(trip.notes(CoverageNote.Kind.UNREAD)).containsExactly("ERR[1]-2.6");
  }

  @Test
  void anAcknowledgmentOfNoMessageIsValid() {
    JsonNode header = Trip.of("ACK^A01", "MSA|CR").valid().all("MessageHeader").get(0);
    assertThat(header.at("/response/_identifier/extension/0/valueCode").asText())
        .isEqualTo("unknown");
  }

  @Test
  void aVisitOfClassNIsWrittenSoThatItIsReadAgain() {
    Map<String, JsonNode> resources =
        Map.of(
            "Patient/1",
            Maps.json("{'resourceType':'Patient','id':'1','name':[{'family':'X'}]}"),
            "Encounter/2",
            Maps.json(
                "{'resourceType':'Encounter','id':'2','status':'in-progress','subject':{'reference':'Patient/1'},"
                    + "'class':{'system':'http://terminology.hl7.org/CodeSystem/v2-0004','code':'N'}}"));
    Trip trip = Trip.back("ADT^A01", resources);
    assertThat(trip.back().value("PV1-2")).isEqualTo("U");
    assertThat(told(trip.written().coverage())).contains("LOSSY Encounter.class");
  }

  @Test
  void classNWithTheNumberOfAVisitStays() {
    Trip trip = Trip.of("ADT^A01", PID, "PV1|1|N" + "|".repeat(17) + "V1^^^FIN");
    assertThat(trip.back().value("PV1-2")).isEqualTo("N");
    assertThat(trip.notes(CoverageNote.Kind.LOSSY)).isEmpty();
    assertThat(Trip.of("ADR^A19", PID, "PV1|1|N").notes(CoverageNote.Kind.LOSSY))
        .containsExactly("PV1-2");
  }

  @Test
  void aPeriodWithoutItsEndComesBackAsATime() {
    Documents.Back back = written(",'effectivePeriod':{'start':'2026'}", "");
    assertThat(back.message().value("OBR-7")).isEqualTo("2026");
    assertThat(told(back.run().coverage()))
        .contains("LOSSY DiagnosticReport.effectivePeriod.start");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        ",'valueQuantity':{'value':5,'unit':'mg','system':'http://example.org'};"
            + " Observation.valueQuantity.system",
        ",'valueRange':{'low':{'value':5,'unit':'mg','system':'http://example.org'}};"
            + " Observation.valueRange.low.system"
      })
  void theSystemOfAUnitWithoutACodeIsTold(String value, String path) {
    Documents.Back back = written("", value);
    assertThat(back.message().value("OBX-6")).isEqualTo("mg");
    assertThat(told(back.run().coverage())).contains("LOSSY " + path);
  }

  @Test
  void aRequestedPeriodIsToldAsWhatItBecomes() {
    Trip trip =
        Trip.back(
            "SIU^S12",
            Map.of(
                "Appointment/1",
                Maps.json(
                    "{'resourceType':'Appointment','id':'1','status':'proposed','participant':[],"
                        + "'requestedPeriod':[{'end':'2026-11-20T08:30:15-06:00'}]}")));
    assertThat(trip.back().value("SCH-11.5")).startsWith("20261120083015");
    assertThat(told(trip.written().coverage()))
        .contains("LOSSY Appointment.requestedPeriod[0].end");
  }

  @Test
  void startAndEndOfAnAppointmentAreOfOneRepetition() {
    Trip trip =
        Trip.of(
            "SIU^S12",
            SCH + "^^^20261201083000-0600~^^^20261202083000-0600^20261202090000-0600",
            PID);
    JsonNode appointment = trip.all("Appointment").get(0);
    assertThat(appointment.path("start").asText()).startsWith("2026-12-01");
    assertThat(appointment.path("end").asText()).startsWith("2026-12-01");
    assertThat(trip.notes(CoverageNote.Kind.LOSSY)).contains("SCH[1]-11[2]");
  }

  @Test
  void theNameOfAUnitHasItsOwnWay() {
    MappingRun run = result("OBX|1|NM|A||100|odd^Odd unit||||F");
    assertThat(observation(run).at("/valueQuantity/unit").asText()).isEqualTo("Odd unit");
    assertThat(run.lineage())
        .anyMatch(
            way -> way.target().endsWith("valueQuantity.unit") && way.source().endsWith("-6.2"));
  }

  @Test
  void aNumberBehindASignThatIsNoComparatorStaysText() {
    assertThat(observation(result("OBX|1|SN|A||≥^100|mg|||||F")).path("valueString").asText())
        .isEqualTo("≥ 100 mg");
    assertThat(observation(result("OBX|1|SN|A||>=^100|mg|||||F")).at("/valueQuantity/comparator"))
        .hasToString("\">=\"");
  }

  @Test
  void aNumberThatComesBackInAnotherComponentIsTold() {
    MappingRun run = result("OBX|1|SN|A||^100||||||F");
    assertThat(Documents.write(OBSERVATIONS, run).message().value("OBX-5")).isEqualTo("100");
    assertThat(told(run.coverage())).contains("LOSSY OBX[1]-5");
  }

  @Test
  void textInADocumentIsToldToComeBackAsBase64() {
    MappingRun run = result("OBX|1|ED|A^Note||^text^plain^A^Ward 3||||||F");
    assertThat(Documents.write(OBSERVATIONS, run).message().value("OBX-5.5")).isEqualTo("V2FyZCAz");
    assertThat(told(run.coverage())).contains("LOSSY OBX[1]-5.5");
  }

  @Test
  void eachNoteOfAReportIsOneAndKeepsItsType() {
    MappingRun run =
        results(
            "OBR|1|||X^X||||||||||||||||||||||F",
            "NTE|1||One~line two|RE^Remark^HL70364",
            "NTE|2||Another");
    JsonNode notes = Maps.resource(run, "DiagnosticReport").path("extension");
    assertThat(notes).hasSize(2);
    assertThat(notes.at("/0/valueAnnotation/text").asText()).isEqualTo("One\nline two");
    assertThat(Documents.write(OBSERVATIONS, run).segments())
        .contains("NTE|1||One~line two|RE^Remark^HL70364", "NTE|2||Another");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00a0", "\u00a0A", "A\tB", "A\u00a0\u2007B", " A"})
  void aCodeHoldsSingleBlanksOnly(String code) {
    MappingRun run = result("OBX|1|CE|" + code + "^Name^L||Y^Yes^L||||||F");
    assertThat(VALIDATOR.errors(observation(run).toString())).isEmpty();
    assertThat(run.coverage()).extracting(CoverageNote::path).contains("OBX[1]-3.1");
  }

  @Test
  void aDefaultSaysWhereItWasPut() {
    assertThat(told(Trip.of("ADR^A19", PID, "PV1|1").there().coverage()))
        .contains("DEFAULTED Encounter.class.code");
  }
}
