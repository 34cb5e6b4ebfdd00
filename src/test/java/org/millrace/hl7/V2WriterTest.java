package org.millrace.hl7;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class V2WriterTest {
  private static final Separators ODD = new Separators('$', '%', '*', '!', '@');

  private static V2Writer started(Separators separators, Charset charset) {
    return new V2Writer(separators, charset).segment("MSH").set(9, 1, "ADT").set(9, 2, "A04");
  }

  private static String text(V2Writer writer) {
    return new String(writer.bytes(), UTF_8);
  }

  @Test
  void placesAreWrittenInOrderWithoutTrailingDelimiters() {
    V2Writer writer = started(Separators.STANDARD, UTF_8);
    writer.segment("PID").set(8, "F").set(3, "4711").set(3, 1, 4, 2, "1.2.3").set(3, 3, 1, 1, "8");
    writer.set(5, "").segment("PV1");

    assertThat(text(writer))
        .isEqualTo("MSH|^~\\&|||||||ADT^A04\rPID|||4711^^^&1.2.3~~8|||||F\rPV1\r");
  }

  @Test
  void aPlaceIsReplacedWhateverStoodInItsFieldBefore() {
    V2Writer writer = started(Separators.STANDARD, UTF_8);
    writer.segment("PID").set(3, "old").set(3, "new").set(3, 1, 1, 2, "below").set(3, "last");
    writer.set(4, "old").set(4, 2, 1, 1, "second").set(4, "new");
    writer.setRaw(5, "whole^name").set(5, 2, "John");
    writer.set(6, 2, "later").set(6, "first").setRaw(6, "raw");
    writer.set(7, "first").setRaw(7, "raw").set(7, "again");

    assertThat(text(writer)).endsWith("PID|||last&below|new~second|^John|raw|again\r");
  }

  @Test
  void rawTextReplacesTheFieldAndCannotEndIt() {
    V2Writer writer = started(Separators.STANDARD, UTF_8);
    writer.segment("PID").set(3, "x").setRaw(3, "a^b~c&d\\T\\|e\r\u000B\u001C");

    assertThat(text(writer)).endsWith("PID|||a^b~c&d\\T\\\\F\\e\\X0D\\\\X0B\\\\X1C\\\r");
  }

  @Test
  void linesOfFormattedTextBecomeBreaks() {
    V2Writer writer = started(Separators.STANDARD, UTF_8);
    writer.segment("OBX").setFormatted(5, 1, 1, 1, "a\r\nb\nc\rd|e");

    assertThat(text(writer)).endsWith("OBX|||||a\\.br\\b\\.br\\c\\.br\\d\\F\\e\r");
  }

  @Test
  void anEchoIsByteForByte() throws V2FormatException {
    byte[] received =
        "MSH|^~\\&|A|||||QRY^A19|1|P|2.3\rQRD|1|R|~^&\\|| M\u00FC||".getBytes(ISO_8859_1);
    V2Segment qrd = V2Message.read(received).first("QRD").orElseThrow();

    byte[] bytes = started(Separators.STANDARD, ISO_8859_1).echo(qrd.rawBytes()).bytes();

    assertThat(new String(bytes, ISO_8859_1)).endsWith("\rQRD|1|R|~^&\\|| M\u00FC||\r");
  }

  @Test
  void otherControlCharactersInAnEchoStayAsReceived() {
    byte[] segment = "QRD|a\tb\u0000\u0007\u007F|R".getBytes(UTF_8);

    assertThat(text(started(Separators.STANDARD, UTF_8).echo(segment)))
        .endsWith("\rQRD|a\tb\u0000\u0007\u007F|R\r");
  }

  @Test
  void framingCharactersInAnEchoAreEscaped() {
    byte[] segment = "QRD|1\u001C\r2\u000B".getBytes(UTF_8);

    assertThat(text(started(Separators.STANDARD, UTF_8).echo(segment)))
        .endsWith("\rQRD|1\\X1C\\\\X0D\\2\\X0B\\\r");
  }

  @Test
  void aCharacterOutsideTheCharsetMakesTheWholeMessageUtf8() throws V2FormatException {
    V2Writer writer = started(Separators.STANDARD, ISO_8859_1).set(18, "8859/1");
    writer.echo("QRD|M\u00FC".getBytes(ISO_8859_1)).segment("PID").set(5, "Łódź");

    assertThat(writer.switchesToUtf8()).isTrue();
    V2Message message = V2Message.read(writer.bytes());
    assertThat(message.header().rawCharacterSet()).isEqualTo("UNICODE UTF-8");
    assertThat(message.value("PID-5")).isEqualTo("Łódź");
    assertThat(message.value("QRD-1")).isEqualTo("M\u00FC");
  }

  @Test
  void whatTheCharsetHoldsStaysInIt() throws V2FormatException {
    V2Writer writer = started(Separators.STANDARD, ISO_8859_1).set(18, "8859/1");
    writer.segment("PID").set(5, "M\u00FCller");

    assertThat(writer.switchesToUtf8()).isFalse();
    assertThat(V2Message.read(writer.bytes()).charset().charset()).isEqualTo(ISO_8859_1);
  }

  @Test
  void aMissingSubcomponentDelimiterIsAdded() {
    V2Writer writer = started(new Separators('|', '^', '~', '\\', Separators.NONE), US_ASCII);
    writer.segment("ERR").set(1, 1, 4, 2, "text");

    assertThat(text(writer)).startsWith("MSH|^~\\&|").endsWith("ERR|^^^&text\r");
  }

  @Test
  void mistakesOfTheCallerAreNamed() {
    V2Writer writer = started(Separators.STANDARD, UTF_8);

    assertThatThrownBy(() -> writer.set(2, "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.set(0, "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.segment("pid|")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new V2Writer(ODD, UTF_8).set(3, "x"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Property(tries = 2000, seed = "20261120")
  void anyTextSurvivesTheTripAndNothingRawLeaves(
      @ForAll("texts") String text, @ForAll boolean odd, @ForAll boolean latin)
      throws V2FormatException {
    Separators separators = odd ? ODD : Separators.STANDARD;
    V2Writer writer = started(separators, latin ? ISO_8859_1 : UTF_8);
    writer.segment("PID").set(3, 2, 3, 2, text).set(4, "next");

    byte[] bytes = writer.bytes();
    boolean stillLatin = latin && !writer.switchesToUtf8();
    V2Message message =
        V2Message.read(bytes, stillLatin ? Optional.of(ISO_8859_1) : Optional.empty());

    assertThat(message.segments()).hasSize(2);
    assertThat(message.value("PID-3[2].3.2")).isEqualTo(text);
    assertThat(message.value("PID-4")).isEqualTo("next");
    assertThat(counts(new String(bytes, UTF_8), separators))
        .isEqualTo(Map.of("CR", 2L, "LF", 0L, "VT", 0L, "FS", 0L));
  }

  private static Map<String, Long> counts(String text, Separators separators) {
    return Map.of(
        "CR",
        count(text, '\r'),
        "LF",
        count(text, '\n'),
        "VT",
        count(text, '\u000B'),
        "FS",
        count(text, '\u001C'));
  }

  private static long count(String text, char wanted) {
    return text.chars().filter(each -> each == wanted).count();
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> risky =
        Arbitraries.of(
            "\\", "|", "^", "~", "&", "$", "%", "*", "!", "@", "\\.br\\", "\\X41\\", "\\T\\",
            "\\Z1\\", "\r", "\n", "\u000B", "\u001C", "\0", "\t", "\"\"", "ü", "é", "Ł", "😀", "E",
            "F", "X41", "#");
    Arbitrary<Integer> any =
        Arbitraries.integers().between(0, 0x10FFFF).filter(each -> each < 0xD800 || each > 0xDFFF);
    return Combinators.combine(risky.list().ofMinSize(1).ofMaxSize(12), any.list().ofMaxSize(6))
        .as((left, right) -> String.join("", left) + join(right));
  }

  private static String join(java.util.List<Integer> codepoints) {
    StringBuilder text = new StringBuilder();
    codepoints.forEach(text::appendCodePoint);
    return text.toString();
  }

  @Test
  void anUnpairedSurrogateIsNotAQuestionMark() throws V2FormatException {
    V2Writer writer = started(Separators.STANDARD, UTF_8);
    writer.segment("PID").set(5, "a\uD800b");

    assertThat(V2Message.read(writer.bytes()).value("PID-5")).isEqualTo("a\uFFFDb");
  }
}
