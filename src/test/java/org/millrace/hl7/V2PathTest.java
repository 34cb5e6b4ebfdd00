package org.millrace.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class V2PathTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PID-5.1",
        "PID-3[2].1",
        "OBX[3]-5.2.1",
        "MSH-9",
        "ZX1-99[12]",
        "AL1[10]-3[2].4.5"
      })
  void pathsAreWrittenAsTheyAreRead(String text) {
    assertThat(V2Path.parse(text)).hasToString(text);
  }

  @Test
  void eachNumberHasItsPlace() {
    assertThat(V2Path.parse("OBX[3]-5[4].2.1")).isEqualTo(new V2Path("OBX", 3, 5, 4, 2, 1));
    assertThat(V2Path.parse("MSH-9")).isEqualTo(new V2Path("MSH", 0, 9, 0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "PID",
        "PID-",
        "pid-3",
        "PID-0",
        "PID-3[0]",
        "PID[0]-3",
        "PID-3.",
        "PID-3.1.1.1",
        "PID.3",
        "PIDX-3",
        "PID-3 ",
        "PID-99999999",
        "1ID-3"
      })
  void whatIsNoPathIsRefusedWithAQuote(String text) {
    assertThatThrownBy(() -> V2Path.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\"");
  }
}
