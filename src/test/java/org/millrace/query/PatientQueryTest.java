package org.millrace.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.query.QueryBench.ask;
import static org.millrace.query.QueryBench.encounter;
import static org.millrace.query.QueryBench.patient;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.v251.message.ADR_A19;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is asked for, and what is answered about them. */
class PatientQueryTest {
  private static QueryBench bench;

  private PatientQuery query;

  @BeforeAll
  static void open() {
    bench = QueryBench.open();
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @BeforeEach
  void reset() {
    bench.reset();
    query = bench.query();
  }

  @Test
  void aRehearsalWritesAWholeAnswerAndAsksNobody() {
    Adr adr = new Adr(query.rehearse(), StandardCharsets.US_ASCII);

    assertThat(adr.verdict()).isEqualTo("AA OK");
    assertThat(adr.field("PID", 5)).contains("Nobody^At");
    assertThat(adr.structure()).contains("PV1");
    assertThat(bench.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9900102",
        "9900102^^^^^^^^&2.16.840.1.113883.6.1000&ISO",
        "9900102^^^^^^^^MRN",
        "9900102^^^^^^^^CERNER-MRN",
        "9900102^^^^^^^^^^^^MR",
        "9900102^ZZTESTMILLER^JOHN",
        "~9900102",
      })
  void aMedicalRecordNumberGivesThePatientAndTheVisit(String who) throws HL7Exception {
    Adr adr = ask(query, message(who));

    assertThat(adr.verdict()).isEqualTo("AA OK");
    assertThat(adr.structure()).startsWith("MSH", "MSA", "QAK", "QRD", "PID").contains("PV1");
    assertThat(adr.numbers()).containsExactly("9900102");
    assertThat(adr.all("PV1")).singleElement().asString().contains("88000203");
    ADR_A19 read = adr.byHapi();
    assertThat(read.getQUERY_RESPONSEReps()).isEqualTo(1);
    assertThat(read.getQUERY_RESPONSE().getPID().getPatientName(0).getFamilyName().encode())
        .isEqualTo("ZZTESTMILLER");
  }

  @Test
  void theHeadEchoesTheQuery() throws HL7Exception {
    String definition = "QRD|202611201200|R|I|A-LONG-QUERY-TAG|||1^RD|9900102|DEM|||odd^^^&x~y";
    String filter = "QRF|MPI|20260101|20261231||x^y&z||";
    Adr adr =
        ask(
            query,
            "MSH|^~\\&|LAB^1.2^ISO|MAIN|MILLRACE|HOSP|20261120120000||QRY^A19|CTL-7|D|2.5.1\r"
                + definition
                + "\r"
                + filter
                + "\r");

    assertThat(adr.field("MSH", 9)).isEqualTo("ADR^A19^ADR_A19");
    assertThat(adr.field("MSH", 5)).isEqualTo("LAB^1.2^ISO");
    assertThat(adr.field("MSA", 2)).isEqualTo("CTL-7");
    assertThat(adr.field("QAK", 1)).isEqualTo("A-LONG-QUERY-TAG");
    assertThat(adr.field("QAK", 4)).isEqualTo("1");
    assertThat(adr.field("QAK", 5)).isEqualTo("1");
    assertThat(adr.field("QAK", 6)).isEqualTo("0");
    assertThat(adr.text()).contains("\r" + definition + "\r" + filter + "\r");
  }

  @Test
  void aCernerIdIsAskedWithTheAuthorityFhir() throws HL7Exception {
    Adr adr = ask(query, message("12990001^^^^^^^^FHIR"));

    assertThat(adr.verdict()).isEqualTo("AA OK");
    assertThat(adr.numbers()).containsExactly("9900101");
    assertThat(adr.byHapi().getQUERY_RESPONSEReps()).isEqualTo(1);
  }

  @Test
  void aNameGivesEveryPatientOfThatName() throws HL7Exception {
    Adr adr = ask(query, message("^ZZTESTMILLER"));

    assertThat(adr.verdict()).isEqualTo("AA OK");
    assertThat(adr.numbers()).containsExactlyInAnyOrder("9900101", "9900102", "9900103");
    assertThat(adr.field("QAK", 4)).isEqualTo("3");
    assertThat(adr.byHapi().getQUERY_RESPONSEReps()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"^ZZTESTMILLER^JOHN", "^zztestmil*^jo", "^\"\"^JOHN"})
  void familyAndGivenNameAreComparedFromTheStart(String who) {
    assertThat(ask(query, message(who)).numbers()).containsExactly("9900102");
  }

  @Test
  void everyPageOfASearchByNameIsRead() {
    for (int i = 100; i < 145; i++) {
      bench.seed(patient("77" + i, "55" + i, "ZZTESTMANY", "P" + i));
    }
    Adr adr = ask(query, message("^ZZTESTMANY"));

    assertThat(adr.numbers()).hasSize(45).doesNotHaveDuplicates();
    assertThat(adr.field("QAK", 4)).isEqualTo("45");
  }

  @ParameterizedTest
  @ValueSource(strings = {"^ZZTESTMILLER,ZZTESTGARCIA", "9900101,9900102"})
  void aCommaNeverMakesTwoQuestionsOfOne(String who) {
    assertThat(ask(query, message(who)).all("PID")).isEmpty();
  }

  @Test
  void eachRepetitionIsAskedAndEachPatientGivenOnce() {
    Adr adr = ask(query, message("9900101~^ZZTESTMILLER^ANNA~12990001^^^^^^^^FHIR~9900106~5"));

    assertThat(adr.verdict()).isEqualTo("AA OK");
    assertThat(adr.numbers()).containsExactly("9900101", "9900103", "9900106");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9900999",
        "09900101",
        "^ZZTESTNOBODY",
        "nobody^^^^^^^^FHIR",
        "..^^^^^^^^FHIR",
        "a b^^^^^^^^FHIR",
        "9900999^ZZTESTMILLER",
        "9900101&7"
      })
  void nobodyIsAcceptedAsNotFoundWithoutAGroup(String who) {
    Adr adr = ask(query, message(who));

    assertThat(adr.verdict()).isEqualTo("AA NF");
    assertThat(adr.structure()).containsExactly("MSH", "MSA", "QAK", "QRD");
    assertThat(adr.field("MSA", 3)).isEmpty();
  }

  @Test
  void aNumberOfSeveralPatientsShowsNoneOfThem() {
    Adr adr = ask(query, message("9900101~9900110"));

    assertThat(adr.verdict()).isEqualTo("AE AE 204 QRD^1^8");
    assertThat(adr.structure()).containsExactly("MSH", "MSA", "ERR", "QAK", "QRD");
  }

  @ParameterizedTest
  @CsvSource({
    "9900101^ZZTESTSOMEBODY, QRD^1^8^1^2",
    "9900106~12990001^ZZTESTSOMEBODY^^^^^^^FHIR, QRD^1^8^2^2",
  })
  void anIdBesideAnotherFamilyNameIsRefused(String who, String where) {
    Adr adr = ask(query, message(who));

    assertThat(adr.verdict()).isEqualTo("AE AE 204 " + where);
    assertThat(adr.all("PID")).isEmpty();
  }

  @Test
  void anIdBesideASpellingOfTheNameDecides() {
    assertThat(ask(query, message("9900104^Zztestmueller^Juergen")).numbers())
        .containsExactly("9900104");
  }

  @Test
  void aNumberOfAnotherKnownAuthorityIsSearchedInItsOwnSystem() {
    assertThat(ask(query, message("9900101^^^^^^^^FIN")).verdict()).isEqualTo("AA NF");

    ObjectNode patient = patient("7704", "5504", "ZZTESTOTHER", "P");
    patient
        .withArray("identifier")
        .addObject()
        .put("system", "urn:oid:2.16.840.1.113883.3.13.6.1")
        .put("value", "9900101");
    bench.seed(patient);
    assertThat(ask(query, message("9900101^^^^^^^^FIN")).numbers()).containsExactly("5504");
  }

  @Test
  void anUnknownAuthorityIsNamedWithItsRepetition() {
    assertThat(ask(query, message("1^^^^^^^^NOWHERE")).verdict())
        .isEqualTo("AE AE 204 QRD^1^8^1^9");
    assertThat(ask(query, message("9900101~1^^^^^^^^&1.2.3.4&ISO")).verdict())
        .isEqualTo("AE AE 204 QRD^1^8^2^9");
  }

  @Test
  void anAccountNumberIsNotLookedUpAsAMedicalRecordNumber() {
    assertThat(ask(query, message("9900101^^^^^^^^^^^^AN")).verdict())
        .isEqualTo("AE AE 204 QRD^1^8^1^13");
  }

  @Test
  void aCombinedPatientGivesWayToTheSurvivorWhoCarriesTheOldId() throws HL7Exception {
    Adr adr = ask(query, message("12990013^^^^^^^^FHIR"));

    assertThat(adr.verdict()).isEqualTo("AA OK");
    assertThat(adr.numbers()).containsExactly("9900101");
    assertThat(adr.field("PID", 3)).endsWith("~12990013^^^FHIR");
    assertThat(adr.byHapi().getQUERY_RESPONSEReps()).isEqualTo(1);
  }

  @Test
  void theSurvivorIsGivenOnceWhenAskedForTwice() {
    assertThat(ask(query, message("9900101~12990013^^^^^^^^FHIR")).numbers())
        .containsExactly("9900101");
  }

  @Test
  void aCombinedPatientWithoutASurvivorIsAnErrorAndNotNobody() {
    ObjectNode combined = patient("7702", "5502", "ZZTESTLOST", "P").put("active", false);
    ObjectNode link = combined.withArray("link").addObject().put("type", "replaced-by");
    link.putObject("other").put("reference", "Patient/7703");
    bench.seed(combined);

    assertThat(ask(query, message("7702^^^^^^^^FHIR")).verdict()).isEqualTo("AE AE 207");
  }

  @ParameterizedTest
  @CsvSource({
    "LATEST_ACTIVE, FIN7713",
    "LATEST, FIN7714",
  })
  void theVisitIsChosenByTheSetting(QuerySettings.Visit visit, String number) {
    seedVisits();
    Adr adr = ask(bench.query(settings -> settings.with(visit)), message("5510"));

    assertThat(adr.all("PV1")).singleElement().asString().contains(number);
  }

  @Test
  void allVisitsMakeOneGroupEachAndQrd7StillCountsPatients() throws HL7Exception {
    seedVisits();
    PatientQuery all = bench.query(settings -> settings.with(QuerySettings.Visit.ALL));
    Adr adr = ask(all, message("5510", "1^RD"));

    assertThat(adr.numbers()).containsExactly("5510", "5510", "5510", "5510");
    assertThat(adr.all("PV1")).hasSize(4).first().asString().contains("FIN7715");
    assertThat(adr.all("DSC")).isEmpty();
    assertThat(adr.field("QAK", 5)).isEqualTo("1");
    assertThat(adr.byHapi().getQUERY_RESPONSEReps()).isEqualTo(4);
  }

  @Test
  void withoutVisitsEncountersAreNotAsked() throws HL7Exception {
    PatientQuery none = bench.query(settings -> settings.with(QuerySettings.Visit.NONE));
    Adr adr = ask(none, message("9900102"));

    assertThat(adr.all("PV1")).singleElement().isEqualTo("PV1||N");
    assertThat(bench.asked()).noneMatch(path -> path.contains("Encounter"));
    assertThat(adr.byHapi().getQUERY_RESPONSE().getPV1().getPatientClass().getValue())
        .isEqualTo("N");
  }

  @Test
  void aPatientWithoutAnActiveVisitHasAVisitOfClassNotApplicable() {
    assertThat(ask(query, message("9900101")).all("PV1")).containsExactly("PV1||N");
  }

  @Test
  void aDeferredQueryIsAnsweredAtOnceAndToldSo() {
    Adr adr = ask(query, message("9900101").replace("|R|I|", "|R|D|"));

    assertThat(adr.verdict()).isEqualTo("AA OK");
    assertThat(adr.field("MSA", 3)).isEqualTo("Deferred query answered at once");
    assertThat(adr.numbers()).containsExactly("9900101");
  }

  @Test
  void anOldSenderWithOtherDelimitersIsAnsweredInItsOwn() {
    Adr adr =
        ask(
            query,
            "MSH#*%!$#LAB#MAIN#MILLRACE#HOSP#20261120##QRY*A19#1#D#2.3\r"
                + "QRD#20261120#R#I#T1###1*RD#12990007********FHIR#DEM\r");

    assertThat(adr.field("MSH", 9)).isEqualTo("ADR*A19");
    assertThat(adr.field("MSA", 1)).isEqualTo("AA");
    assertThat(adr.text()).contains("\rQRD#20261120#R#I#T1###1*RD#12990007********FHIR#DEM\r");
    assertThat(adr.field("PID", 5)).startsWith("ZZTESTBELL & HOWE*D'ARCY");
  }

  @Test
  void theReplyIsWrittenInTheCharsetOfTheQuery() {
    Charset latin1 = StandardCharsets.ISO_8859_1;
    String german =
        "MSH|^~\\&|LAB|MAIN|MILLRACE|HOSP|20261120||QRY^A19|1|D|2.5.1||||||8859/1\r"
            + "QRD|20261120|R|I|T1|||1^RD|^ZZTESTMÜLLER|DEM\r";
    Adr adr = ask(query, german, latin1);

    assertThat(adr.field("MSH", 18)).isEqualTo("8859/1");
    assertThat(adr.field("PID", 5)).startsWith("ZZTESTMÜLLER^JÜRGEN");
    assertThat(adr.text()).contains("|^ZZTESTMÜLLER|DEM\r");
  }

  @Test
  void everyPatientOfTheHospitalMakesAValidReply() throws HL7Exception {
    PatientQuery all = bench.query(settings -> settings.with(QuerySettings.Visit.ALL));

    for (int number = 12990001; number <= 12990015; number++) {
      Adr adr = ask(all, message(number + "^^^^^^^^FHIR"));
      assertThat(adr.verdict()).as("patient %s", number).isEqualTo("AA OK");
      assertThat(adr.byHapi().getQUERY_RESPONSEReps()).as("patient %s", number).isPositive();
    }
  }

  @Test
  void theGroupsAreNumberedAndHoldDoctorAndNextOfKin() {
    Adr adr = ask(query, message("9900101~9900102"));

    assertThat(adr.structure()).containsSubsequence("PID", "PD1", "NK1", "PV1", "PID", "PV1");
    assertThat(adr.all("PID"))
        .extracting(pid -> pid.substring(0, 6))
        .containsExactly("PID|1|", "PID|2|");
    assertThat(adr.all("NK1")).hasSize(3);
    assertThat(adr.all("PV1").get(1)).startsWith("PV1|1|I|");
  }

  private static void seedVisits() {
    bench.seed(
        patient("7710", "5510", "ZZTESTVISITOR", "P"),
        encounter("7711", "7710", "finished", "2026-01-01T08:00:00Z"),
        encounter("7712", "7710", "cancelled", "2026-11-19T08:00:00Z"),
        encounter("7713", "7710", "in-progress", "2026-10-01T08:00:00Z"),
        encounter("7714", "7710", "finished", "2026-11-02T08:00:00Z"),
        encounter("7715", "7710", "planned", "2026-12-24T08:00:00Z"));
  }

  private static String message(String who) {
    return message(who, "");
  }

  private static String message(String who, String quantity) {
    return "MSH|^~\\&|LAB|MAIN|MILLRACE|HOSP|20261120120000||QRY^A19|Q-1|D|2.5.1\r"
        + "QRD|20261120120000|R|I|TAG-1|||"
        + quantity
        + "|"
        + who
        + "|DEM\r";
  }
}
