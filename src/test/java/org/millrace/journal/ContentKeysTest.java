package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentKeysTest {
  private static final ContentKeys.Key NEW = ContentKeys.fresh("2027");
  private static final ContentKeys.Key OLD = ContentKeys.fresh("2026.a");

  @Test
  void keysStandOnOneLineOrOnSeveral() {
    String line = ContentKeys.written(NEW) + "," + ContentKeys.written(OLD);
    String file =
        "# of the hub\n" + ContentKeys.written(NEW) + "\n\n  " + ContentKeys.written(OLD) + " \n";

    for (String text : new String[] {line, file}) {
      ContentKeys read = ContentKeys.parse(text);
      assertThat(read.keys()).extracting(ContentKeys.Key::id).containsExactly("2027", "2026.a");
      assertThat(read.keys().get(1).bytes()).isEqualTo(OLD.bytes());
      assertThat(read).asString().isEqualTo("[key 2027, key 2026.a]");
    }
    assertThat(ContentKeys.parse(" none ")).isEqualTo(ContentKeys.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "no-colon-anywhere~ID:BASE64",
        "two words:c2FtcGxl~ID:BASE64",
        "2027:c2FtcGxl~has 6 bytes; it must have 32",
        "2027:c2Ft?GxlIGtleSBvbmx5LCBtYWtlIHlvdXIgb3duISE=~not in BASE64",
        "#~ID:BASE64"
      })
  void whatIsNoListOfKeysIsToldWithoutQuotingIt(String text, String said) {
    assertThatThrownBy(() -> ContentKeys.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining("c2Ft");
  }

  @Test
  void oneIdAndOneKeyStandOnce() {
    assertThatThrownBy(
            () -> ContentKeys.parse(ContentKeys.written(NEW) + " " + ContentKeys.written(NEW)))
        .hasMessageContaining("names key 2027 twice");
    ContentKeys.Key again = new ContentKeys.Key("other", NEW.bytes());
    assertThatThrownBy(
            () -> ContentKeys.parse(ContentKeys.written(NEW) + " " + ContentKeys.written(again)))
        .hasMessageContaining("the same bytes under two ids");
  }
}
