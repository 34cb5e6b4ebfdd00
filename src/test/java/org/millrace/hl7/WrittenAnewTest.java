package org.millrace.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WrittenAnewTest {
  private static final String MSH = "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120||ORU^R01|C1|D|2.5.1";

  private static WrittenAnew of(String text) throws V2FormatException {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static WrittenAnew of(byte[] bytes) throws V2FormatException {
    return WrittenAnew.of(
        V2Message.read(bytes),
        (segment, field) -> segment.name().equals("OBX") && segment.text(2).equals("FT"));
  }

  @Test
  void whatIsWrittenAsItShouldBeIsTheSameByteForByte() throws Exception {
    WrittenAnew anew =
        of(MSH + "\rPID|1||6931^^^MRN^MR~7^^^X||M\\T\\S^JOE&X||\"\"\rOBX|1|FT|||a\\.br\\b\r");

    assertThat(anew.same()).isTrue();
    assertThat(anew.differences()).isEmpty();
    assertThat(anew.remarks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "PID|1||6931^^^^||JOE # PID[1]-3 # SEPARATORS",
        "PID|1||6931~~ # PID[1]-3 # SEPARATORS",
        "PID|1||A&&^B # PID[1]-3 # SEPARATORS",
        "PID|1||6931||| # PID[1] # SEPARATORS",
        "PID|1||C:\\temp # PID[1]-3 # ESCAPES",
        "PID|1||a\\X0d\\b # PID[1]-3 # ESCAPES",
        "NTE|1||a\\.br\\b # NTE[1]-3 # ESCAPES",
        "PID|1||a\\Z01\\b # PID[1]-3 # TEXT",
        "PID|1||a\\Z01\\ # PID[1]-3 # TEXT",
        "pid|1||6931 # pid[1] # NOT_WRITTEN",
        "the rest of a line # line 2 # NOT_WRITTEN"
      })
  void whatIsWrittenOtherwiseIsToldByPlaceAndKind(String segment, String place, String kind)
      throws Exception {
    WrittenAnew anew = of(MSH + "\r" + segment + "\rOBR|1\r");

    assertThat(anew.same()).isFalse();
    assertThat(anew.differences())
        .singleElement()
        .satisfies(each -> assertThat(each.place()).isEqualTo(place))
        .satisfies(each -> assertThat(each.kind().name()).isEqualTo(kind));
  }

  @Test
  void aLostEscapeIsNamed() throws Exception {
    assertThat(of(MSH + "\rPID|1||a\\Z01\\b\r").differences().get(0).lost()).containsExactly("Z01");
  }

  @Test
  void separatorsAtBothTheFieldAndTheSegmentsEndAreTold() throws Exception {
    assertThat(of(MSH + "\rPID|1||6931^^||\r").differences())
        .extracting(WrittenAnew.Difference::toString)
        .containsExactly("SEPARATORS PID[1]-3", "SEPARATORS PID[1]");
  }

  @Test
  void otherDelimitersAreKeptAndOneThatIsMissingIsAdded() throws Exception {
    assertThat(of("MSH#*~!$#LAB#N#M#H#2026##ORU*R01#C1#D#2.5.1\rPID#1##A|B!F!C\r").same()).isTrue();

    assertThat(of("MSH|^~\\|LAB|N|M|H|2026||ORU^R01|C1|D|2.5.1\rPID|1||A & B\r").differences())
        .extracting(WrittenAnew.Difference::toString)
        .containsExactly("DELIMITERS MSH[1]-2", "ESCAPES PID[1]-3");
  }

  @ParameterizedTest
  @CsvSource({"\\n, line feed", "\\r\\n, line feed", "'', not ended", "\\r\\34, framing"})
  void whatBelongsToNoFieldIsTold(String end, String told) throws Exception {
    String written = end.translateEscapes();
    String between = end.contains("n") ? written : "\r";
    WrittenAnew anew = of(MSH + between + "PID|1" + written);

    assertThat(anew.same()).isFalse();
    assertThat(anew.differences()).isEmpty();
    assertThat(String.join(" ", anew.remarks())).contains(told);
  }

  @Test
  void blankLinesAndBlanksBeforeTheHeaderAreTold() throws Exception {
    assertThat(of(MSH + "\r\rPID|1\r").remarks())
        .singleElement()
        .asString()
        .contains("Blank lines");
    assertThat(of("  " + MSH + "\rPID|1\r").remarks())
        .singleElement()
        .asString()
        .contains("before");
  }

  @Test
  void theCharsetStaysAndSoDoTheBytes() throws Exception {
    byte[] latin = (MSH + "\rPID|1||Jörg\r").getBytes(Charset.forName("windows-1252"));

    assertThat(of(latin).same()).isTrue();
  }

  /** An escape may hold a character that the charset of the message cannot. */
  @Test
  void aCharacterThatTheCharsetCannotHoldMakesItUtf8() throws Exception {
    byte[] bytes = (MSH + "||||||ASCII\rPID|1||J\\XC3B6\\rg\r").getBytes(StandardCharsets.US_ASCII);

    WrittenAnew anew = of(bytes);

    assertThat(anew.differences())
        .extracting(WrittenAnew.Difference::toString)
        .containsExactly("CHARSET MSH[1]-18", "ESCAPES PID[1]-3");
    assertThat(anew.remarks()).singleElement().asString().contains("UTF-8");
  }

  @Test
  void noMessageOfTheSamplesStopsIt() throws Exception {
    List<Path> samples;
    try (Stream<Path> files = Files.walk(Path.of("samples"))) {
      samples = files.filter(each -> each.toString().endsWith(".hl7")).toList();
    }
    assertThat(samples).hasSizeGreaterThan(50);
    for (Path sample : samples) {
      byte[] bytes = Files.readAllBytes(sample);
      for (int cut : List.of(bytes.length, bytes.length / 2, bytes.length / 3)) {
        byte[] some = java.util.Arrays.copyOf(bytes, cut);
        WrittenAnew anew;
        try {
          anew = of(some);
        } catch (V2FormatException noMessage) {
          continue;
        }
        assertThat(anew.same() || !anew.differences().isEmpty() || !anew.remarks().isEmpty())
            .as(sample.toString())
            .isTrue();
        assertThat(of(anew.bytes()).same()).as(sample + " again").isTrue();
      }
    }
  }
}
