package org.millrace.hl7;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class V2CharsetTest {
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private static byte[] message(String declared, String text, Charset charset) {
    String msh = "MSH|^~\\&|A|B|C|D|20261120||ADT^A04|1|P|2.5.1||||||" + declared + "|x\rPID|||";
    return (msh + text).getBytes(charset);
  }

  private static V2Charset choose(byte[] bytes) {
    return V2Charset.choose(bytes, Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "8859/1, ISO-8859-1, é",
    "8859/2, ISO-8859-2, ł",
    "8859/5, ISO-8859-5, ж",
    "8859/9, ISO-8859-9, ş",
    "8859/15, ISO-8859-15, €",
    "ISO-8859-2, ISO-8859-2, ł",
    "iso8859-1, ISO-8859-1, é",
    "CP1250, windows-1250, ł",
    "cp1252, windows-1252, €",
    "windows-1251, windows-1251, ж",
    "Windows 1252, windows-1252, €",
    "UNICODE UTF-8, UTF-8, ł",
    "UNICODE, UTF-8, ł",
    "UTF-8, UTF-8, ł",
    "utf8, UTF-8, ł",
    "UTF-8~UNICODE, UTF-8, ł",
    "GB 18030-2000, GB18030, 中",
    "KS X 1001, EUC-KR, 한",
    "BIG-5, Big5, 中",
    "CP850, IBM850, é",
    "IBM 858, IBM00858, €",
    "~ISO IR87, ISO-2022-JP, 日本",
    "ISO IR87, ISO-2022-JP, 日本"
  })
  void msh18NamesTheCharset(String declared, String java, String text) throws V2FormatException {
    Charset charset = Charset.forName(java);
    byte[] bytes = message(declared, text, charset);

    assertThat(choose(bytes))
        .isEqualTo(new V2Charset(charset, V2Charset.Reason.DECLARED, declared));
    assertThat(V2Message.read(bytes).value("PID-3")).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"''", "ASCII", "8859/1", "ISO IR 999", "UNICODE UTF-16", "8859"})
  void validUtf8IsReadAsSuchWhereMsh18CannotBeRight(String declared) throws V2FormatException {
    byte[] bytes = message(declared, "Ł„ódź”", UTF_8);

    assertThat(choose(bytes))
        .isEqualTo(new V2Charset(UTF_8, V2Charset.Reason.VALID_UTF8, declared));
    assertThat(V2Message.read(bytes).value("PID-3")).isEqualTo("Ł„ódź”");
  }

  @ParameterizedTest
  @CsvSource({"''", "ASCII", "8859/1", "UNICODE UTF-8", "nonsense"})
  void windowsBytesAreReadWhateverMsh18Says(String declared) throws V2FormatException {
    byte[] bytes = message(declared, "5 € – M\u00FCller", WINDOWS);

    assertThat(choose(bytes).charset()).isEqualTo(WINDOWS);
    assertThat(choose(bytes).reason()).isEqualTo(V2Charset.Reason.FALLBACK);
    assertThat(V2Message.read(bytes).value("PID-3")).isEqualTo("5 € – M\u00FCller");
  }

  @Test
  void noByteIsEverReplaced() throws V2FormatException {
    byte[] bytes = message("", "\u0081\u00E9", ISO_8859_1);

    assertThat(choose(bytes)).isEqualTo(new V2Charset(ISO_8859_1, V2Charset.Reason.FALLBACK, ""));
    assertThat(V2Message.read(bytes).value("PID-3")).isEqualTo("\u0081\u00E9");
  }

  @Test
  void plainAsciiKeepsWhatIsDeclared() {
    assertThat(choose(message("ASCII", "A", US_ASCII)).charset()).isEqualTo(US_ASCII);
    assertThat(choose(message("8859/1", "A", US_ASCII)).charset()).isEqualTo(ISO_8859_1);
    assertThat(choose(message("", "A", US_ASCII)).charset()).isEqualTo(UTF_8);
  }

  @Test
  void theSendersSettingComesFirstUnlessItCannotHoldTheBytes() {
    byte[] latin = message("UNICODE UTF-8", "\u00FC", ISO_8859_1);

    assertThat(V2Charset.choose(latin, Optional.of(ISO_8859_1)))
        .isEqualTo(new V2Charset(ISO_8859_1, V2Charset.Reason.SENDER, "UNICODE UTF-8"));
    assertThat(V2Charset.choose(latin, Optional.of(UTF_8)).reason())
        .isEqualTo(V2Charset.Reason.FALLBACK);
  }

  @Test
  void bytesWithoutHeaderStillGetACharset() {
    assertThat(choose(new byte[0])).isEqualTo(new V2Charset(UTF_8, V2Charset.Reason.PLAIN, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8859/2 | ISO-8859-2 | ISO-8859-2, as MSH-18 says | false",
        "'' | US-ASCII | UTF-8: it holds ASCII only, and MSH-18 is empty | false",
        "'' | UTF-8 | UTF-8: MSH-18 is empty, and all of it is valid UTF-8 | true",
        "ASCII | UTF-8 | UTF-8: it cannot be US-ASCII, as MSH-18 says, and all of it is valid"
            + " UTF-8 | true",
        "klingon | ISO-8859-2 | windows-1252: MSH-18 names no charset that is known, and it is no"
            + " UTF-8 | true"
      })
  void theReportSaysWhichCharsetAndWhy(
      String declared, String written, String words, boolean doubtful) {
    String text = written.equals("US-ASCII") ? "Lodz" : "\u0141\u00F3d\u017A";
    V2Charset read = choose(message(declared, text, Charset.forName(written)));

    assertThat(read.words()).isEqualTo(words);
    assertThat(read.doubtful()).isEqualTo(doubtful);
  }

  @Test
  void aSettingThatCannotHoldTheBytesIsToldEvenWhereMsh18Can() {
    byte[] latin = message("8859/1", "\u00FC", ISO_8859_1);
    V2Charset read = V2Charset.choose(latin, Optional.of(UTF_8));

    assertThat(read.words()).isEqualTo("ISO-8859-1 (UTF-8, as is set, cannot be), as MSH-18 says");
    assertThat(read.doubtful()).isTrue();
    assertThat(V2Charset.choose(latin, Optional.of(ISO_8859_1)).words())
        .isEqualTo("ISO-8859-1, as is set for the sender or its feed");
  }

  @ParameterizedTest
  @CsvSource({
    "~ISO IR149, '\u001B$)C\u000E0!', true",
    "ASCII~ISO IR87, '\\M2442\\0!', true",
    "ASCII~8859/5, '\\C2D4C\\x', true",
    "ASCII~ISO IR87, '\u001B$B0!\u001B(B', false",
    "ASCII~8859/5, '\u001BE bold', false",
    "ASCII~8859/5, '\\C2\\ \\Cafe\\x', false",
    "UTF-8~UNICODE, plain, false",
    "ASCII, '\\C2D4C\\x', false"
  })
  void onlyAMessageThatUsesItsAlternatesChangesItsCharset(
      String declared, String text, boolean switches) throws V2FormatException {
    assertThat(V2Message.read(message(declared, text, US_ASCII)).switchesCharset())
        .isEqualTo(switches);
  }

  @Test
  void utf16IsNoMessage() {
    assertThatThrownBy(() -> V2Message.read("MSH|^~\\&|A".getBytes(UTF_16)))
        .isInstanceOf(V2FormatException.class);
  }
}
