package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.cerner.FaultCode;
import org.millrace.delivery.DeliverySettings.PatientCheck;
import org.millrace.delivery.DeliverySettings.VisitMissing;
import org.millrace.hl7.V2Message;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Note;
import org.millrace.journal.SampleMessages;

class PatientAndVisitTest {
  private Path folder;
  private DeliveryFixture engine;

  @BeforeEach
  void set(@TempDir Path empty) {
    folder = empty;
    engine = new DeliveryFixture(folder);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @ParameterizedTest
  @CsvSource({
    "6931^^^MRN^MR,                  P1", // named authority
    "6931^^^MRN,                     P1",
    "6931,                           P1", // untyped, no authority
    "6931^^^^MR,                     P1",
    "9^^^OTHER^MR~6931^^^MRN^MR,     P1", // a foreign number does not count
    "9^^^^SS~6931^^^^MR,             P1",
    "6931^^^MRN^MR~6931^^^MRN^MR,    P1",
    "404^^^MRN^MR~6931^^^MRN^MR,     P1", // one of two is known
  })
  void theNumberThatCountsFindsThePatient(String pid3, String patient) {
    engine.start().accept(SampleMessages.oruOf(pid3, "A1", "one"));

    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.documents().get(0).path("subject").path("reference").asText())
        .isEqualTo("Patient/" + patient);
  }

  @ParameterizedTest
  @CsvSource({
    "'',                          no-patient-number",
    "6931^^^OTHER^MR,             no-patient-number", // somebody else's number
    "6931^^^^SS,                  no-patient-number",
    "'\"\"^^^MRN^MR',             no-patient-number",
    "404^^^MRN^MR,                no-such-patient",
    "06931^^^MRN^MR,              no-such-patient", // zeros are never stripped
    "5555^^^MRN^MR,               ambiguous-patient",
    "6931^^^MRN^MR~77^^^MRN^MR,   two-patients",
  })
  void whatDoesNotNameOnePatientIsHeld(String pid3, String code) {
    engine.chart.patient("5555", "P5", "Markley", "1976-04-29");
    engine.chart.patient("5555", "P6", "Markley", "1976-04-29");
    engine.chart.patient("77", "P7", "Markley", "1976-04-29");
    engine.start().accept(SampleMessages.oruOf(pid3, "A1", "one"));

    MessageSummary held = engine.await("A1", MessageState.HELD);

    assertThat(held.reason().code()).isEqualTo(code);
    assertThat(held.reason().remedy()).isNotEmpty();
    assertThat(held.reason().whoActs()).isNotEmpty();
    assertThat(engine.chart.count("create")).isZero();
    assertThat(engine.told(1)).containsExactly(held.id() + " results " + code);
  }

  @Test
  void aCombinedPatientIsFollowedToTheSurvivor() {
    engine.chart.patient("88", "P8", "Markley", "1976-04-29");
    engine.chart.combine("P8", "P1");
    engine.start().accept(SampleMessages.oruOf("88^^^MRN~6931^^^MRN", "A1", "one"));

    engine.await("A1", MessageState.DELIVERED);

    assertThat(engine.chart.documents().get(0).path("subject").path("reference").asText())
        .isEqualTo("Patient/P1");
  }

  @ParameterizedTest
  @CsvSource({
    "MARKLEY^JOE,     19760429,        true",
    "MARKLEY^JOE,     19760429083000,  true",
    "MARKLEY^JOE,     1976,            true",
    "OTHER^JOE,       19760429,        true", // birth date confirms
    "OTHER^JOE,       1976,            true", // compares what it says
    "' markley ^JOE', '',              true", // name confirms
    "OLD^X~MARKLEY^Y, '',              true",
    "MARKLEY^JOE,     unknown,         true",
    "MÁRK-LEY^JOE,    '',              true", // accents and hyphens do not count
    "OTHER^JOE,       1976-04-29,      true", // as FHIR writes it
    "OTHER^JOE,       1976-05-30,      false",
    "OTHER^JOE,       1976-0500,       true", // a year and an offset
    "MARKLEY^JOE,     19760430,        false", // birth date contradicts
    "MARKLEY^JOE,     197605,          false",
    "MARKLEY^JOE,     1977,            false",
    "OTHER^JOE,       '',              false", // nothing confirms
    "'',              '',              false",
  })
  void pidMustAgreeWithTheChart(String name, String birthDate, boolean agrees) {
    engine.start().accept(message(name, birthDate, "PV1|1|I"));

    MessageSummary line = engine.await("A1", agrees ? MessageState.DELIVERED : MessageState.HELD);

    assertThat(line.reason().code()).isEqualTo(agrees ? "" : "patient-does-not-agree");
  }

  @Test
  void turkishLettersDoNotMakeNamesDiffer() {
    engine.chart.patient("9", "P9", "Iris", "");
    engine
        .start()
        .accept(
            SampleMessages.read(
                "MSH|^~\\&|LAB|NORTH|M|H|20261120||ORU^R01|A1|D|2.5.1",
                "PID|1||9^^^MRN||IRIS^X",
                "OBR|1||F1",
                "OBX|1|TX|1||one||||||F"));

    engine.await("A1", MessageState.DELIVERED);
  }

  @Test
  void theCheckCanBeSwitchedOff() {
    engine.with(settings(PatientCheck.NONE, Optional.empty(), VisitMissing.FILE));
    engine.start().accept(message("OTHER^X", "1900", "PV1|1|I"));

    engine.await("A1", MessageState.DELIVERED);
  }

  @Test
  void aReadThatFailsForAWhileIsTriedAgain() {
    engine.chart.nextFind(
        ScriptedChart.fault(FaultCode.UNREACHABLE, 0, true),
        ScriptedChart.fault(FaultCode.CREDENTIALS_REFUSED, 401, true));
    engine.start().accept(SampleMessages.oru("A1", "one"));
    assertThat(engine.await("A1", MessageState.RETRYING).reason().code()).isEqualTo("unreachable");

    engine.clock.forward(Duration.ofMinutes(1));
    assertThat(engine.awaitAttempts("A1", 2).reason().code()).isEqualTo("credentials-refused");

    engine.clock.forward(Duration.ofMinutes(1));
    engine.await("A1", MessageState.DELIVERED);
  }

  @Test
  void aReadThatIsRefusedForGoodIsHeld() {
    engine.chart.nextFind(ScriptedChart.fault(FaultCode.RECORD_DEFECT, 500, true));
    engine.start().accept(SampleMessages.oru("A1", "one"));

    assertThat(engine.await("A1", MessageState.HELD).reason().code()).isEqualTo("read-refused");
  }

  @Test
  void theVisitIsMatchedAmongThePatientsEncounters() {
    engine.chart.encounter("E1", "P1", "urn:other", "V1");
    engine.chart.encounter("E2", "P1", "urn:visit", "V1");
    engine.chart.encounter("E3", "P1", "urn:visit", "V2");
    engine.start().accept(visit("V1^^^VISIT"));

    engine.await("A1", MessageState.DELIVERED);

    assertThat(encounter()).isEqualTo("Encounter/E2");
  }

  @Test
  void aVisitNumberOfTwoEncountersIsHeld() {
    engine.chart.encounter("E1", "P1", "urn:other", "V1");
    engine.chart.encounter("E2", "P1", "urn:visit", "V1");
    engine.start().accept(visit("V1"));

    assertThat(engine.await("A1", MessageState.HELD).reason().code()).isEqualTo("ambiguous-visit");
  }

  @Test
  void theVisitIsSearchedByItsSystemWhereThatIsSet() {
    engine.with(settings(PatientCheck.NONE, Optional.of("urn:visit"), VisitMissing.FILE));
    engine.chart.encounter("E2", "P1", "urn:visit", "V1");
    engine.start().accept(visit("V1"));

    engine.await("A1", MessageState.DELIVERED);

    assertThat(encounter()).isEqualTo("Encounter/E2");
  }

  @Test
  void aVisitNumberWithABarIsSearchedAsItIs() {
    engine.with(settings(PatientCheck.NONE, Optional.of("urn:visit"), VisitMissing.HOLD));
    engine.chart.encounter("E2", "P1", "urn:visit", "V|1");
    engine.start().accept(visit("V\\F\\1"));

    engine.await("A1", MessageState.DELIVERED);

    assertThat(encounter()).isEqualTo("Encounter/E2");
  }

  @Test
  void theVisitOfAnotherPatientIsHeld() {
    engine.with(settings(PatientCheck.NONE, Optional.of("urn:visit"), VisitMissing.FILE));
    engine.chart.patient("2", "P2", "Other", "1980-01-01");
    engine.chart.encounter("E2", "P2", "urn:visit", "V1");
    engine.start().accept(visit("V1"));

    assertThat(engine.await("A1", MessageState.HELD).reason().code())
        .isEqualTo("visit-of-another-patient");
  }

  @Test
  void theVisitOfAnotherPatientIsHeldWhereItsAuthorityIsKnown() {
    engine.chart.patient("2", "P2", "Other", "1980-01-01");
    engine.chart.encounter("E2", "P2", "urn:visit", "V1");
    engine.start().accept(visit("V1^^^VISIT"));

    assertThat(engine.await("A1", MessageState.HELD).reason().code())
        .isEqualTo("visit-of-another-patient");
  }

  @Test
  void theVisitOfACombinedPatientIsTheSurvivors() {
    engine.with(settings(PatientCheck.NONE, Optional.of("urn:visit"), VisitMissing.FILE));
    engine.chart.patient("2", "P2", "Other", "1980-01-01");
    engine.chart.combine("P2", "P1");
    engine.chart.encounter("E2", "P2", "urn:visit", "V1");
    engine.start().accept(visit("V1"));

    engine.await("A1", MessageState.DELIVERED);
    assertThat(encounter()).isEqualTo("Encounter/E2");
  }

  @Test
  void anUnknownVisitIsFiledWithoutAndReportedOrHeldAsSet() {
    engine.start().accept(visit("V9"));
    engine.await("A1", MessageState.DELIVERED);
    assertThat(encounter()).isEmpty();
    assertThat(engine.journey("A1").notes())
        .extracting(Note::code)
        .containsExactly("no-such-visit");
  }

  @Test
  void anUnknownVisitIsHeldWhereThatIsSet() {
    engine.with(settings(PatientCheck.NONE, Optional.empty(), VisitMissing.HOLD));
    engine.start().accept(visit("V9"));

    assertThat(engine.await("A1", MessageState.HELD).reason().code()).isEqualTo("no-such-visit");
  }

  private static DeliverySettings settings(
      PatientCheck check, Optional<String> visitSystem, VisitMissing missing) {
    return new DeliverySettings(
        "urn:mrn", check, visitSystem, missing, Map.of(), DeliveryFixture.QUICK);
  }

  private String encounter() {
    return engine
        .chart
        .documents()
        .get(0)
        .path("context")
        .path("encounter")
        .path(0)
        .path("reference")
        .asText();
  }

  private static V2Message visit(String pv119) {
    return message("MARKLEY^JOE", "19760429", "PV1|1|I" + "|".repeat(17) + pv119);
  }

  private static V2Message message(String name, String birthDate, String pv1) {
    return SampleMessages.read(
        "MSH|^~\\&|LAB|NORTH|M|H|20261120||ORU^R01|A1|D|2.5.1",
        "PID|1||6931^^^MRN^MR||" + name + "||" + birthDate,
        pv1,
        "OBR|1||F1",
        "OBX|1|TX|1||one||||||F");
  }
}
