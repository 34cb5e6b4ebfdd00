package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cli.Ran.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.Mappings;

class MapReverseTest {
  private static final String PATIENT =
      "{'resourceType':'Patient','id':'1','name':[{'use':'official','family':'ZZTEST','given':['Ada']}],"
          + "'identifier':[{'system':'urn:oid:2.16.840.1.113883.6.1000','value':'A1'}]}";
  private static final String APPOINTMENT =
      "{'resourceType':'Appointment','id':'9','status':'cancelled','participant':[{'actor':{'reference':'Patient/1'},'status':'accepted'}]}";

  @TempDir Path folder;

  private String file(String json) throws IOException {
    Path file = folder.resolve("resources.json");
    return Files.writeString(file, json.replace('\'', '"'), StandardCharsets.UTF_8).toString();
  }

  private MapReverse.Written written(String json, String as) throws Exception {
    Clock clock = Clock.fixed(Instant.parse("2026-11-20T18:00:00Z"), ZoneOffset.UTC);
    MappingContext context = new MappingContext(ZoneId.of("America/Chicago"), "", Map.of());
    Mapper mapper = new Mapper(Mappings.load(Path.of("mappings")));
    MapReverse.Header header = new MapReverse.Header(clock, () -> "ID1");
    return new MapReverse(mapper, context, header).write(Path.of(file(json)), as);
  }

  @Test
  void anAppointmentBecomesSiuByItsStatus() throws Exception {
    MapReverse.Written written = written("[" + PATIENT + "," + APPOINTMENT + "]", "");
    assertThat(written.chosen())
        .isEqualTo(new MessageChoice.Chosen("SIU^S15", "there is an Appointment, cancelled"));
    assertThat(written.message().split("\r")[0])
        .isEqualTo(
            "MSH|^~\\&|MILLRACE||||20261120120000-0600||SIU^S15^SIU_S12|ID1|D|2.5.1||||||UNICODE UTF-8");
    assertThat(written.message()).contains("\rPID|").contains("ZZTEST^Ada");
  }

  @Test
  void theTypeMayBeSaid() throws Exception {
    MapReverse.Written written = written(PATIENT, "ADR^A19");
    assertThat(written.chosen().why()).isEqualTo("--as says so");
    assertThat(written.message()).contains("|ADR^A19^ADR_A19|").contains("\rPID|");
  }

  @Test
  void aMessageHeaderTellsTypeAndHeader() throws Exception {
    String header =
        "{'resourceType':'MessageHeader','eventCoding':{'system':'http://terminology.hl7.org/CodeSystem/v2-0003','code':'S13','display':'SIU^S13^SIU_S12'},"
            + "'source':{'name':'SCHED','endpoint':'urn:oid:2.16.840.1.113883.19.3'},"
            + "'meta':{'tag':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0103','code':'T'}]}}";
    MapReverse.Written written = written("[" + header + "," + APPOINTMENT + "]", "");
    assertThat(written.chosen().why()).isEqualTo("MessageHeader.eventCoding says so");
    assertThat(written.message())
        .startsWith(
            "MSH|^~\\&|SCHED^2.16.840.1.113883.19.3^ISO||||20261120120000-0600||SIU^S13^SIU_S12|ID1|T|");
  }

  @Test
  void anAppointmentRemembersTheEventItCameWith() throws Exception {
    String moved =
        APPOINTMENT.replace(
            "'status':'cancelled',",
            "'status':'booked','_status':{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/alternate-codes',"
                + "'valueCodeableConcept':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0003','code':'S13'}]}}]},");
    assertThat(written(moved, "").chosen().type()).isEqualTo("SIU^S13");
  }

  @Test
  void aProvenanceTellsTheEventOfAnAdmission() throws Exception {
    String provenance =
        "{'resourceType':'Provenance','recorded':'2026-11-20T12:00:00Z','activity':{'coding':"
            + "[{'system':'http://terminology.hl7.org/CodeSystem/v2-0003','code':'A04'}]}}";
    MapReverse.Written written = written("[" + PATIENT + "," + provenance + "]", "");
    assertThat(written.chosen())
        .isEqualTo(new MessageChoice.Chosen("ADT^A04", "Provenance.activity says so"));
    assertThat(written.message()).contains("\rEVN|A04|20261120060000-0600");
  }

  @Test
  void anOutcomeAloneIsAnAcknowledgment() throws Exception {
    String outcome =
        "{'resourceType':'OperationOutcome','issue':[{'severity':'error','code':'not-found'}]}";
    assertThat(written(outcome, "").message()).contains("|ACK|ID1|D|").contains("\rMSA|AE\r");
  }

  @Test
  void aBundleIsReadWithItsUrlsAndEntriesWithoutResourceAreSkipped() throws Exception {
    String bundle =
        "{'resourceType':'Bundle','entry':[{'request':{'method':'DELETE'}},{'fullUrl':'urn:uuid:p','resource':"
            + PATIENT
            + "},{'fullUrl':'urn:uuid:a','resource':"
            + APPOINTMENT.replace("Patient/1", "urn:uuid:p")
            + "}]}";
    assertThat(written(bundle, "").message()).contains("ZZTEST^Ada");
  }

  @Test
  void textShowsMessageLineageAndCoverage() throws Exception {
    Ran ran = run("map", "--reverse", file("[" + PATIENT + "," + APPOINTMENT + "]"));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out().lines())
        .contains(
            "SIU^S15, because there is an Appointment, cancelled",
            "Where each value comes from",
            "Everything was mapped.")
        .anyMatch(line -> line.startsWith("PID|1||A1^^^MRN&"))
        .anyMatch(line -> line.startsWith("  PID[1]-5[1].1.1  <-  Patient.name[0].family  ("));
  }

  @Test
  void jsonIsOneLineWithTheSame() throws Exception {
    Ran ran = run("map", "--reverse", "--json", file(APPOINTMENT));
    assertThat(ran.out().lines()).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(ran.out());
    assertThat(line.path("message").asText()).isEqualTo("SIU^S15");
    assertThat(line.path("why").asText()).contains("Appointment");
    assertThat(line.path("hl7").asText()).startsWith("MSH|").contains("\rSCH|");
    assertThat(line.path("lineage")).isNotEmpty();
    assertThat(line.path("coverage").findValuesAsText("path"))
        .contains("Appointment.participant[0].actor.reference");
  }

  @Test
  void whatIsNoFhirIsToldInOneLineWithItsPlace() throws Exception {
    says("{\n'resourceType':\n'Patient',,", ".json:3: this is no JSON");
    says(
        "{'resourceType':'Patient',\n'contained':[{'resourceType':\n'Pateint'}]}",
        ".json:3: FHIR R4 has no resource 'Pateint'");
    says("[{'resourceType':'Patient'},7]", "[1] has no resourceType");
    says("{'a':1}", "the file has no resourceType");
    says("[]", "holds no resource");
    says("", "is empty");
    says("MSH|^~\\&|LAB", ".json:1: this is no JSON (a message goes without --reverse)");
    says(
        "{'resourceType':'Device'}",
        "no message is known to be made of [Device]; say which with --as");
  }

  private void says(String json, String sentence) throws IOException {
    Ran ran = run("map", "--reverse", file(json));
    assertThat(ran.exitCode()).as(json).isEqualTo(3);
    assertThat(ran.err().lines()).singleElement().asString().contains(sentence);
  }

  @Test
  void aTypeWithoutMessageFileIsTold() throws Exception {
    Ran ran = run("map", "--reverse", "--as", "VXU^V04", file(PATIENT));
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("there is no message file for VXU^V04").contains("SIU^S12");
    assertThat(run("map", "--as", "ACK", file(PATIENT)).err()).contains("--as goes with --reverse");
  }
}
