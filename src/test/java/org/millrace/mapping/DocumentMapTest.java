package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.OfficialValidator;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

/** Documents from MDM and ORU, and those messages from documents. */
class DocumentMapTest {
  private static final OfficialValidator VALIDATOR = new OfficialValidator();
  private static final String PID = "PID|1||A1^^^MRN||ZZTEST^ADA||19800131|F";
  private static final String TXA =
      "TXA|1|DS|TX|20261119080000-0600|9^Lara^T|20261119100000-0600|||7^Poe^Pam|||D77^LAB||P1|F1|Summary of the stay|LA|U|AV";
  private static final String PDF = "JVBERi0xLjQKJSVFT0YK";
  private static final MappingContext CONTEXT =
      Maps.context(Map.of("subject", "Patient/1", "document-type", "11506-3"));

  private static MappingRun mdm(String event, String txa, String... obx) {
    List<String> segments = new ArrayList<>(List.of("EVN||20261119", PID, "PV1|1|I", txa));
    segments.addAll(List.of(obx));
    V2Message message = Maps.message("MDM^" + event, segments.toArray(String[]::new));
    return Maps.MAPPER.map(message, CONTEXT);
  }

  /** By the files of this folder, with a rule for the kind of document that has it hold. */
  private static Mapper holding(String file) throws RuleFaultsException {
    RuleFiles files = RuleFiles.read(Path.of("mappings"));
    String rules = files.texts().getOrDefault(file, "");
    String holding = rules.replaceFirst("(function: document-type.*) }", "$1, unknown: hold }");
    assertThat(holding).isNotEqualTo(rules);
    return new Mapper(files.with(Map.of(file, holding)).compiled());
  }

  @Test
  void anUnknownKindOfDocumentWaitsForItsRowWhereTheRuleSaysSo() throws Exception {
    V2Message report =
        Maps.message(
            "ORU^R01",
            PID,
            "OBR|1||F1^L|QQ9^Odd report|||20261119|||||||||||||||||||F",
            "OBX|1|TX|A^A||Line 1||||||F");
    MappedResource usual = only(Maps.MAPPER.map(report, CONTEXT));
    assertThat(usual.verdict().decision()).isEqualTo(Verdict.Decision.FILE);
    assertThat(usual.json().at("/type/coding/0/code").asText()).isEqualTo("11506-3");

    MappingRun run = holding("segments/OBR.yaml").map(report, CONTEXT);

    assertThat(only(run).verdict().decision()).isEqualTo(Verdict.Decision.HOLD);
    assertThat(only(run).verdict().code()).isEqualTo("unknown-code");
    assertThat(only(run).verdict().path()).isEqualTo("OBR[1]-4");
    assertThat(run.unknownCodes())
        .containsExactly(new UnknownCode("document-type", "QQ9", "Odd report", "OBR[1]-4", true));
  }

  @Test
  void anUnknownKindOfMdmDocumentWaitsForItsRowWhereTheRuleSaysSo() throws Exception {
    V2Message document =
        Maps.message(
            "MDM^T02",
            "EVN||20261119",
            PID,
            "PV1|1|I",
            TXA.replace("|DS|", "|QQ|"),
            "OBX|1|TX|A^A||Line 1||||||F");
    assertThat(only(Maps.MAPPER.map(document, CONTEXT)).verdict().decision())
        .isEqualTo(Verdict.Decision.FILE);

    MappingRun run = holding("segments/TXA.yaml").map(document, CONTEXT);

    assertThat(only(run).verdict().decision()).isEqualTo(Verdict.Decision.HOLD);
    assertThat(only(run).verdict().code()).isEqualTo("unknown-code");
  }

  private static MappedResource only(MappingRun run) {
    assertThat(run.resources()).hasSize(1);
    return run.resources().get(0);
  }

  private static String text(MappedResource document) {
    String data = document.json().at("/content/0/attachment/data").asText();
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  private static Documents.Back written(String type, MappingRun run) {
    Map<String, ObjectNode> resources = new LinkedHashMap<>();
    run.resources().forEach(each -> resources.put(each.anchor(), each.json()));
    resources.put("Patient/1", Maps.resource(Maps.toFhir(PID), "Patient"));
    return Documents.write(type, resources);
  }

  @Test
  void aDocumentOfMdmIsFiledWithTypeTimeTitleAndNumbers() {
    MappedResource document = only(mdm("T02", TXA, "OBX|1|TX|A^A||Line 1||||||F"));
    assertThat(document.action()).isEqualTo("create-document");
    assertThat(document.anchor()).isEqualTo("TXA[1]");
    assertThat(document.keys()).isEqualTo(Map.of("filler", "D77", "placer", "P1"));
    assertThat(VALIDATOR.errors(document.json().toString())).isEmpty();
    ObjectNode json = document.json();
    assertThat(json.path("docStatus").asText()).isEqualTo("final");
    assertThat(json.at("/type/coding/0/code").asText()).isEqualTo("18842-5");
    assertThat(json.path("type").path("coding")).hasSize(1);
    assertThat(json.at("/context/period/end").asText()).isEqualTo("2026-11-19T08:00:00-06:00");
    assertThat(json.at("/content/0/attachment/creation").asText())
        .isEqualTo("2026-11-19T10:00:00-06:00");
    assertThat(json.at("/content/0/attachment/title").asText())
        .isEqualTo("Summary of the stay D77");
    assertThat(json.has("author")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "LA,AV,FILE,final", "AU,'',FILE,final", "PA,AV,FILTER,preliminary", "DI,AV,FILTER,preliminary",
    "LA,CA,WITHDRAW,deleted", "LA,OB,HOLD,deleted", "AU,UN,HOLD,not-available",
        "QQ,AV,HOLD,status-unknown",
    "LA,QQ,HOLD,status-unknown", "'','',FILE,final"
  })
  void completionAndAvailabilityDecide(
      String completion, String available, Verdict.Decision decision, String code) {
    String txa = TXA.replace("|LA|U|AV", "|" + completion + "|U|" + available);
    Verdict verdict = only(mdm("T02", txa, "OBX|1|TX|A^A||Line 1||||||F")).verdict();
    assertThat(verdict.decision()).isEqualTo(decision);
    assertThat(verdict.code()).isEqualTo(code);
  }

  @Test
  void aDeletedPartHoldsADocumentThatItselfIsFinal() {
    Verdict verdict = only(mdm("T02", TXA, "OBX|1|TX|A^A||Line 1||||||D")).verdict();
    assertThat(verdict.code()).isEqualTo("deleted");
    assertThat(verdict.path()).isEqualTo("OBX[1]-11");
  }

  @ParameterizedTest
  @ValueSource(strings = {"T06", "T08", "T10"})
  void anAddendumAnEditAndAReplacementAreAmended(String event) {
    MappedResource document = only(mdm(event, TXA, "OBX|1|TX|A^A||Line 1||||||F"));
    assertThat(document.json().path("docStatus").asText()).isEqualTo("amended");
    assertThat(document.verdict().decision())
        .isEqualTo(event.equals("T06") ? Verdict.Decision.FILE : Verdict.Decision.CORRECT);
  }

  @Test
  void aDocumentWithoutContentIsHeld() {
    assertThat(only(mdm("T02", TXA)).verdict().code()).isEqualTo("no-content");
  }

  @Test
  void everyFieldOfTxaIsAccountedFor() {
    StringBuilder txa = new StringBuilder("TXA");
    for (int i = 1; i <= 23; i++) {
      txa.append("|A").append(i).append("^B");
    }
    MappingRun run = mdm("T02", txa.toString(), "OBX|1|TX|A^A||Line 1||||||F");
    assertThat(run.coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
        .filteredOn(note -> note.path().matches("TXA-\\d+"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MDM^T02", "ORU^R01"})
  void textAndPdfComeBackAsTheyWere(String type) throws Exception {
    String head =
        type.startsWith("MDM")
            ? TXA
            : "OBR|1|P1|F1|18842-5^Discharge summary^LN|||20261119080000-0600|||||||||||||||20261119090000-0600|||F";
    String[] segments = {
      PID,
      head,
      "OBX|1|TX|18842-5^Discharge summary^LN||First \\T\\ foremost||||||F",
      "OBX|2|TX|18842-5^Discharge summary^LN||||||||F",
      "OBX|3|TX|18842-5^Discharge summary^LN||  indented||||||F",
      "OBX|4|ED|18842-5^Discharge summary^LN||^application^pdf^Base64^" + PDF + "||||||F"
    };
    MappingRun first = Maps.MAPPER.map(Maps.message(type, segments), CONTEXT);
    assertThat(first.resources()).hasSize(2);
    List<String> contents = contents(first);
    assertThat(contents).anyMatch(data -> data.equals(PDF));
    for (MappedResource each : first.resources()) {
      MappingRun one =
          new MappingRun(List.of(each), first.lineage(), first.coverage(), first.unknownCodes());
      Documents.Back back = written(type, one);
      Documents.passesHapi(back, type.replace('^', '_'));
      MappingRun again = Maps.MAPPER.map(back.message(), CONTEXT);
      assertThat(contents(again)).isEqualTo(contents(one));
      ObjectNode json = only(again).json();
      assertThat(json.path("type")).isEqualTo(each.json().path("type"));
      assertThat(json.path("docStatus")).isEqualTo(each.json().path("docStatus"));
      assertThat(json.at("/context/period/end")).isEqualTo(each.json().at("/context/period/end"));
      assertThat(json.at("/content/0/attachment/contentType"))
          .isEqualTo(each.json().at("/content/0/attachment/contentType"));
      assertThat(back.run().coverage())
          .extracting(CoverageNote::kind)
          .doesNotContain(CoverageNote.Kind.UNREAD);
    }
  }

  private static List<String> contents(MappingRun run) {
    return run.resources().stream()
        .map(each -> each.json().at("/content/0/attachment/data").asText())
        .toList();
  }

  private static final String DOCUMENT =
      "{'resourceType':'DocumentReference','id':'5','status':'current','docStatus':'%s',"
          + "'masterIdentifier':{'system':'urn:oid:2.16.840.1.113883.3.13.6.1','value':'D77'},"
          + "'type':{'coding':[{'system':'http://loinc.org','code':'18842-5','display':'Discharge summary'}]},"
          + "'subject':{'reference':'Patient/1'},'date':'2026-11-19T17:00:00Z',"
          + "'author':[{'reference':'Practitioner/9','display':'Lara, Tomas'}],"
          + "'authenticator':{'reference':'Practitioner/8'},"
          + "'securityLabel':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0272','code':'R'}]}],"
          + "'content':[%s],"
          + "'context':{'period':{'end':'2026-11-19T14:00:00Z'}}}";

  private static Documents.Back mdmOf(String status, String... contents) {
    ObjectNode document = Maps.json(DOCUMENT.formatted(status, String.join(",", contents)));
    Map<String, ObjectNode> resources = new LinkedHashMap<>();
    resources.put("DocumentReference/5", document);
    resources.put("Patient/1", Maps.resource(Maps.toFhir(PID), "Patient"));
    return Documents.write("MDM^T02", resources);
  }

  private static String content(String type, String data) {
    return "{'attachment':{'contentType':'%s','data':'%s','title':'Stay'}}".formatted(type, data);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aDocumentBecomesMdmAndTheDocumentAgain() throws Exception {
    Documents.Back back = mdmOf("final", content("text/plain;charset=utf-8", base64("A & B\n\nC")));
    Documents.passesHapi(back, "MDM_T02");
    assertThat(back.segments().subList(1, 8))
        .containsExactly(
            "EVN||20261119110000-0600",
            "PID|||A1^^^MRN&2.16.840.1.113883.6.1000&ISO||ZZTEST^ADA||19800131|F",
            "PV1||N",
            "TXA|1|DS|TX|20261119080000-0600|9^Lara^Tomas^^^^^^FHIR|20261119110000-0600|||9^Lara^Tomas^^^^^^FHIR|8^^^^^^^^FHIR||D77^FIN^2.16.840.1.113883.3.13.6.1^ISO||||Stay|LA|R|AV",
            "OBX|1|TX|18842-5^Discharge summary^LN||A \\T\\ B||||||F",
            "OBX|2|TX|18842-5^Discharge summary^LN||||||||F",
            "OBX|3|TX|18842-5^Discharge summary^LN||C||||||F");
    MappedResource again = only(Maps.MAPPER.map(back.message(), CONTEXT));
    assertThat(text(again)).isEqualTo("A & B\n\nC");
    assertThat(again.json().at("/author/0/reference").asText()).isEqualTo("Practitioner/9");
    assertThat(again.json().at("/authenticator/reference").asText()).isEqualTo("Practitioner/8");
    assertThat(back.run().coverage())
        .extracting(CoverageNote::kind)
        .doesNotContain(CoverageNote.Kind.UNREAD);
  }

  @ParameterizedTest
  @CsvSource({
    "application/pdf,application,pdf",
    "image/jpeg,image,JPEG",
    "text/html;charset=utf-8,text,HTML",
    "text/rtf;charset=utf-8,text,RTF",
    "application/xml;charset=utf-8,application,XML"
  })
  void whatIsNoPlainTextIsEncapsulatedWithTheCodesOfItsTables(
      String type, String main, String subtype) {
    Documents.Back back = mdmOf("amended", content(type, PDF));
    V2Segment obx = back.message().first("OBX").orElseThrow();
    assertThat(obx.field(5).raw()).isEqualTo("^" + main + "^" + subtype + "^Base64^" + PDF);
    assertThat(obx.text(11)).isEqualTo("C");
    assertThat(back.run().lineage())
        .filteredOn(way -> way.target().equals("OBX[1]-5.3"))
        .singleElement()
        .satisfies(
            way -> {
              assertThat(way.rule()).startsWith("messages/MDM_T02.yaml:");
              assertThat(way.through()).startsWith("HL70291:");
              assertThat(way.source()).endsWith("attachment.contentType");
            });
  }

  @Test
  void severalContentsAreToldApartByTheirSubId() {
    Documents.Back back =
        mdmOf(
            "preliminary",
            content("text/plain", base64("one\ntwo")),
            content("application/pdf", PDF));
    assertThat(
            back.message().all("OBX").stream().map(obx -> obx.text(2) + obx.text(4) + obx.text(11)))
        .containsExactly("TX1P", "TX1P", "ED2P");
  }

  @Test
  void aContentThatOnlyNamesItsDataIsReadFromTheBinaryBesideIt() {
    String named =
        "{'attachment':{'contentType':'application/pdf','url':'https://fhir.example/r4/Binary/XR-1'}}";
    assertThat(mdmOf("final", named).run().coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
        .singleElement()
        .satisfies(note -> assertThat(note.sentence()).contains("Binary").doesNotContain("XR-1"));
    Map<String, ObjectNode> resources = new HashMap<>();
    resources.put("DocumentReference/5", Maps.json(DOCUMENT.formatted("final", named)));
    resources.put(
        "Binary/XR-1",
        Maps.json(
            "{'resourceType':'Binary','id':'XR-1','contentType':'application/pdf','data':'%s'}"
                .formatted(PDF)));
    Documents.Back back = Documents.write("MDM^T02", resources);
    assertThat(back.message().value("OBX-5.5")).isEqualTo(PDF);
    assertThat(back.run().coverage())
        .extracting(CoverageNote::kind)
        .doesNotContain(CoverageNote.Kind.UNREAD);
  }

  @Test
  void whatIsNoBase64IsToldAndNotSent() {
    Documents.Back back = mdmOf("final", content("application/pdf", "!!!"));
    assertThat(back.message().all("OBX")).isEmpty();
    assertThat(back.run().coverage())
        .extracting(CoverageNote::kind)
        .contains(CoverageNote.Kind.UNREADABLE);
  }

  @Test
  void textInAnotherCharsetIsReadByIt() {
    String latin = Base64.getEncoder().encodeToString("café".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(
            mdmOf("final", content("text/plain; charset=ISO-8859-1", latin))
                .message()
                .value("OBX-5"))
        .isEqualTo("café");
    V2Message unreadable = mdmOf("final", content("text/plain;charset=utf-8", latin)).message();
    assertThat(unreadable.value("OBX-5.3")).isEqualTo("plain");
    assertThat(unreadable.value("OBX-5.5")).isEqualTo(latin);
  }

  @Test
  void aDocumentInErrorIsSentAsDeleted() {
    Documents.Back back = mdmOf("entered-in-error", content("application/pdf", PDF));
    assertThat(back.message().value("TXA-19")).isEqualTo("CA");
    assertThat(back.message().value("OBX-11")).isEqualTo("D");
  }
}
