package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Admissions, registrations and merges (ADT): what each segment becomes, and what comes back. */
class AdmissionMapTest {
  private static final String PID = "PID|||A123^^^MRN^MR||ZZTEST^Ada^^^^^L";
  private static final String PV1 = "PV1|1|I";

  private static Trip with(String... segments) {
    String[] all = new String[segments.length + 2];
    all[0] = PID;
    all[1] = PV1;
    System.arraycopy(segments, 0, all, 2, segments.length);
    return Trip.of("ADT^A01", all);
  }

  private static String code(JsonNode concept) {
    return concept.at("/coding/0/code").asText();
  }

  private static List<String> texts(List<ObjectNode> resources, String pointer) {
    return resources.stream().map(each -> each.at(pointer).asText()).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PID|||A123^^^MRN&2.16.840.1.113883.6.1000&ISO^MR~77^^^CLINIC^PI||ZZTEST^Ada^M^Jr^Dr^^L|Byron|19800131|F||2106-3^White^HL70005|1"
            + " Main St^Apt 2^Kansas City^MO^64199^US^H^^Jackson"
            + "||(816)501-0580^PRN^PH~^NET^Internet^ada@example.org|(816)555-0100^WPN^PH|es^Spanish^HL70296"
            + "|M^Married^HL70002|LUT^Lutheran^HL70006||123-45-6789|D123^MO^20300101|M77^^^MRN&2.16.840.1.113883.6.1000&ISO^MR|N^Not"
            + " Hispanic or Latino^HL70189|Rome|Y|2|US^United"
            + " States^ISO3166||DE^German^ISO3166|20261101|Y",
        "PID|||A123^^^MRN&2.16.840.1.113883.6.1000&ISO^MR||ZZTEST^Ada|||U||||||||||||||||Y||||||N",
        "PD1|||Clinic^^^^^NPI&2.16.840.1.113883.4.6&ISO^^^^77"
            + "|9^Lara^Tomas^^^^^^NPI&2.16.840.1.113883.4.6&ISO||D||||||||Church",
        "NK1|1|ZZTEST^Bob^^^^^L|SPO^Spouse^HL70063|2"
            + " Main^^KC^MO^64199^US^H|(816)501-0581^PRN^PH|(816)501-0582^WPN^PH|C^Emergency"
            + " Contact^HL70131|20200101|20300101|||E7^^^CLINIC^EN|||M"
            + "|19790101||||es^Spanish^HL70296|||||||||||||R9^^^CLINIC^PI||||123-45-0000",
        "NK1|1|ZZBOSS^Max|EMR^Employer^HL70063|3 Main^^KC||(816)501-0583^WPN^PH|E^Employer^HL70131"
            + "|20200101|20300101||||Acme Inc^^^^^^^^^A7||M",
        "PV1|1|I|^^^^^^^^Ward 1|E|P5^^^CLINIC^PI|^^^^^^^^Ward 2|1^Doe^Jane|2^Roe^Rex|3^Poe^Pam|CAR"
            + "|^^^^^^^^X-ray||R|7|A3~B6~A0~A2|VIP|4^Adm^It|INP|V77^^^CLINIC^VN|||||||||||||||||01|SNF|LOW^Low"
            + " salt^L||||^^^^^^^^Ward 3|^^^^^^^^Ward 4|20261120110000-0600||||||||OTH5^Other^Pat",
        "PV1|1|P|^^^^^^^^Ward 1",
        "PV1|1|I|ICU^12^2^HOSP&1.2.3&ISO^O^N^B1^3^By the"
            + " window^77&LOC|||ER^^^HOSP||||||||||||||||||||||||||||||||||||PACU|OR^1",
        "PV1|1|I||||||||||||||||||||||||||||||||||||||||||20261120110000-0600|20261121110000-0600",
        "PV2|||R07.9^Chest pain^I10C|||||||||||||||||||Y|||2|||||||||||||A^Ambulance^HL70430",
        "ROL||AD|EP^Entering provider^HL70443|5^Ent^Eri|20261120110000-0600|20261121110000-0600",
        "AL1|1|DA^Drug allergy^HL70127|7980^Penicillin^RXNORM|SV^Severe^HL70128|Hives~Rash|20200101",
        "AL1|1|PA^Plant Allergy^HL70127|^Ragweed|MO^Moderate^HL70128|Sneezing",
        "AL1|1|MA^Miscellaneous allergy^HL70127|^Dust|U^Unknown^HL70128",
        "AL1|1|EA^Environmental Allergy^HL70127|^Pollen|MI^Mild^HL70128",
        "AL1|1|AA^Animal Allergy^HL70127|A1^Cat hair^L|SV^Severe^HL70128",
        "AL1|1|DA^Drug allergy^HL70127|NKA^No known allergies",
        "DG1|1||R07.9^Chest pain^I10C|Pain in the chest|20261120100000-0600|A|||||||||1|6^Dia^Gno"
            + "|||20261120103000-0600",
        "DG1|1||^Cough||20261120|W",
        "DG1|1||R07.9^Chest pain^I10C^C1^Pain^L|||F",
        "IN1|1|PLAN1^Gold|INS1^^^CLINIC^PI|Blue Org||||G77|Acme Group|EMP9^^^CLINIC^PI|Acme"
            + " Inc|20260101"
            + "|20261231||HMO||SEL^Self^HL70063|||||1|||||||||||||SUBPLAN|POL123|||||||||||||MEM1^^^CLINIC^MB",
        "IN1|1|PLAN1^Gold|7^^^FHIR|Blue Org||||||||||||ZZTEST^Bob|SPO^Spouse^HL70063|19790101"
            + "|2 Main^^KC^MO^64199^US^H|||2||||||||||||||POL999|||||||M",
        "IN1|1|PLAN1|INS1^^^CLINIC^PI|||||||||||||ZZTEST^Eve|NCH^Natural child^HL70063|||||1",
      })
  void whatIsKeptComesBackAsItWas(String segment) {
    boolean pid = segment.startsWith("PID");
    Trip trip =
        pid
            ? Trip.of("ADT^A01", segment, PV1)
            : segment.startsWith("PV1") ? Trip.of("ADT^A01", PID, segment) : with(segment);
    trip.valid();
    assertThat(trip.segments(segment.substring(0, 3))).containsExactly(segment);
    assertThat(trip.written().coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
        .isEmpty();
  }

  @Test
  void aSecondInsuranceSegmentBelongsToTheOneBefore() {
    String[] insurances = {
      "IN1|1|PLAN1^Gold|INS1^^^CLINIC^PI|Blue|||||||||||||SEL^Self^HL70063|||||1",
      "IN2|||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||DEP9",
      "IN1|2|PLAN2^Silver|INS2^^^CLINIC^PI|Red||||||||||||ZZTEST^Bob|SPO^Spouse^HL70063|||||2",
      "IN2||999-88-7777" + "|".repeat(61) + "(816)501-0581^PRN^PH"
    };
    Trip trip = with(insurances).valid();
    assertThat(texts(trip.all("Coverage"), "/dependent")).containsExactly("DEP9", "");
    assertThat(trip.segments("IN1")).containsExactly(insurances[0], insurances[2]);
    assertThat(trip.segments("IN2")).containsExactly(insurances[1], insurances[3]);
    assertThat(trip.all("RelatedPerson")).hasSize(1);
    assertThat(trip.all("RelatedPerson").get(0).at("/identifier/0/value").asText())
        .isEqualTo("999-88-7777");
  }

  @Test
  void theInsuredIsThePatientOrAPersonOfTheirOwn() {
    Trip trip =
        with(
            "NK1|1|ZZKIN^Kim|SIS^Sister^HL70063",
            "IN1|1|P1|C1|Blue||||||||||||ZZTEST^Ada|SEL^Self^HL70063|19800131",
            "IN1|2|P2|C2|Red||||||||||||ZZTEST^Bob|SPO^Spouse^HL70063|19790101",
            "IN1|3|P3|C3|Green");
    trip.valid();
    assertThat(texts(trip.all("Coverage"), "/subscriber/reference"))
        .containsExactly(trip.reference("PID[1]"), trip.reference("IN1[2]/RelatedPerson"), "");
    assertThat(texts(trip.all("Coverage"), "/relationship/coding/0/code"))
        .containsExactly("self", "spouse", "");
    assertThat(texts(trip.all("RelatedPerson"), "/name/0/family"))
        .containsExactly("ZZKIN", "ZZTEST");
    assertThat(trip.notes(CoverageNote.Kind.LOSSY)).contains("IN1[1]-16", "IN1[1]-18");
    // The insured comes back in IN1 alone.
    assertThat(trip.segments("NK1")).containsExactly("NK1|1|ZZKIN^Kim|SIS^Sister^HL70063");
    assertThat(trip.back().value("IN1[2]-16.1")).isEqualTo("ZZTEST");
  }

  @Test
  void anInsuranceWithoutACompanySaysSo() {
    Trip trip = with("IN1|1|P1^Gold").valid();
    assertThat(trip.all("Coverage").get(0).at("/payor/0/extension/0/valueCode").asText())
        .isEqualTo("unknown");
    assertThat(trip.notes(CoverageNote.Kind.DEFAULTED)).hasSize(1);
    assertThat(trip.segments("IN1").get(0)).isEqualTo("IN1|1|P1^Gold||||||||||||||||||||1");
  }

  @ParameterizedTest
  @CsvSource({
    "EMR^Employer^HL70063, , true",
    "OTH^Other^HL70063, I^Insurance Company^HL70131, true",
    ", F, true",
    ", S, true",
    "E, , true",
    "SPO^Spouse^HL70063, C^Emergency Contact^HL70131, false",
    "EMC, , false",
    ", , false",
  })
  void anOrganizationIsAContactAndAnybodyElseAPerson(String kin, String role, boolean contact) {
    Trip trip =
        with("NK1|1|ZZKIN^Kim|" + (kin == null ? "" : kin) + "||||" + (role == null ? "" : role));
    assertThat(trip.all("Patient").get(0).path("contact").size()).isEqualTo(contact ? 1 : 0);
    assertThat(trip.all("RelatedPerson")).hasSize(contact ? 0 : 1);
    assertThat(trip.segments("NK1")).hasSize(1);
  }

  @Test
  void thePersonsOfAPatientNameThePatient() {
    Trip trip = with("NK1|1|ZZKIN^Kim|SIS", "NK1|2|ZZTWO^Tom|BRO", "NK1|3|ZZCO^Co|EMR");
    assertThat(texts(trip.all("RelatedPerson"), "/patient/reference"))
        .containsExactly(trip.reference("PID[1]"), trip.reference("PID[1]"));
    assertThat(texts(trip.all("RelatedPerson"), "/name/0/family"))
        .containsExactly("ZZKIN", "ZZTWO");
  }

  @ParameterizedTest
  @CsvSource({
    "NKA, 716186003",
    "NKA^No known allergies, 716186003",
    "NKDA^No known drug allergies^L, 409137002",
    "^NKA, 716186003",
    "99^NO KNOWN ALLERGIES^L, 716186003",
  })
  void nobodyIsAllergicToNka(String field, String code) {
    ObjectNode allergy = with("AL1|1||" + field).valid().all("AllergyIntolerance").get(0);
    assertThat(allergy.path("code").path("coding")).hasSize(1);
    assertThat(code(allergy.path("code"))).isEqualTo(code);
    assertThat(allergy.at("/code/coding/0/system").asText()).isEqualTo("http://snomed.info/sct");
    String said = field.contains("^") ? field.split("\\^")[1] : "";
    assertThat(allergy.at("/code/text").asText()).isEqualTo(said);
  }

  @Test
  void eachReactionHasOneManifestation() {
    ObjectNode allergy = with("AL1|1|FA|^Nuts|MI|Hives~Rash~Itch").all("AllergyIntolerance").get(0);
    assertThat(allergy.path("reaction")).hasSize(3);
    assertThat(allergy.path("reaction")).allMatch(each -> each.path("manifestation").size() == 1);
    assertThat(allergy.at("/category/0").asText()).isEqualTo("food");
    assertThat(allergy.at("/criticality").asText()).isEqualTo("low");
    assertThat(allergy.at("/reaction/0/severity").asText()).isEqualTo("mild");
  }

  @Test
  void anAllergyAsCernerWritesItBecomesAl1() {
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    resources.put(
        "Patient/1", Maps.json("{'resourceType':'Patient','id':'1','name':[{'family':'ZZTEST'}]}"));
    String allergy =
        "{'resourceType':'AllergyIntolerance','id':'%s','clinicalStatus':{'coding':[{'code':'%s'}]},"
            + "'type':'allergy','category':['medication','food'],'criticality':'high',"
            + "'code':{'coding':[{'system':'http://www.nlm.nih.gov/research/umls/rxnorm','code':'7980','display':'Penicillin'}],'text':'Pen'},"
            + "'patient':{'reference':'Patient/1'},'reaction':[{'manifestation':[{'coding':[{'display':'Hives'}]}],'severity':'moderate'}]}";
    resources.put("AllergyIntolerance/1", Maps.json(allergy.formatted("1", "active")));
    resources.put("AllergyIntolerance/2", Maps.json(allergy.formatted("2", "resolved")));
    resources.put(
        "AllergyIntolerance/3",
        Maps.json(
            "{'resourceType':'AllergyIntolerance','id':'3','clinicalStatus':{'coding':[{'code':'active'}]},"
                + "'code':{'coding':[{'system':'http://snomed.info/sct','code':'716186003'}]},'patient':{'reference':'Patient/1'}}"));
    Trip trip = Trip.back("ADT^A31", resources);
    assertThat(trip.segments("AL1"))
        .containsExactly(
            "AL1|1|DA^Drug allergy^HL70127|7980^Penicillin^RXNORM|MO^Moderate^HL70128|Hives",
            "AL1|2||NKA");
    assertThat(trip.written().coverage())
        .extracting(CoverageNote::path)
        .contains("AllergyIntolerance[2]", "AllergyIntolerance.category[1]");
  }

  @Test
  void aDiagnosisIsOfTheVisitAndTheVisitNamesIt() {
    Trip trip =
        with(
            "DG1|1||I10^Hypertension^I10C|||A|||||||||2", "DG1|2||E11^Diabetes^I10C|||W|||||||||1");
    trip.valid();
    JsonNode visit = trip.all("Encounter").get(0);
    assertThat(visit.at("/diagnosis/1/condition/reference").asText())
        .isEqualTo(trip.reference("DG1[2]"));
    assertThat(code(visit.at("/diagnosis/0/use"))).isEqualTo("AD");
    assertThat(texts(trip.all("Condition"), "/encounter/reference"))
        .containsOnly(trip.reference("PV1[1]"));
    assertThat(trip.segments("DG1"))
        .containsExactly(
            "DG1|1||I10^Hypertension^I10C|||A|||||||||2", "DG1|2||E11^Diabetes^I10C|||W|||||||||1");
  }

  @Test
  void aDeletedDiagnosisWasEnteredInError() {
    Trip trip = with("DG1|1||I10^Hypertension^I10C|||A|||||||||||||||D").valid();
    assertThat(code(trip.all("Condition").get(0).path("verificationStatus")))
        .isEqualTo("entered-in-error");
    assertThat(trip.back().value("DG1-21")).isEqualTo("D");
  }

  @Test
  void birthOrderSaysMoreThanThatThereWereSeveral() {
    JsonNode twin = Trip.of("ADT^A01", PID + "|".repeat(19) + "Y|2").all("Patient").get(0);
    assertThat(twin.path("multipleBirthInteger").asInt()).isEqualTo(2);
    assertThat(twin.has("multipleBirthBoolean")).isFalse();
    JsonNode one = Trip.of("ADT^A01", PID + "|".repeat(19) + "N").all("Patient").get(0);
    assertThat(one.path("multipleBirthBoolean").asBoolean(true)).isFalse();
  }

  @Test
  void aTimeOfBirthStandsBesideTheDate() {
    Trip trip = Trip.of("ADT^A01", PID + "||198001310412-0600").valid();
    assertThat(trip.all("Patient").get(0).path("birthDate").asText()).isEqualTo("1980-01-31");
    assertThat(trip.back().value("PID-7")).isEqualTo("19800131041200-0600");
  }

  @ParameterizedTest
  @CsvSource({
    "'', Y, true, Y",
    "'', N, false, N",
    "00000000, Y, true, Y",
    "20261399, Y, true, Y",
    "20261101, Y, '', Y",
    "20261101, '', '', Y",
  })
  void aDeathIsKeptWhateverTheTimeIs(String time, String said, String died, String back) {
    Trip trip = Trip.of("ADT^A01", PID + "|".repeat(24) + time + "|" + said).valid();
    ObjectNode patient = trip.all("Patient").get(0);
    assertThat(patient.path("deceasedBoolean").asText()).isEqualTo(died);
    assertThat(patient.has("deceasedDateTime")).isEqualTo(died.isEmpty());
    assertThat(trip.back().value("PID-30")).isEqualTo(back);
    assertThat(trip.notes(CoverageNote.Kind.LOSSY)).doesNotContain("PID-30");
  }

  @Test
  void alivenessThatContradictsATimeOfDeathIsTold() {
    Trip trip = Trip.of("ADT^A01", PID + "|".repeat(24) + "20261101|N").valid();
    assertThat(trip.all("Patient").get(0).has("deceasedDateTime")).isTrue();
    assertThat(trip.notes(CoverageNote.Kind.LOSSY)).contains("PID-30");
  }

  @ParameterizedTest
  @CsvSource({"Y, 2, ''", "Y, 2nd, true", "Y, '', true", "N, x, false"})
  void aMultipleBirthIsKeptWhateverTheOrderIs(String said, String order, String several) {
    Trip trip = Trip.of("ADT^A01", PID + "|".repeat(19) + said + "|" + order).valid();
    ObjectNode patient = trip.all("Patient").get(0);
    assertThat(patient.path("multipleBirthBoolean").asText()).isEqualTo(several);
    assertThat(patient.has("multipleBirthInteger")).isEqualTo(several.isEmpty());
    assertThat(trip.back().value("PID-24")).isEqualTo(said);
  }

  @Test
  void anUnknownFlagIsNotTakenForAnother() {
    Trip unknown = Trip.of("ADT^A01", PID + "|".repeat(19) + "X" + "|".repeat(6) + "N");
    assertThat(unknown.back().value("PID-30")).isEqualTo("N");
    assertThat(unknown.back().value("PID-24")).isEmpty();
    Trip alone = Trip.of("ADT^A01", PID + "|".repeat(19) + "X");
    assertThat(alone.back().value("PID-30")).isEmpty();
    assertThat(alone.notes(CoverageNote.Kind.UNKNOWN_CODE)).contains("PID-24");
  }

  @Test
  void anAccountOfAnotherTypeBesideAVisitNumberIsTold() {
    String pid = PID + "|".repeat(13) + "AC9^^^FIN^XX";
    String visit = "PV1|1|I" + "|".repeat(17) + "V77^^^CLINIC^VN";
    assertThat(Trip.of("ADT^A01", pid, visit).notes(CoverageNote.Kind.LOSSY)).contains("PID-18");
    assertThat(Trip.of("ADT^A01", pid, "PV1|1|N").notes(CoverageNote.Kind.LOSSY))
        .contains("PID-18");
  }

  @Test
  void aBareAllergyCodeComesBackWithNameAndTable() {
    Trip trip = with("AL1|1|DA|^Nuts|MO|Hives").valid();
    assertThat(trip.back().value("AL1-2.1")).isEqualTo("DA");
    assertThat(trip.segments("AL1"))
        .containsExactly("AL1|1|DA^Drug allergy^HL70127|^Nuts|MO^Moderate^HL70128|Hives");
  }

  @Test
  void eachReactionIsWrittenByItsFirstManifestation() {
    Trip trip =
        Trip.back(
            "ADT^A31",
            Map.of(
                "Patient/1",
                Maps.json("{'resourceType':'Patient','id':'1','name':[{'family':'ZZTEST'}]}"),
                "AllergyIntolerance/1",
                Maps.json(
                    "{'resourceType':'AllergyIntolerance','id':'1','patient':{'reference':'Patient/1'},'reaction':["
                        + "{'manifestation':[{'coding':[{'code':'C18'}]},{'text':'Itch'}],'severity':'severe'},"
                        + "{'manifestation':[{'coding':[{'code':'C19'}],'text':'Hives'}]}]}")));
    assertThat(trip.segments("AL1")).hasSize(1);
    assertThat(trip.segments("AL1").get(0))
        .startsWith("AL1|1|||SV^Severe^HL70128|")
        .contains("C18", "Hives");
    assertThat(trip.written().coverage())
        .extracting(CoverageNote::path)
        .contains("AllergyIntolerance.reaction[0].manifestation[1]");
  }

  @Test
  void nothingOfAPatientWhoWasMergedAwayIsWritten() {
    Trip trip =
        Trip.back(
            "ADT^A31",
            Map.of(
                "Patient/1",
                Maps.json(
                    "{'resourceType':'Patient','id':'1','link':[{'type':'replaced-by','other':{'reference':'Patient/2'}}]}"),
                "Encounter/1",
                Maps.json(
                    "{'resourceType':'Encounter','id':'1','class':{'code':'IMP'},'subject':{'reference':'Patient/1'}}")));
    assertThat(trip.segments("PV1")).isEmpty();
    assertThat(trip.written().coverage())
        .extracting(CoverageNote::path)
        .anyMatch(path -> path.startsWith("Encounter"));
  }

  @Test
  void accountAndVisitNumberAreBothNumbersOfTheVisit() {
    String pid = PID + "|".repeat(13) + "AC9^^^FIN";
    Trip trip = Trip.of("ADT^A01", pid, "PV1|1|I" + "|".repeat(17) + "V77^^^CLINIC").valid();
    assertThat(texts(trip.all("Encounter"), "/identifier/0/value")).containsExactly("AC9");
    assertThat(texts(trip.all("Encounter"), "/identifier/1/value")).containsExactly("V77");
    assertThat(trip.back().value("PID-18.1")).isEqualTo("AC9");
    assertThat(trip.back().value("PID-18.5")).isEqualTo("AN");
    assertThat(trip.back().value("PV1-19.1")).isEqualTo("V77");
    assertThat(trip.back().value("PV1-19.5")).isEqualTo("VN");
    Trip account = Trip.of("ADT^A01", pid, "PV1|1|I");
    assertThat(account.back().value("PV1-19.1")).isEqualTo("AC9");
    assertThat(Trip.of("ADT^A31", pid).notes(CoverageNote.Kind.LOSSY)).contains("PID-18");
  }

  @ParameterizedTest
  @CsvSource({
    "A01, I, , in-progress",
    "A02, I, , in-progress",
    "A03, I, , finished",
    "A04, O, , in-progress",
    "A05, P, , planned",
    "A08, I, , unknown",
    "A08, I, 20261121, finished",
    "A11, I, , cancelled",
    "A13, I, 20261121, in-progress",
    "A21, I, , onleave",
    "A23, I, , entered-in-error",
    "A38, P, , cancelled",
    "A31, I, , unknown",
  })
  void theEventSaysHowTheVisitStands(String event, String type, String end, String status) {
    Trip trip =
        Trip.of("ADT^" + event, PID, "PV1|1|" + type + "|".repeat(43) + (end == null ? "" : end));
    assertThat(texts(trip.all("Encounter"), "/status")).containsExactly(status);
  }

  @Test
  void classNSaysThatThereIsNoVisit() {
    Trip trip = Trip.of("ADT^A28", "EVN||20261120", PID, "PV1|1|N");
    assertThat(trip.all("Encounter")).isEmpty();
    assertThat(trip.segments("PV1")).containsExactly("PV1||N");
    assertThat(Trip.of("ADT^A01", PID, "PV1|1").valid().all("Encounter").get(0).at("/class/code"))
        .hasToString("\"U\"");
  }

  @Test
  void placesOfAVisitAreToldApart() {
    Trip trip = Trip.of("ADT^A02", PID, "PV1|1|I||||^^^^^^^^Old");
    assertThat(trip.all("Encounter").get(0).path("location")).hasSize(1);
    assertThat(trip.back().value("PV1-3")).isEmpty();
    assertThat(trip.back().value("PV1-6.9")).isEqualTo("Old");
  }

  @Test
  void aLocationThatNoServerKnowsKeepsItsParts() {
    JsonNode location =
        Trip.of("ADT^A01", PID, "PV1|1|I|I\\S\\U^12^2^HOSP&1.2.3&ISO")
            .valid()
            .all("Encounter")
            .get(0)
            .at("/location/0/location");
    assertThat(location.path("display").asText()).isEqualTo("HOSP I^U 12 2");
    assertThat(location.at("/identifier/value").asText()).isEqualTo("I\\S\\U^12^2^HOSP&1.2.3&ISO");
    Trip trip = Trip.of("ADT^A01", PID, "PV1|1|I|I\\S\\U^12^2^HOSP&1.2.3&ISO");
    assertThat(trip.back().value("PV1-3.1")).isEqualTo("I^U");
    assertThat(trip.segments("PV1")).containsExactly("PV1|1|I|I\\S\\U^12^2^HOSP&1.2.3&ISO");
  }

  @Test
  void aRoleIsThePatientsDoctorOrAParticipantOfTheVisit() {
    Trip trip =
        Trip.of(
            "ADT^A01",
            PID,
            "ROL|1|AD|PP^Primary Care Provider^HL70443|8^Poe^Pam",
            PV1,
            "ROL|2|AD|AT^Attending^HL70443|9^Att^End");
    trip.valid();
    assertThat(texts(trip.all("Patient"), "/generalPractitioner/0/display"))
        .containsExactly("Poe, Pam");
    assertThat(code(trip.all("Encounter").get(0).at("/participant/0/type/0"))).isEqualTo("ATND");
    assertThat(trip.back().value("PD1-4.2")).isEqualTo("Poe");
    assertThat(trip.back().value("PV1-7.2")).isEqualTo("Att");
    assertThat(trip.segments("ROL")).isEmpty();
  }

  @Test
  void thePatientWhoIsMergedPointsAtTheOneWhoStays() {
    String[] merge = {
      "PID|||A123^^^MRN^MR||ZZTEST^Ada",
      "MRG|B456^^^MRN^MR||||||ZZTEST^Adda",
      "PID|||C789^^^MRN^MR||ZZTEST^Cy",
      "MRG|D012^^^MRN^MR"
    };
    Trip trip = Trip.of("ADT^A40", merge).valid();
    List<ObjectNode> patients = trip.all("Patient");
    assertThat(texts(patients, "/identifier/0/value"))
        .containsExactly("A123", "B456", "C789", "D012");
    assertThat(texts(patients, "/active")).containsExactly("true", "false", "true", "false");
    assertThat(texts(patients, "/link/0/type"))
        .containsExactly("", "replaced-by", "", "replaced-by");
    assertThat(texts(patients, "/link/0/other/reference"))
        .containsExactly("", trip.reference("PID[1]"), "", trip.reference("PID[2]"));
    assertThat(trip.back().segments())
        .extracting(
            segment -> segment.name() + " " + segment.text(segment.name().equals("PID") ? 3 : 1))
        .containsSubsequence("PID A123", "MRG B456", "PID C789", "MRG D012");
    assertThat(trip.back().value("MRG-7.2")).isEqualTo("Adda");
  }

  @Test
  void aChangedNumberIsAnOldOneOfTheSamePatient() {
    Trip trip = Trip.of("ADT^A47", "PID|||A2^^^MRN^MR||ZZTEST^Ada", "MRG|A1^^^MRN^MR").valid();
    JsonNode patient = trip.all("Patient").get(0);
    assertThat(trip.all("Patient")).hasSize(1);
    assertThat(patient.at("/identifier/1/use").asText()).isEqualTo("old");
    assertThat(patient.path("active").asBoolean()).isTrue();
    assertThat(patient.has("link")).isFalse();
    Trip account = Trip.of("ADT^A41", PID, "MRG|A123^^^MRN^MR||AC1");
    assertThat(account.all("Patient").get(0).path("identifier")).hasSize(1);
    assertThat(account.notes(CoverageNote.Kind.LOSSY)).contains("MRG[1]-3");
  }

  @Test
  void aMothersNumberIsAPersonOfItsOwn() {
    Trip trip = Trip.of("ADT^A01", PID + "|".repeat(16) + "M77^^^MRN^MR", "NK1|1|ZZKIN^Kim|FTH");
    assertThat(texts(trip.all("RelatedPerson"), "/relationship/0/coding/0/code"))
        .containsExactly("MTH", "FTH");
    assertThat(trip.back().value("PID-21.1")).isEqualTo("M77");
    assertThat(trip.segments("NK1")).hasSize(1);
  }

  @Test
  void moreThanOneOfWhatFhirHoldsOnceIsTold() {
    Trip trip =
        with(
            "NK1|1|ZZCO^Co~ZZTWO^Co|EMR|1 Main~2 Main",
            "AL1|1||^Nuts||A~B",
            "IN1|1|P|C1~C2|Blue~Red");
    assertThat(trip.notes(CoverageNote.Kind.FIRST_OF_MANY))
        .containsExactlyInAnyOrder("NK1[1]-2[2]", "NK1[1]-4[2]", "IN1[1]-3[2]", "IN1[1]-4[2].1");
  }

  @Test
  void whatCernerHoldsOfAPatientBecomesAMessage() {
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    resources.put(
        "Patient/1",
        Maps.json(
            "{'resourceType':'Patient','id':'1','meta':{'lastUpdated':'2026-11-20T18:00:00Z'},'name':[{'use':'official','family':'ZZTEST','given':['Ada']}],"
                + "'identifier':[{'system':'urn:oid:2.16.840.1.113883.6.1000','value':'8230'},"
                + "{'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'DL'}]},'system':'urn:oid:2.16.840.1.113883.4.3.29','value':'D1'}]}"));
    resources.put(
        "RelatedPerson/2-1",
        Maps.json(
            "{'resourceType':'RelatedPerson','id':'2-1','active':true,'patient':{'reference':'Patient/1'},"
                + "'relationship':[{'coding':[{'system':'https://fhir.cerner.com/t/codeSet/40','code':'156','userSelected':true},"
                + "{'system':'http://terminology.hl7.org/CodeSystem/v3-RoleCode','code':'WIFE'}],'text':'Wife'}],"
                + "'name':[{'use':'official','family':'ZZTEST','given':['Eve']}],'telecom':[{'system':'phone','use':'home','value':'8165010580'}]}"));
    resources.put(
        "RelatedPerson/3-1",
        Maps.json(
            "{'resourceType':'RelatedPerson','id':'3-1','patient':{'reference':'Patient/1'},"
                + "'name':[{'use':'official','family':'ZZPAYS','given':['Pat']}],'birthDate':'1950-01-31'}"));
    resources.put(
        "Coverage/patient-1-2",
        Maps.json(
            "{'resourceType':'Coverage','id':'patient-1-2','status':'active','subscriberId':'S77','beneficiary':{'reference':'Patient/1'},"
                + "'subscriber':{'reference':'RelatedPerson/3-1'},'relationship':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/subscriber-relationship','code':'spouse'}]},"
                + "'payor':[{'reference':'Organization/589783','display':'Aetna'}],'period':{'start':'2026-01-01T06:00:00Z'},'class':[{'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/coverage-class','code':'group'}]},'value':'G7','name':'Group"
                + " 7'}]}"));
    resources.put(
        "Encounter/5",
        Maps.json(
            "{'resourceType':'Encounter','id':'5','status':'in-progress','class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'IMP'},'subject':{'reference':'Patient/1'},'location':[{'status':'completed','location':{'display':'Ward"
                + " 1'}},{'status':'active','location':{'display':'Ward 2'}}]}"));
    resources.put(
        "Condition/9",
        Maps.json(
            "{'resourceType':'Condition','id':'9','category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-category','code':'encounter-diagnosis'}]}],"
                + "'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}],'text':'Hypertension'},'subject':{'reference':'Patient/1'},'encounter':{'reference':'Encounter/5'}}"));
    Trip trip = Trip.back("ADT^A31", resources).valid();
    assertThat(trip.back().segments())
        .extracting(segment -> segment.raw())
        .contains(
            "EVN||20261120120000-0600",
            "NK1|1|ZZTEST^Eve^^^^^L|SPO^Wife^HL70063||(816)501-0580^PRN^PH",
            "PV1|1|I|^^^^^^^^Ward 2|||^^^^^^^^Ward 1",
            "DG1|1||I10^Hypertension^I10C|Hypertension",
            "IN1|1||589783^^^FHIR|Aetna||||G7|Group"
                + " 7|||20260101||||ZZPAYS^Pat^^^^^L|SPO^Spouse^HL70063|19500131||||||||||||||||||S77");
    assertThat(trip.back().value("PID-3[2].1")).isEqualTo("D1");
    assertThat(trip.back().value("PID-20")).isEmpty();
  }

  @Test
  void rangesOfOlderVersionsBecomePeriods() {
    JsonNode patient =
        Trip.of(
                "ADT^A01",
                "PID|||A1^^^MRN||ZZTEST^Ada^^^^^L^^^20200101&20300101||||||1"
                    + " Main^^^^^^H^^^^^20200101&20300101")
            .valid()
            .all("Patient")
            .get(0);
    assertThat(patient.at("/name/0/period/end").asText()).isEqualTo("2030-01-01");
    assertThat(patient.at("/address/0/period/start").asText()).isEqualTo("2020-01-01");
  }

  @ParameterizedTest
  @CsvSource({"EN, en", "ENGLISH, en", "spa, es", "es, es"})
  void languagesAreWrittenInManyWays(String written, String code) {
    Trip trip = Trip.of("ADT^A01", PID + "|".repeat(10) + written).valid();
    assertThat(code(trip.all("Patient").get(0).at("/communication/0/language"))).isEqualTo(code);
    assertThat(trip.back().value("PID-15.1")).isEqualTo(code);
    assertThat(trip.notes(CoverageNote.Kind.LOSSY).contains("PID-15.1"))
        .isEqualTo(!written.equals(code));
  }
}
