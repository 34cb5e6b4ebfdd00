package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.mapping.ReportSamples.base64;
import static org.millrace.mapping.ReportSamples.ed;
import static org.millrace.mapping.ReportSamples.parts;
import static org.millrace.mapping.ReportSamples.utf8;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncapsulatedDocumentTest {

  private static final String PDF = "%PDF-1.4\n1 0 obj\n%%EOF\n";
  private static final String XML = "<?xml version=\"1.0\"?><ClinicalDocument/>";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^TX^PDF^Base64^",
        "^AP^PDF^BASE64^",
        "^application^pdf^base64^",
        "^Application/PDF^^Base64^",
        "^^application/pdf^Base64^",
        "LAB^AP^application/pdf;name=x^Base64^"
      })
  void aPdfIsAPdfHoweverItIsWritten(String label) {
    ReportPart part = ed(label + base64(PDF));
    assertThat(part.contentType()).isEqualTo("application/pdf");
    assertThat(utf8(part)).isEqualTo(PDF);
    assertThat(part.verdict().decision()).isEqualTo(Verdict.Decision.FILE);
    assertThat(part.anchor()).isEqualTo("OBR[1]/OBX[1]");
    assertThat(part.sources()).containsExactly("OBX[1]-5");
    assertThat(part.notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "^TEXT^XML, <?xml version='1.0'?><a/>, application/xml;charset=utf-8",
    "^text^xml, <ClinicalDocument/>, application/xml;charset=utf-8",
    "^Text^text/xml, <a/>, application/xml;charset=utf-8",
    "^TEXT^html, <p>one</p>, text/html;charset=utf-8",
    "^^text/html, <html><body/></html>, text/html;charset=utf-8",
    "^^text/rtf;charset=UTF8, {\\rtf1 one}, text/rtf;charset=utf-8",
    "^AP^RTF, {\\rtf1 one}, text/rtf;charset=utf-8",
    "^text^, one, text/plain;charset=utf-8",
    "^TEXT^, one, text/plain;charset=utf-8",
    "^FT^, one, text/plain;charset=utf-8",
    "^TEXT^plain, one, text/plain;charset=utf-8",
    "^text^richtext, <bold>one</bold>, text/richtext;charset=utf-8",
    "^application^xhtml+xml, <html xmlns='http://www.w3.org/1999/xhtml'/>,"
        + " application/xhtml+xml;charset=utf-8",
  })
  void labelsBecomeTheTypesThatCernerTakes(String label, String content, String contentType) {
    ReportPart part = ed(label + "^Base64^" + base64(content));
    assertThat(part.contentType()).isEqualTo(contentType);
    assertThat(utf8(part)).isEqualTo(content);
    assertThat(part.notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "^TEXT^XML, %PDF-1.4 %%EOF, application/pdf, it is labelled XML and is PDF",
    "^IM^JPEG, %PDF-1.4 %%EOF, application/pdf, and is PDF",
    "^multipart^x-hl7-cda-level-one, <?xml version='1.0'?><a/>, application/xml;charset=utf-8, is XML",
    "^TEXT^XML, <html xmlns='http://www.w3.org/1999/xhtml'/>,"
        + " application/xhtml+xml;charset=utf-8, is XHTML",
    "^TX^PDF, {\\rtf1 x}, text/rtf;charset=utf-8, it is labelled PDF and is RTF",
    "^TEXT^plain, <html></html>, text/html;charset=utf-8, is HTML",
    "^NS^Octet-stream, %PDF-1.4 %%EOF, application/pdf, the label names no type",
    "^^, <?xml version='1.0'?><a/>, application/xml;charset=utf-8, the label names no type",
    "^^, plain words, text/plain;charset=utf-8, the data is plain text",
  })
  void bytesDecideAgainstTheLabel(String label, String content, String contentType, String note) {
    ReportPart part = ed(label + "^Base64^" + base64(content));
    assertThat(part.contentType()).isEqualTo(contentType);
    assertThat(part.notes()).hasSize(1);
    assertThat(part.notes().get(0).sentence()).contains(note);
    assertThat(part.notes().get(0).path()).isEqualTo("OBX[1]-5");
  }

  @Test
  void wrappedBase64IsReadWhole() {
    String base64 = base64(PDF);
    String wrapped =
        base64.substring(0, 10)
            + "\\.br\\"
            + base64.substring(10, 20)
            + "\\X0D\\\\X0A\\ "
            + base64.substring(20).replace("=", "");
    assertThat(utf8(ed("^AP^PDF^Base64^" + wrapped))).isEqualTo(PDF);
  }

  @Test
  void base64BrokenOverRawLinesIsReadWhole() {
    String wrapped =
        Base64.getMimeEncoder().encodeToString(PDF.repeat(20).getBytes(StandardCharsets.UTF_8));
    ReportPart part = ed("^AP^PDF^Base64^" + wrapped);
    assertThat(utf8(part)).isEqualTo(PDF.repeat(20));
    assertThat(part.notes()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theLastLineOfWrappedBase64MayLookLikeASegment(int bytes) {
    String pdf = PDF + "y".repeat(bytes);
    String base64 = base64(pdf).replace("=", "");
    String wrapped =
        base64.substring(0, base64.length() - 3) + "\r" + base64.substring(base64.length() - 3);
    List<ReportPart> parts = parts("OBX|1|ED|P^PDF||^AP^PDF^Base64^" + wrapped);
    assertThat(utf8(parts.get(0))).isEqualTo(pdf);
  }

  @Test
  void aPdfWithoutItsEndIsFiledWithANote() {
    ReportPart part = ed("^AP^PDF^Base64^" + base64("%PDF-1.4 cut"));
    assertThat(part.verdict().decision()).isEqualTo(Verdict.Decision.FILE);
    assertThat(part.notes())
        .extracting(CoverageNote::kind)
        .containsExactly(CoverageNote.Kind.UNREADABLE);
  }

  @Test
  void hexIsTwoDigitsAByte() {
    String hex = HexFormat.of().formatHex(PDF.getBytes(StandardCharsets.UTF_8));
    assertThat(utf8(ed("^AP^PDF^Hex^" + hex))).isEqualTo(PDF);
  }

  @Test
  void unencodedTextIsUnescaped() {
    ReportPart part = ed("^TEXT^^A^A \\T\\ B\\.br\\C \\F\\ D ^ E & F");
    assertThat(utf8(part)).isEqualTo("A & B\nC | D ^ E & F");
    assertThat(part.contentType()).isEqualTo("text/plain;charset=utf-8");
  }

  @Test
  void rawDelimitersDoNotCutUnencodedXml() {
    String xml = XML.replace("/>", ">a &amp; b ^ c</ClinicalDocument>");
    assertThat(utf8(ed("^TEXT^XML^ASCII^" + xml))).isEqualTo(xml);
  }

  @ParameterizedTest
  @CsvSource({"'',no encoding", "binary,no encoding", "A,is labelled as unencoded"})
  void aMissingOrWrongEncodingIsFoundFromTheData(String encoding, String note) {
    ReportPart part = ed("^AP^PDF^" + encoding + "^" + base64(PDF));
    assertThat(utf8(part)).isEqualTo(PDF);
    assertThat(part.notes()).hasSize(1);
    assertThat(part.notes().get(0).sentence()).contains(note);
  }

  @Test
  void unencodedXmlLabelledBase64IsTakenAsItIs() {
    ReportPart part = ed("^TEXT^XML^Base64^" + XML);
    assertThat(utf8(part)).isEqualTo(XML);
    assertThat(part.notes()).hasSize(1);
  }

  @Test
  void componentsOnePlaceOffAreReadByTheirEncoding() {
    ReportPart part = ed("AP^PDF^Base64^" + base64(PDF));
    assertThat(part.contentType()).isEqualTo("application/pdf");
    assertThat(utf8(part)).isEqualTo(PDF);
    assertThat(part.notes()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ST", "TX", "FT", ""})
  void aDocumentThatIsNotTypedEdIsADocument(String type) {
    List<ReportPart> parts = parts("OBX|1|" + type + "|P^PDF||^AP^PDF^Base64^" + base64(PDF));
    assertThat(parts).hasSize(1);
    assertThat(parts.get(0).contentType()).isEqualTo("application/pdf");
    assertThat(parts.get(0).notes()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "^AP^PDF^Base64^%%%%, cannot be decoded",
    "^AP^PDF^Base64^JVBERi0xLjQKM, cannot be decoded",
    "^AP^PDF^Base64^<Base64 encoded>, labelled PDF and is none",
    "^AP^PDF^Hex^2550444, cannot be decoded",
    "^AP^PDF^Base64^, holds no data",
    "^AP^PDF^Base64, holds no data",
    "'', holds no data",
    "^AP^PDF^Base64^aGVsbG8gd29ybGQ=, labelled PDF and is none",
    "^AP^RTF^Base64^aGVsbG8gd29ybGQ=, labelled RTF and is none",
    "^TEXT^XML^Base64^aGVsbG8gd29ybGQ=, labelled XML and is none",
  })
  void damagedDataIsHeld(String value, String why) {
    ReportPart part = ed(value);
    assertThat(part.verdict().decision()).isEqualTo(Verdict.Decision.HOLD);
    assertThat(part.verdict().code()).isEqualTo("ed-damaged");
    assertThat(part.verdict().path()).isEqualTo("OBX[1]-5");
    assertThat(part.verdict().reason()).contains(why);
    assertThat(part.verdict().remedy()).isNotBlank();
    assertThat(part.data()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "^AP^PDF, 1F8B0800, gzip",
    "^AP^, 504B030414000600, ZIP",
    "^IM^DICOM, 0001020304, it is labelled IM/DICOM",
    "^AP^Octet-stream, 0001020304, none that is known",
    "^TEXT^, 0001020304, binary data",
    "^IM^, 68656C6C6F, it is labelled IM",
  })
  void typesThatCernerDoesNotTakeAreHeld(String label, String hex, String why) {
    ReportPart part = ed(label + "^Base64^" + base64(HexFormat.of().parseHex(hex)));
    assertThat(part.verdict().code()).isEqualTo("content-type-not-taken");
    assertThat(part.verdict().decision()).isEqualTo(Verdict.Decision.HOLD);
    assertThat(part.verdict().reason()).contains(why);
    assertThat(part.data()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "^IM^JPEG, FFD8FFE000104A46, JPEG",
    "^AP^PDF, 89504E470D0A1A0A, PNG",
    "^IM^TIFF, 49492A0008000000, TIFF",
    "^IM^GIF, 474946383961, GIF"
  })
  void anImageThatCannotBeReadIsHeld(String label, String hex, String why) {
    ReportPart part = ed(label + "^Base64^" + base64(HexFormat.of().parseHex(hex)));
    assertThat(part.verdict().code()).isEqualTo("ed-damaged");
    assertThat(part.verdict().reason()).contains(why);
  }

  @Test
  void anImageIsPutOnAPageOfPdfWhateverItsLabelSays() throws Exception {
    byte[] image = ImageAsPdfTest.image("png", 30, 20);
    for (String label : List.of("^IM^PNG", "^AP^PDF", "^IM^", "^")) {
      ReportPart part = ed(label + "^Base64^" + base64(image));
      assertThat(part.contentType()).isEqualTo("application/pdf");
      assertThat(part.data()).isEqualTo(ImageAsPdf.of(image).pdf());
      assertThat(part.notes())
          .extracting(CoverageNote::sentence)
          .contains("the data is a PNG image; it was put on a page of PDF, nothing of it changed");
    }
  }

  @Test
  void aReferencePointerIsHeldAndNotFetched() {
    List<ReportPart> parts = parts("OBX|1|RP|P^PDF||\\\\server\\share\\x.pdf^APP^AP^PDF");
    assertThat(parts).hasSize(1);
    assertThat(parts.get(0).verdict().code()).isEqualTo("reference-pointer");
    assertThat(parts.get(0).verdict().reason()).doesNotContain("server");
  }

  @Test
  void eachRepetitionAndEachObxIsADocumentAndTheTextIsOneMore() {
    String one = "^AP^PDF^Base64^" + base64(PDF);
    List<ReportPart> parts =
        parts(
            "OBX|1|TX|R^Report||one",
            "OBX|2|ED|P^PDF||" + one + "~" + one + "~",
            "OBX|3|TX|R^Report||two",
            "OBX|4|ED|P^PDF||" + one);
    assertThat(parts)
        .extracting(ReportPart::anchor)
        .containsExactly("OBR[1]/OBX[2]-5[1]", "OBR[1]/OBX[2]-5[2]", "OBR[1]/OBX[4]", "OBR[1]");
    assertThat(parts.get(1).sources()).containsExactly("OBX[2]-5[2]");
    assertThat(utf8(parts.get(3))).isEqualTo("one\ntwo");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO-8859-1", "windows-1252", "UTF-16", "UTF-16LE"})
  void xmlOfAnotherCharsetIsBroughtIntoUtf8(String charset) {
    String xml = "<?xml version=\"1.0\" encoding=\"" + charset + "\"?><a>Müller</a>";
    ReportPart part = ed("^TEXT^XML^Base64^" + base64(xml.getBytes(Charset.forName(charset))));
    assertThat(utf8(part)).isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>Müller</a>");
    assertThat(part.notes()).hasSize(1);
  }

  @Test
  void anXmlDeclarationThatWasTrueBeforeTheMessageIsSetRight() {
    ReportPart part = ed("^TEXT^XML^A^<?xml version='1.0' encoding='ISO-8859-1'?><a>Müller</a>");
    assertThat(utf8(part)).isEqualTo("<?xml version='1.0' encoding='UTF-8'?><a>Müller</a>");
  }

  @Test
  void xmlOfAnUnknownCharsetIsHeld() {
    byte[] xml =
        "<?xml version=\"1.0\" encoding=\"x-none\"?><a>Müller</a>"
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(ed("^TEXT^XML^Base64^" + base64(xml)).verdict().code()).isEqualTo("ed-damaged");
  }

  @Test
  void utf8XmlIsKeptByteForByte() {
    byte[] xml =
        "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?><a>Müller</a>\r\n"
            .getBytes(StandardCharsets.UTF_8);
    ReportPart part = ed("^TEXT^XML^Base64^" + base64(xml));
    assertThat(part.data()).isEqualTo(xml);
    assertThat(part.notes()).isEmpty();
  }

  @Test
  void htmlOfAnotherCharsetIsBroughtIntoUtf8() {
    String html = "<html><head><meta charset=\"iso-8859-1\"></head><body>Müller</body></html>";
    ReportPart part = ed("^TEXT^HTML^Base64^" + base64(html.getBytes(StandardCharsets.ISO_8859_1)));
    assertThat(utf8(part)).isEqualTo(html.replace("iso-8859-1", "utf-8"));
  }

  @Test
  void textThatIsNotUtf8IsReadByTheMessagesCharset() {
    Charset polish = Charset.forName("ISO-8859-2");
    List<ReportPart> parts =
        parts(polish, "8859/2", "OBX|1|ED|P^T||^TEXT^^Base64^" + base64("Łódź".getBytes(polish)));
    assertThat(utf8(parts.get(0))).isEqualTo("Łódź");
    ReportPart western =
        ed("^TEXT^^Base64^" + base64("Müller".getBytes(StandardCharsets.ISO_8859_1)));
    assertThat(utf8(western)).isEqualTo("Müller");
    assertThat(western.notes()).hasSize(1);
  }

  @Test
  void rtfIsSevenBit() {
    byte[] ansi = "{\\rtf1\\ansi M\u00fcller}".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(utf8(ed("^AP^RTF^Base64^" + base64(ansi)))).isEqualTo("{\\rtf1\\ansi M\\'fcller}");
    assertThat(utf8(ed("^AP^RTF^Base64^" + base64("{\\rtf1 \u4e2d \u00fc \uff21}"))))
        .isEqualTo("{\\rtf1 \\u20013? \\u252? \\u-223?}");
  }

  @Test
  void preliminaryIsPutIntoHtmlAndNotIntoPdf() {
    ReportPart html =
        ed("^TEXT^HTML^Base64^" + base64("<html><BODY class='a'><p>x</p></BODY></html>"));
    assertThat(utf8(html.startingWith("PRELIMINARY")))
        .isEqualTo("<html><BODY class='a'><p><b>PRELIMINARY</b></p><p>x</p></BODY></html>");
    ReportPart pdf = ed("^AP^PDF^Base64^" + base64(PDF));
    assertThat(utf8(pdf.startingWith("PRELIMINARY"))).isEqualTo(PDF);
  }

  @Test
  void aCancelledDocumentWithoutDataIsLeftOutOnPurpose() {
    List<ReportPart> parts = parts("OBX|1|ED|P^PDF||||||||X");
    assertThat(parts.get(0).verdict().decision()).isEqualTo(Verdict.Decision.FILTER);
    assertThat(parts.get(0).verdict().code()).isEqualTo("cancelled");
  }

  @ParameterizedTest
  @CsvSource({"D,deleted", "W,wrong"})
  void aDeletedOrWrongDocumentIsHeld(String status, String code) {
    List<ReportPart> parts =
        parts("OBX|1|ED|P^PDF||^AP^PDF^Base64^" + base64(PDF) + "||||||" + status);
    assertThat(parts.get(0).verdict().code()).isEqualTo(code);
  }

  @Test
  void twentyMegabytesAreReadInOnePass() {
    byte[] pdf = new byte[20_000_000];
    new Random(7).nextBytes(pdf);
    ByteBuffer.wrap(pdf).put(PDF.getBytes(StandardCharsets.US_ASCII));
    String base64 = base64(pdf);
    long started = System.nanoTime();
    ReportPart part = ed("^AP^PDF^Base64^" + base64);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
    assertThat(part.data()).isEqualTo(pdf);
  }
}
