package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.millrace.mapping.ReportSamples.parts;
import static org.millrace.mapping.ReportSamples.text;
import static org.millrace.mapping.ReportSamples.textOf;
import static org.millrace.mapping.ReportSamples.utf8;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.hl7.V2Message;

class ReportTextTest {

  @Test
  void oneObxForEachLineIsOneText() {
    assertThat(
            text(
                "OBX|1|TX|18748-4^Report^LN||First line||||||F",
                "OBX|2|TX|18748-4^Report^LN||||||||F",
                "OBX|3|ST|18748-4^Report^LN||  third, indented||||||F"))
        .isEqualTo("First line\n\n  third, indented");
  }

  @Test
  void repetitionsAreLines() {
    assertThat(text("OBX|1|TX|R^Report||one~two~~four")).isEqualTo("one\ntwo\n\nfour");
  }

  @Test
  void formattedTextKeepsItsBreaks() {
    assertThat(text("OBX|1|FT|R^Report||one\\.br\\two\\.br\\\\.br\\four"))
        .isEqualTo("one\ntwo\n\nfour");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\X0A\\", "\\X0D\\\\X0A\\", "\\X0D0A\\", "\\X0D\\", "\\.br\\"})
  void everyEscapedLineEndIsOneLineFeed(String lineEnd) {
    assertThat(text("OBX|1|ST|R^Report||one" + lineEnd + "two")).isEqualTo("one\ntwo");
  }

  @Test
  void notesStandWhereTheyCome() {
    assertThat(
            text(
                "NTE|1||before all",
                "OBX|1|TX|R^Report||one",
                "NTE|1||on one~second\\.br\\third",
                "NTE|2||",
                "OBX|2|TX|R^Report||two",
                "NTE|1||last"))
        .isEqualTo("before all\none\non one\nsecond\nthird\n\ntwo\nlast");
  }

  @Test
  void aReportInNotesAloneIsText() {
    List<ReportPart> parts = parts("NTE|1||the whole", "NTE|2||report");
    assertThat(textOf(parts)).isEqualTo("the whole\nreport");
    assertThat(parts.get(0).sources()).containsExactly("NTE[1]-3", "NTE[2]-3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TX", "FT", "ST"})
  void rawDelimitersDoNotCutText(String type) {
    assertThat(text("OBX|1|" + type + "|R^Report||A & B ^ C \\T\\ D")).isEqualTo("A & B ^ C & D");
  }

  @Test
  void differentObservationsAreNamed() {
    assertThat(
            text(
                "OBX|1|TX|F^Findings||The lungs are clear.",
                "OBX|2|TX|F^Findings||The heart is normal.",
                "OBX|3|TX|I^Impression||No acute disease.",
                "OBX|4|TX|R&REC^Chest||None."))
        .isEqualTo(
            "Findings:\nThe lungs are clear.\nThe heart is normal.\n\n"
                + "Impression: No acute disease.\nChest (REC): None.");
  }

  @Test
  void discreteResultsAreOneLineEach() {
    assertThat(
            text(
                "OBX|1|NM|6690-2^WBC^LN||7.2|10*3/uL|4.0-11.0|H|||C",
                "OBX|2|NM|718-7^Hemoglobin^LN||13.5|g/dL^gram per decilitre^UCUM|12-16||||F",
                "OBX|3|SN|T^Titer||^1^:^128||||||F",
                "OBX|4|CWE|O^Organism||112283007^Escherichia coli^SCT~^^^E2^Alternate||||||F",
                "OBX|5|ST|C^Color||Yellow||||||F",
                "NTE|1||seen twice",
                "OBX|6|NM|P^Platelets||||||||X"))
        .isEqualTo(
            "WBC: 7.2 10*3/uL (4.0-11.0) H [corrected]\n"
                + "Hemoglobin: 13.5 g/dL (12-16)\n"
                + "Titer: 1:128\n"
                + "Organism: Escherichia coli; Alternate\n"
                + "Color: Yellow\n"
                + "seen twice\n"
                + "Platelets: cannot be obtained");
  }

  @Test
  void aSingleDiscreteResultIsNamedToo() {
    List<ReportPart> parts = parts("OBX|1|NM|6690-2^WBC^LN||7.2|10^3/uL|4.0-11.0|");
    assertThat(textOf(parts)).isEqualTo("WBC: 7.2 10^3/uL (4.0-11.0)");
    assertThat(parts.get(0).sources())
        .containsExactly("OBX[1]-3", "OBX[1]-5", "OBX[1]-6", "OBX[1]-7");
  }

  @Test
  void aResultAfterAHeadedTextStandsApart() {
    assertThat(
            text(
                "OBX|1|FT|F^Findings||one\\.br\\two",
                "OBX|2|NM|W^WBC||7",
                "OBX|3|NM|R^RBC||4",
                "OBX|4|FT|C^Comment||three\\.br\\four"))
        .isEqualTo("Findings:\none\ntwo\n\nWBC: 7\nRBC: 4\n\nComment:\nthree\nfour");
  }

  @ParameterizedTest
  @CsvSource({
    "DT,20260102,2026-01-02",
    "DT,2026,2026",
    "TS,202601021530+0100,2026-01-02 15:30 +01:00",
    "DTM,20260102153012.25,2026-01-02 15:30:12.25",
    "DTM,2026010215,2026-01-02 15h",
    "TM,1530,15:30",
    "TS,yesterday,yesterday",
    "DR,20260101^20260103,2026-01-01 to 2026-01-03",
    "NR,3^5,3 to 5",
    "SN,>^100,>100",
    "XPN,Doe^Jane^Q,Jane Q Doe",
    "XCN,17^Doe^Jane^^^Dr,Dr Jane Doe",
    "XAD,1 Main St^^Town^NY^12345,'1 Main St, Town, NY, 12345'",
    "ID,Y,Y",
    "CE,^^^A^Alternate,Alternate",
    "CWE,X1,X1",
    "XTN,^^^^1^555^1234,1 555 1234",
    "MO,12^USD,12 USD",
  })
  void discreteTypesAreReadable(String type, String value, String line) {
    assertThat(text("OBX|1|" + type + "|N^Name||" + value)).isEqualTo("Name: " + line);
  }

  @ParameterizedTest
  @CsvSource({"'',is missing", "?,names no type", "TXT,names no type", "BAD,names no type"})
  void anUnknownTypeIsTextWithANote(String type, String why) {
    List<ReportPart> parts =
        parts("OBX|1|" + type + "|R^Report||a^b & c", "OBX|2|" + type + "|R^Report||d");
    assertThat(textOf(parts)).isEqualTo("a^b & c\nd");
    assertThat(parts.get(0).notes()).hasSize(1);
    CoverageNote note = parts.get(0).notes().get(0);
    assertThat(note.path()).isEqualTo("OBX[1]-2");
    assertThat(note.sentence()).contains(why).contains("1 more");
  }

  @Test
  void typesAreComparedCaseBlindAndByTheirFirstComponent() {
    assertThat(text("OBX|1|cwe^^HL70125|N^Name||1^One^L")).isEqualTo("Name: One");
  }

  @Test
  void blankTextMakesNoPart() {
    assertThat(parts("OBX|1|TX|R^Report||", "NTE|1||  ", "OBX|2|NM|W^WBC||")).isEmpty();
    assertThat(parts()).isEmpty();
  }

  @Test
  void anotherSubIdBeginsAParagraphUnlessItCountsLines() {
    assertThat(
            text(
                "OBX|1|TX|R^Report|A|a one",
                "OBX|2|TX|R^Report|A|a two",
                "OBX|3|TX|R^Report|B|b one"))
        .isEqualTo("a one\na two\n\nb one");
    assertThat(
            text("OBX|1|TX|R^Report|1|one", "OBX|2|TX|R^Report|2|two", "OBX|3|TX|R^Report|3|three"))
        .isEqualTo("one\ntwo\nthree");
  }

  @Test
  void anObxWithoutAnIdentifierGoesOnWithTheTextBefore() {
    assertThat(text("OBX|1|TX|R^Report||one", "OBX|2|TX|||", "OBX|3|TX|R^Report||two"))
        .isEqualTo("one\n\ntwo");
  }

  @Test
  void aDeletedValueIsNotWritten() {
    List<ReportPart> parts = parts("OBX|1|TX|R^Report||\"\"", "OBX|2|TX|R^Report||kept");
    assertThat(textOf(parts)).isEqualTo("\nkept");
    assertThat(parts.get(0).notes())
        .extracting(CoverageNote::kind, CoverageNote::path)
        .containsExactly(tuple(CoverageNote.Kind.LOSSY, "OBX[1]-5"));
  }

  @ParameterizedTest
  @CsvSource({"D,deleted", "W,wrong"})
  void aDeletedOrWrongObservationHoldsTheText(String status, String code) {
    List<ReportPart> parts =
        parts("OBX|1|TX|R^Report||fine||||||F", "OBX|2|TX|R^Report||not||||||" + status);
    assertThat(parts).hasSize(1);
    ReportPart part = parts.get(0);
    assertThat(part.verdict().decision()).isEqualTo(Verdict.Decision.HOLD);
    assertThat(part.verdict().code()).isEqualTo(code);
    assertThat(part.verdict().path()).isEqualTo("OBX[2]-11");
    assertThat(part.verdict().remedy()).isNotBlank();
    assertThat(part.data()).isEmpty();
  }

  @Test
  void otherSegmentsAddNothing() {
    assertThat(text("TQ1|1", "OBX|1|TX|R^Report||one", "SPM|1|S1||BLD", "OBX|2|TX|R^Report||two"))
        .isEqualTo("one\ntwo");
  }

  @Test
  void aSegmentBrokenOverLinesIsPutTogether() {
    List<ReportPart> parts =
        parts("OBX|1|TX|R^Report||one\ntwo \\T\\ more\nthree||||||F", "NTE|1||a\nb");
    assertThat(textOf(parts)).isEqualTo("one\ntwo & more\nthree\na\nb");
    assertThat(parts.get(0).notes())
        .extracting(CoverageNote::path)
        .containsExactly("OBX[1]-5", "NTE[1]-3");
  }

  @Test
  void anEscapeWithoutTextIsReported() {
    List<ReportPart> parts = parts("OBX|1|TX|R^Report||one\\Zab\\ two", "NTE|1||x\\Zab\\y");
    assertThat(textOf(parts)).isEqualTo("one two\nxy");
    assertThat(parts.get(0).notes())
        .extracting(CoverageNote::kind, CoverageNote::path)
        .containsExactly(tuple(CoverageNote.Kind.LOSSY, "OBX[1]-5"));
    assertThat(parts.get(0).notes().get(0).sentence()).contains("1 more");
  }

  @Test
  void aBrokenLineOfThreeLettersIsNoSegment() {
    assertThat(text("OBX|1|TX|R^Report||see\nCBC\nnormal now||||||F", "TQ1", "NTE|1||end"))
        .isEqualTo("see\nCBC\nnormal now\nend");
  }

  @Test
  void brokenLinesElsewhereAreReported() {
    List<ReportPart> parts = parts("SPM|1|S1||BLD\nlost line", "OBX|1|TX|R^Report||one");
    assertThat(parts.get(0).notes())
        .extracting(CoverageNote::kind, CoverageNote::path)
        .containsExactly(tuple(CoverageNote.Kind.UNREAD, "SPM[1]"));
  }

  @Test
  void withoutTheMessageTheRecommendedDelimitersAreAssumed() throws Exception {
    V2Message message =
        V2Message.read(
            "MSH|^~\\&|A|B\rOBR|1||F1|R\rOBX|1|TX|R||one\ntwo\r".getBytes(StandardCharsets.UTF_8));
    assertThat(utf8(ReportContent.parts(message.segments().subList(1, 4)).get(0)))
        .isEqualTo("one\ntwo");
  }

  @Test
  void textOfAnotherCharsetIsUtf8() {
    Charset western = Charset.forName("windows-1252");
    assertThat(textOf(parts(western, "8859/1", "OBX|1|TX|R^Report||Müller \\XE9\\")))
        .isEqualTo("Müller é");
  }

  @Test
  void otherDelimitersAreThoseOfTheMessage() {
    String message =
        "MSH#*!%@#LAB#HOSP###20260102##ORU*R01#1#D#2.5.1\rOBR#1##F1#R*Report\r"
            + "OBX#1#TX#R*Report##a | b ^ c %F% d!e\rf g##\r";
    assertThat(textOf(parts(message.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo("a | b ^ c # d\ne\nf g");
  }

  @Test
  void preliminaryIsPutFirst() {
    ReportPart part = parts("OBX|1|TX|R^Report||one").get(0).startingWith("PRELIMINARY");
    assertThat(utf8(part)).isEqualTo("PRELIMINARY\none");
  }

  @Test
  void pathsCountSegmentsOfTheMessage() {
    List<ReportPart> parts =
        parts("ORC|RE", "OBX|1|TX|R^Report||one", "NTE|1||two", "OBX|2|TX|R^Report||three");
    assertThat(parts.get(0).sources()).containsExactly("OBX[1]-5", "NTE[1]-3", "OBX[2]-5");
  }

  @Test
  void twentyThousandLinesAreQuick() {
    String[] lines = new String[20_000];
    Arrays.setAll(lines, i -> "OBX|" + (i + 1) + "|TX|R^Report||line " + i);
    assertThat(textOf(parts(lines))).startsWith("line 0\nline 1\n").endsWith("line 19999");
  }

  @Test
  void nothingOfTheContentIsInToString() {
    assertThat(parts("OBX|1|TX|R^Report||secret").get(0).toString()).doesNotContain("secret");
  }
}
