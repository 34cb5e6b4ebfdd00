package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.OfficialValidator;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

/** Results as observations and reports, by the variant of ORU^R01 that a sender may ask for. */
class ResultMapTest {
  private static final OfficialValidator VALIDATOR = new OfficialValidator();
  private static final String PID = "PID|1||A1^^^MRN||ZZTEST^ADA||19800131|F";
  private static final String OBR =
      "OBR|1|P1^EPIC|F1^LAB|58410-2^CBC^LN|||20261119080000-0600|||||||||||||||20261119090000-0600||LAB|F";

  private static MappingRun map(String... segments) {
    String[] all = new String[segments.length + 2];
    all[0] = PID;
    all[1] = OBR;
    System.arraycopy(segments, 0, all, 2, segments.length);
    return Maps.MAPPER.map(Maps.message("ORU^R01", all), "observations", Maps.CONTEXT);
  }

  private static MappedResource at(MappingRun run, String anchor) {
    return run.resources().stream()
        .filter(resource -> resource.anchor().equals(anchor))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode value(MappingRun run) {
    JsonNode json = at(run, "OBX[1]").json();
    return json.properties().stream()
        .filter(field -> field.getKey().startsWith("value"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static Documents.Back back(MappingRun run) {
    return Documents.write("ORU^R01/observations", run);
  }

  private static void everythingIsValid(MappingRun run) {
    for (MappedResource resource : run.resources()) {
      assertThat(VALIDATOR.errors(resource.json().toString())).as(resource.anchor()).isEmpty();
    }
  }

  /** What a result holds, and what comes back of it: its type, value and unit. */
  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = ';',
      emptyValue = "",
      value = {
        "NM;7.20;10*3/uL^^UCUM;NM;7.20;10*3/uL^^UCUM",
        "NM;-0.050;mmol/L^millimol^UCUM;NM;-0.050;mmol/L^millimol^UCUM",
        "NM;120;;NM;120;",
        "NM;0;;NM;0;",
        "NM;.5;mg;NM;0.5;mg^mg^UCUM",
        "NM;+3;furlongs;NM;3;furlongs",
        "NM;<5;mg/dL;ST;<5 mg/dL;",
        "NM;POS;;ST;POS;",
        "SN;<^5.0;mg/dL^^UCUM;SN;<^5.0;mg/dL^^UCUM",
        "SN;>=^100;;SN;>=^100;",
        "SN;=^5.10;;NM;5.10;",
        "SN;^10.0^-^20.0;mm^^UCUM;SN;^10.0^-^20.0;mm^^UCUM",
        "SN;^1^:^128;;SN;^1^:^128;",
        "SN;>^1^/^2;;SN;>^1^:^2;",
        "SN;^1^+;;ST;1 +;",
        "SN;<>^5;mg;ST;<> 5 mg;",
        "NR;5.0^;mm^^UCUM;NR;5.0;mm^^UCUM",
        "NR;^7;;NR;^7;",
        "NR;1^2;;SN;^1^-^2;",
        "CQ;5.50^g&gram&UCUM;;NM;5.50;g^gram^UCUM",
        "CE;260385009^Negative^SCT^NEG^Neg^HL70078;;CWE;260385009^Negative^SCT^NEG^Neg^HL70078;",
        "CWE;1^One^SCT^2^Two^LN^20260101^2.77^as said;;CWE;1^One^SCT^2^Two^LN^20260101^2.77^as"
            + " said;",
        "CWE;1^One^SCT^2^Two^LN^^^said^3^Three^RXNORM;;CWE;1^One^SCT^2^Two^LN^^^said^3^Three^RXNORM;",
        "CNE;Y^Yes^HL70136;;CWE;Y^Yes^HL70136;",
        "IS;POS;;CWE;POS;",
        "ST;Clear;;ST;Clear;",
        "ST;a^b & c;;ST;a\\S\\b \\T\\ c;",
        "TX;Line 1~Line 2;;TX;Line 1~Line 2;",
        "FT;Big\\.br\\\\H\\text\\N\\ \\T\\ more;;TX;Big~text \\T\\ more;",
        "ST;one\\X0D\\\\X0A\\two;;TX;one~two;",
        "TS;20261119080512-0600;;TS;20261119080512-0600;",
        "DTM;202611;;DT;202611;",
        "DT;20261119;;DT;20261119;",
        "TM;080512;;TM;080512;",
        "TM;0805-0600;;TM;080500;",
        "DR;20261101^20261102;;DR;20261101^20261102;",
        "XPN;Doe^Jane;;ST;Doe\\S\\Jane;",
        ";7.2;;ST;7.2;"
      })
  void eachTypeOfValueGoesBothWays(
      String type, String value, String unit, String typeBack, String valueBack, String unitBack) {
    String obx = "OBX|1|%s|6690-2^WBC^LN||%s|%s|||||F".formatted(text(type), value, text(unit));
    MappingRun run = map(obx);
    everythingIsValid(run);
    V2Segment written = back(run).message().first("OBX").orElseThrow();
    assertThat(written.text(2)).isEqualTo(typeBack);
    assertThat(written.field(5).raw()).isEqualTo(text(valueBack));
    assertThat(written.field(6).raw()).isEqualTo(text(unitBack));
  }

  private static String text(String maybe) {
    return maybe == null ? "" : maybe;
  }

  @Test
  void aNumberKeepsEveryDigitAsJson() {
    MappingRun run = map("OBX|1|NM|6690-2^WBC^LN||7.20|10*3/uL^^UCUM|4.00-11.0|||||F");
    assertThat(at(run, "OBX[1]").json().toString())
        .contains("\"value\":7.20,")
        .contains("\"value\":4.00,")
        .contains("\"value\":11.0,");
  }

  @Test
  void aUnitWithoutSystemIsUcumIfTheTableKnowsIt() {
    assertThat(value(map("OBX|1|NM|X^X||7|K/uL|||||F")).toString())
        .isEqualTo(
            "{\"value\":7,\"unit\":\"K/uL\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"10*3/uL\"}");
    MappingRun run = map("OBX|1|NM|X^X||7|furlongs|||||F");
    assertThat(value(run).toString()).isEqualTo("{\"value\":7,\"unit\":\"furlongs\"}");
    assertThat(run.unknownCodes()).extracting(UnknownCode::table).contains("units");
  }

  @ParameterizedTest
  @CsvSource({"10^3/uL", "'^^'", "'&&&'", "'\"\"'", "mg^^^^^^", "'  '", "\\X00\\", "a  b^^UCUM"})
  void hostileUnitsNeitherThrowNorBreakTheResource(String unit) {
    MappingRun run = map("OBX|1|NM|X^X||7|" + unit + "|||||F");
    everythingIsValid(run);
    assertThat(value(run).path("value").decimalValue()).isEqualByComparingTo("7");
  }

  @Test
  void resultsOfOneNameStayApartByTheirSubId() {
    MappingRun run =
        map(
            "OBX|1|ST|A^A|1|one||||||F",
            "OBX|2|ST|A^A|2|two||||||F",
            "OBX|3|ST|A^A|2|three||||||F");
    assertThat(run.resources()).hasSize(5);
    assertThat(at(run, "OBR[1]").json().path("result")).hasSize(3);
    List<String> back =
        back(run).message().all("OBX").stream()
            .map(obx -> obx.text(4) + " " + obx.text(5))
            .toList();
    assertThat(back).containsExactly("1 one", "2 two", "2 three");
  }

  @ParameterizedTest
  @CsvSource({
    "F,final,F",
    "C,corrected,C",
    "P,preliminary,P",
    "R,preliminary,R",
    "S,preliminary,S",
    "I,registered,I",
    "D,entered-in-error,D",
    "W,entered-in-error,W",
    "X,cancelled,X",
    "U,final,U",
    "N,cancelled,N",
    "O,registered,I",
    "'',unknown,R"
  })
  void eachStatusHasAWayBack(String status, String fhir, String back) {
    MappingRun run = map("OBX|1|NM|X^X|||||||||".replaceAll("\\|+$", "|||||||") + "|" + status);
    assertThat(at(run, "OBX[1]").json().path("status").asText()).isEqualTo(fhir);
    assertThat(at(run, "OBX[1]").json().has("dataAbsentReason")).isTrue();
    everythingIsValid(run);
    V2Segment written = back(run).message().first("OBX").orElseThrow();
    assertThat(written.text(11)).isEqualTo(back);
    assertThat(written.field(5).isEmpty()).isTrue();
  }

  @Test
  void aStatusThatNoTableKnowsHoldsTheResult() {
    MappedResource held = at(map("OBX|1|NM|X^X||1||||||QQ"), "OBX[1]");
    assertThat(held.verdict().code()).isEqualTo("unknown-code");
    assertThat(held.verdict().path()).isEqualTo("OBX[1]-11");
  }

  @Test
  void notesDocumentsAndWhoMadeAResultComeBack() {
    MappingRun run =
        map(
            "NTE|1||About the report",
            "OBX|1|NM|6690-2^WBC^LN||7.2|10*3/uL^^UCUM|4.0-11.0|H~A|||F|||20261119080500-0600||9^Lara^T^^^^^^FHIR|M1^Method^LN|DEV1^FIN|||||Lab"
                + " Inc^^^^^FHIR^^^^77",
            "NTE|1||Line one\\.br\\line two|RE^Remark^HL70364",
            "OBX|2|ED|PDF^Report||^application^pdf^Base64^JVBERi0xLjQK||||||F",
            "NTE|1||about the document");
    everythingIsValid(run);
    JsonNode report = at(run, "OBR[1]").json();
    assertThat(report.at("/presentedForm/0/contentType").asText()).isEqualTo("application/pdf");
    assertThat(report.path("result")).hasSize(1);
    assertThat(report.path("extension")).hasSize(2);
    Documents.Back back = back(run);
    assertThat(back.segments())
        .containsSubsequence(
            "OBR|1|P1^EPIC|F1^LAB|58410-2^CBC^LN|||20261119080000-0600|||||||||||||||20261119090000-0600||LAB|F",
            "NTE|1||About the report",
            "NTE|2||about the document",
            "OBX|1|ED|^Report||^application^pdf^Base64^JVBERi0xLjQK||||||F",
            "OBX|2|NM|6690-2^WBC^LN||7.2|10*3/uL^^UCUM|4.0-11.0|H~A|||F|||20261119080500-0600||9^Lara^T^^^^^^FHIR|M1^Method^LN|DEV1^FIN&2.16.840.1.113883.3.13.6.1&ISO|||||Lab Inc^^^^^FHIR^^^^77"
                .replace(
                    "FIN&2.16.840.1.113883.3.13.6.1&ISO", "FIN^2.16.840.1.113883.3.13.6.1^ISO"),
            "NTE|3||Line one~line two|RE^Remark^HL70364");
    assertThat(back.run().coverage())
        .extracting(CoverageNote::kind)
        .doesNotContain(CoverageNote.Kind.UNREAD);
  }

  @Test
  void whatIsWrittenPassesHapisDefaultValidation() throws Exception {
    MappingRun run =
        map(
            "OBX|1|NM|6690-2^WBC^LN||7.20|10*3/uL^^UCUM|4.0-11.0|H|||F",
            "OBX|2|TX|A^A||one~two||||||F",
            "OBX|3|SN|B^B||<^5||||||F",
            "OBX|4|ED|PDF^Report||^application^pdf^Base64^JVBERi0xLjQK||||||F");
    Documents.passesHapi(back(run), "ORU_R01");
  }

  @Test
  void aResourceOfAnotherServerSaysWhatCannotBeSent() {
    Documents.Back back =
        Documents.write(
            "ORU^R01/observations",
            Map.of(
                "DiagnosticReport/1",
                Maps.json(
                    "{'resourceType':'DiagnosticReport','id':'1','status':'final','code':{'text':'BP'},'result':[{'reference':'Observation/2'}]}"),
                "Observation/2",
                Maps.json(
                    "{'resourceType':'Observation','id':'2','status':'final','code':{'coding':[{'system':'http://loinc.org','code':'85354-9','display':'BP'}],'text':'Blood"
                        + " pressure'},"
                        + "'referenceRange':[{'low':{'value':3.50},'high':{'value':5.0}}],"
                        + "'component':[{'code':{'text':'systolic'},'valueQuantity':{'value':120}}]}")));
    assertThat(back.message().first("OBX").orElseThrow().text(7)).isEqualTo("3.50-5.0");
    assertThat(back.run().coverage())
        .extracting(CoverageNote::path)
        .contains("Observation.component[0]", "Observation.code.text");
  }

  @Test
  void everyFieldThatASenderValuesIsAccountedFor() {
    StringBuilder obr = new StringBuilder("OBR");
    StringBuilder obx = new StringBuilder("OBX|1|NM|X^X");
    for (int i = 1; i <= 50; i++) {
      obr.append("|A").append(i);
    }
    for (int i = 4; i <= 25; i++) {
      obx.append("|A").append(i);
    }
    V2Message message = Maps.message("ORU^R01", PID, obr.toString(), obx.toString());
    MappingRun run = Maps.MAPPER.map(message, "observations", Maps.CONTEXT);
    assertThat(run.coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
        .extracting(CoverageNote::path)
        .containsOnly("OBX[1]-20", "OBX[1]-21", "OBX[1]-22");
  }
}
