package org.millrace.hl7;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapesTest {

  private static V2Value value(String raw, java.nio.charset.Charset charset) {
    Dialect dialect = new Dialect(Separators.STANDARD, charset);
    return new V2Value(raw, 0, raw.length(), V2Value.Level.REPETITION, dialect);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "plain;plain",
        "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f;a|b^c&d~e\\f",
        "\\E\\.br\\E\\;\\.br\\",
        "\\E\\F\\E\\;\\F\\",
        "\\X41\\\\x42\\;AB",
        "\\XC3\\\\XBC\\\\XC3BC\\;üü",
        "\\XFC\\;ü",
        "\\H\\bold\\N\\ text;bold text",
        "C:\\temp\\new;C:\\temp\\new",
        "\\\\server\\share;\\\\server\\share",
        "\\\\T\\;\\&",
        "a\\b;a\\b",
        "end\\;end\\",
        "\\X4\\;\\X4\\",
        "\\XZZ\\;\\XZZ\\",
        "\\.xx\\;\\.xx\\",
        "\\.in+3\\x;   x",
        "\\.ti-3\\x;x",
        "\\.sk2\\x;  x",
        "\\.fi\\x\\.nf\\;x",
        "\\P\\;#",
        "\\Z1a\\x\\C2842\\y\\M2842\\z;xyz",
        "µg\\dL;µg\\dL"
      },
      delimiter = ';',
      quoteCharacter = '\0',
      ignoreLeadingAndTrailingWhitespace = false)
  void sequencesAreDecodedInOnePass(String raw, String text) {
    assertThat(value(raw, UTF_8).whole()).isEqualTo(text);
  }

  @Test
  void linesComeFromFormattingCommands() {
    assertThat(value("a\\.br\\b\\.BR\\c", UTF_8).text()).isEqualTo("a\nb\nc");
    assertThat(value("a\\.sp\\b\\.sp2\\c\\.sp 3\\d", UTF_8).text()).isEqualTo("a\nb\n\nc\n\n\nd");
    assertThat(value("a\\.ce\\b", UTF_8).text()).isEqualTo("a\nb");
    assertThat(value("a\\X0D\\\\X0A\\b", UTF_8).text()).isEqualTo("a\r\nb");
    assertThat(value("\\.sp99999\\", UTF_8).text()).hasSize(20);
  }

  @Test
  void hexBytesAreInTheMessagesCharset() {
    assertThat(value("\\XE9\\", ISO_8859_1).text()).isEqualTo("é");
  }

  @Test
  void sequencesWithoutTextAreNamed() {
    assertThat(value("a\\Z1\\b\\C2842\\c^\\ZX\\", UTF_8).unreadEscapes())
        .isEqualTo(List.of("Z1", "C2842", "ZX"));
    assertThat(value("a\\T\\b", UTF_8).unreadEscapes()).isEmpty();
  }
}
