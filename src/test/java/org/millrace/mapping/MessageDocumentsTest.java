package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.hl7.V2Message;

final class MessageDocumentsTest {
  private static List<MessageDocument> of(String... segments) throws Exception {
    String text =
        "MSH|^~\\&|LAB|NORTH|M|H|2026||ORU^R01|C1|D|2.5.1\r" + String.join("\r", segments);
    return MessageDocuments.of(V2Message.read(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDocument ed(String label, byte[] data) throws Exception {
    String base64 = Base64.getEncoder().encodeToString(data);
    return of("OBR|1", "OBX|1|ED|1^T||" + label + "Base64^" + base64 + "||||||F").get(0);
  }

  private static MessageDocument ed(String label, String data) throws Exception {
    return ed(label, data.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "^AP^PDF^ # %PDF-1.4 # PDF # PDF # FITS",
        "^IM^JPEG^ # \u00ff\u00d8\u00ff\u00e0 # IMAGE # a JPEG image # FITS",
        "^IM^GIF^ # \u00ff\u00d8\u00ff\u00e0 # IMAGE # a JPEG image # DOES_NOT_FIT",
        "^AP^PDF^ # GIF89a # IMAGE # a GIF image # DOES_NOT_FIT",
        "^TEXT^RTF^ # {\\rtf1 x} # SOURCE # RTF # FITS",
        "^TEXT^XML^ # <?xml version='1.0'?><ClinicalDocument/> # SOURCE # XML # FITS",
        "^TEXT^HTML^ # <html><body/></html> # SOURCE # HTML # FITS",
        "^TEXT^PLAIN^ # <html><body/></html> # SOURCE # HTML # DOES_NOT_FIT",
        "^TEXT^PLAIN^ # words and more words # TEXT # plain text # FITS",
        "^^^ # words and more words # TEXT # plain text # SAYS_NOTHING",
        "^AP^DOCX^ # 'PK\u0003\u0004' # OTHER # a ZIP or Office file # FITS",
        "^AP^PDF^ # '\u0001\u0002\u0003\u0000' # OTHER # of no type that is known # DOES_NOT_FIT"
      })
  void whatItIsIsToldByItsBytesAndHeldAgainstItsLabel(
      String label, String data, String form, String shown, String fits) throws Exception {
    MessageDocument document = ed(label, data);

    assertThat(document.form().name()).isEqualTo(form);
    assertThat(document.shown()).isEqualTo(shown);
    assertThat(document.label().name()).isEqualTo(fits);
    assertThat(document.data()).isEqualTo(data.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(document.toString()).isEqualTo("OBX[1]-5 " + form);
  }

  @Test
  void placesAreThoseOfTheMessageAndTextComesBehind() throws Exception {
    String pdf = "^AP^PDF^Base64^JVBERi0xLjQ=";
    List<MessageDocument> documents =
        of(
            "PID|1",
            "OBR|1",
            "OBX|1|TX|1^T||one||||||F",
            "OBX|2|ED|1^T||" + pdf + "~" + pdf + "||||||F",
            "OBR|2",
            "OBX|1|RP|1^T||file.pdf^SHARE||||||F",
            "OBX|2|ED|1^T||||||||F");

    assertThat(documents)
        .extracting(MessageDocument::place)
        .containsExactly("OBX[2]-5[1]", "OBX[2]-5[2]", "OBR[1]", "OBX[3]-5", "OBX[4]-5");
    assertThat(documents)
        .extracting(MessageDocument::anchor)
        .containsExactly(
            "OBR[1]/OBX[2]-5[1]", "OBR[1]/OBX[2]-5[2]", "OBR[1]", "OBR[2]/OBX[3]", "OBR[2]/OBX[4]");
    assertThat(documents.get(3).pointer()).isEqualTo("file.pdf^SHARE");
    assertThat(documents.get(4).without()).contains("it holds no data");
  }

  @Test
  void textIsReadInTheCharsetItIsIn() throws Exception {
    assertThat(ed("^TEXT^PLAIN^", "Gr\u00f6\u00dfe 3 cm, and more").text())
        .isEqualTo("Größe 3 cm, and more");
    assertThat(
            ed("^TEXT^XML^", "<?xml version=\"1.0\" encoding=\"x-nobody\"?><a>\u00f6</a>").text())
        .contains("ö");
  }

  @Test
  void anImageIsNotDecodedToBeListed() throws Exception {
    byte[] endless = new byte[64];
    System.arraycopy(ImageAsPdfTest.image("png", 4, 4), 0, endless, 0, 40);

    assertThat(ed("^IM^PNG^", endless).form()).isEqualTo(MessageDocument.Form.IMAGE);
    assertThat(ed("^IM^PNG^", endless).without()).isEmpty();
  }

  @Test
  void attachmentsOfAResourceAreFoundByTheirPlace() throws Exception {
    JsonNode resource =
        new ObjectMapper()
            .readTree(
                "{\"content\":[{\"attachment\":{\"url\":\"http://x\"}},{\"attachment\":{\"contentType\":"
                    + "\"application/pdf\",\"data\":\"JVBERi0xLjQ=\"}},{\"attachment\":{\"data\":\"%\"}}]}");

    List<MessageDocument> documents = MessageDocuments.ofResource(resource);

    assertThat(documents)
        .extracting(MessageDocument::toString)
        .containsExactly(
            "content[0].attachment POINTER",
            "content[1].attachment PDF",
            "content[2].attachment NOTHING");
    assertThat(documents.get(1).label()).isEqualTo(MessageDocument.Label.FITS);
  }

  @Test
  void anMdmWithoutOrderHasItsDocumentsToo() throws Exception {
    assertThat(of("TXA|1|CN", "OBX|1|ED|1^T||^AP^PDF^Base64^JVBERi0xLjQ=||||||F"))
        .extracting(MessageDocument::place)
        .containsExactly("OBX[1]-5");
    assertThat(of("PID|1", "PV1|1")).isEmpty();
  }
}
