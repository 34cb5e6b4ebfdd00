package org.millrace.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Places of ours as ERR-2 writes them. */
class V2LocationTest {

  @ParameterizedTest
  @CsvSource({
    "OBR[2]-25, OBR^2^25",
    "PID-3, PID^1^3",
    "PID-3[2].1, PID^1^3^2^1",
    "OBX[3]-5.2.1, OBX^3^5^1^2^1",
    "OBR[2], OBR^2",
    "OBR, OBR^1",
    "OBR[2]/OBX[5], OBX^5",
    "OBR[2]/OBX[5]-5, OBX^5^5"
  })
  void aPathIsAPlace(String path, String place) {
    assertThat(V2Location.of(path)).map(V2Location::toString).contains(place);
  }

  @ParameterizedTest
  @CsvSource({"''", "obr", "OBR[0]", "OBR[1]-", "OBR[1]-x", "PATIENT_RESULT.PID", "OBR[1"})
  void whatIsNoPathIsNoPlace(String path) {
    assertThat(V2Location.of(path)).isEmpty();
  }

  @Test
  void aLongNumberIsNoPlace() {
    assertThat(V2Location.of("OBR[12345678901]")).isEmpty();
  }
}
