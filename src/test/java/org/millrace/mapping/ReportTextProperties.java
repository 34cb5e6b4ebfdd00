package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReportTextProperties {

  @Property(tries = 300)
  void anyTextComesOutAsItWasPutIn(
      @ForAll("texts") String text, @ForAll("types") String type, @ForAll boolean breaks) {
    String escaped = escaped(text, breaks ? "\\.br\\" : "\\X0D\\\\X0A\\");
    assertThat(ReportSamples.text("OBX|1|" + type + "|R^Report||" + escaped)).isEqualTo(text);
  }

  @Property(tries = 100)
  void anyTextOverSeveralObxComesOutAsItWasPutIn(@ForAll("texts") String text) {
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "OBX|" + (i + 1) + "|TX|R^Report||" + escaped(lines[i], "");
    }
    assertThat(ReportSamples.text(lines)).isEqualTo(text);
  }

  @Property(tries = 200)
  void anyBytesInBase64ComeOutAsTheyWerePutIn(@ForAll byte[] tail, @ForAll boolean padded) {
    byte[] pdf =
        ("%PDF-1.7\n" + new String(tail, StandardCharsets.ISO_8859_1) + "%%EOF")
            .getBytes(StandardCharsets.ISO_8859_1);
    String base64 = ReportSamples.base64(pdf);
    ReportPart part =
        ReportSamples.ed("^AP^PDF^Base64^" + (padded ? base64 : base64.replace("=", "")));
    assertThat(part.data()).isEqualTo(pdf);
    assertThat(part.notes()).isEmpty();
  }

  @Provide
  Arbitrary<String> types() {
    return Arbitraries.of("TX", "FT", "ST");
  }

  /** Never blank, never the HL7 null, with every delimiter, blanks and other alphabets. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings()
        .withCharRange(' ', '~')
        .withChars("|^~\\&\n\n\n .brX0AäßéЖ中\u00a0\t")
        .ofMaxLength(120)
        .filter(text -> !text.isBlank() && !text.equals("\"\"") && !text.contains("JVBERi"));
  }

  private static String escaped(String text, String lineEnd) {
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) {
      switch (c) {
        case '|' -> out.append("\\F\\");
        case '^' -> out.append("\\S\\");
        case '~' -> out.append("\\R\\");
        case '&' -> out.append("\\T\\");
        case '\\' -> out.append("\\E\\");
        case '\n' -> out.append(lineEnd);
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
