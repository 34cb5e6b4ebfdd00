package org.millrace.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreScanTest {
  private static final String MSH = "MSH|^~\\&|A|B|C|D|||ORU^R01|7|P|2.5.1\r";
  private static final PreScan SCAN = new PreScan(new MessageLimits(5, 20, 10, 4, 6));

  private static Optional<V2Fault> check(String message) {
    return SCAN.check(message.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<V2Fault> checkBatch(String bytes) {
    return SCAN.checkBatch(bytes.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertFault(String message, String place, int code, String words) {
    V2Fault fault = check(message).orElseThrow();
    assertThat(fault.location().orElseThrow().toString()).isEqualTo(place);
    assertThat(fault.code().number()).isEqualTo(code);
    assertThat(fault.sentence()).isEqualTo(words);
  }

  @Test
  void whatKeepsToTheLimitsPassesExactly() {
    assertThat(check(MSH + "OBX|1\r".repeat(4))).isEmpty();
    assertThat(check(MSH + "OBX" + "|".repeat(20) + "\r")).isEmpty();
    assertThat(check(MSH + "OBX|a" + "~a".repeat(9) + "|b" + "~b".repeat(9) + "\r")).isEmpty();
    assertThat(check(MSH + "OBX|a^a^a^a~b^b^b^b&&&^\r")).isPresent();
    assertThat(check(MSH + "OBX|a&a&a&a^b&b&b&b\r")).isEmpty();
  }

  @Test
  void aBatchMayHoldSoManyMessagesHeadersAndTrailers() {
    String batch = "BHS|^~\\&|\r" + MSH.repeat(4) + "BTS|4\r";
    assertThat(checkBatch(batch)).isEmpty();
    assertThat(checkBatch(batch + "BTS\r")).isPresent();
    assertThat(checkBatch("BHS|^~\\&|\r".repeat(7))).isPresent();
    assertThat(checkBatch(MSH.repeat(7))).isPresent();
    assertThat(checkBatch(MSH + "OBX|1\r".repeat(50))).isEmpty();
  }

  @Test
  void theFirstLimitThatIsPassedIsToldWithItsPlace() {
    assertFault(MSH + "OBX|1\r".repeat(5), "MSH^1", 100, "The message has more than 5 segments.");
    assertFault(
        MSH + "OBX|1\rOBX" + "|".repeat(21), "OBX^2", 102, "The segment has more than 20 fields.");
    assertFault(
        MSH + "NTE|1\rOBX|1|a" + "~a".repeat(10),
        "OBX^1^2",
        102,
        "The field has more than 10 repetitions.");
    assertFault(
        MSH + "PID|||a~b^b^b^b^b\r", "PID^1^3", 102, "A repetition has more than 4 components.");
    assertFault(
        MSH + "PID|||a^b&b&b&b&b\r", "PID^1^3", 102, "A component has more than 4 subcomponents.");
  }

  @Test
  void fieldsOfTheHeaderAreCountedFromItsSeparator() {
    assertFault(
        MSH.replace("|7|", "|7^7^7^7^7|"),
        "MSH^1^10",
        102,
        "A repetition has more than 4 components.");
  }

  @Test
  void theMessagesOwnDelimitersCount() {
    assertThat(check("MSH#^~\\&#A\rPID#||||||||||||||||||||||||||\r")).isEmpty();
    assertThat(check("MSH#^~\\&#A\rPID" + "#".repeat(21) + "\r")).isPresent();
    assertThat(check("MSH|^~\\|A\rPID|a&a&a&a&a&a\r")).isEmpty();
  }

  @Test
  void linesOfABrokenDocumentAndBlankOnesAreNoSegments() {
    assertThat(check(MSH + "OBX|1\r" + "JVBERi0xLjQK\r\n".repeat(1000))).isEmpty();
    assertThat(check(MSH + "OBX|1\r\n\r\n\r\n\r\n\r\n\r\n\r\n")).isEmpty();
  }

  @Test
  void moreLinesThanAnyDocumentHasAreTooMany() {
    assertFault(
        MSH + "a\r".repeat(1_500_001),
        "MSH^1",
        100,
        "The message has more than 1500000 lines that are no segments.");
  }

  @Test
  void aHeaderIsNoPlaceForDocuments() {
    assertFault(
        MSH.replace("|7|", "|" + "7".repeat(40_000) + "|"),
        "MSH^1",
        102,
        "MSH is longer than 32768 bytes.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MSH", "MSH|", "MSH|^^^^|", "PID|1", "<xml/>"})
  void whatHasNoReadableHeaderIsLeftToTheReader(String message) {
    assertThat(check(message)).isEmpty();
  }
}
