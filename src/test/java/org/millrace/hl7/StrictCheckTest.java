package org.millrace.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a strict feed turns away by HL7 v2.5.1 itself. */
class StrictCheckTest {
  private static final String MSH =
      "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500-0600||ORU^R01^ORU_R01|A1|D|2.5.1\r";
  private static final String PID = "PID|1||6931^^^MRN^MR||MARKLEY^JOE||19760429|M\r";
  private static final String OBR = "OBR|1||F1|11506-3^Note^LN|||20261120100000\r";
  private static final StrictCheck CHECK = new StrictCheck();

  private static List<String> faults(String message) {
    try {
      return CHECK.check(V2Message.read(message.getBytes(StandardCharsets.UTF_8))).stream()
          .map(fault -> fault.code().number() + " " + fault.location().orElseThrow())
          .toList();
    } catch (V2FormatException wrong) {
      throw new AssertionError(wrong);
    }
  }

  @Test
  void whatIsInOrderHasNoFault() {
    assertThat(faults(MSH + PID + OBR + "OBX|1|TX|1^T||Text ~ more||||||F\rZAB|anything^at&all\r"))
        .isEmpty();
  }

  @Test
  void timesNumbersAndDatesMustBeSuch() {
    assertThat(
            faults(
                MSH
                    + PID.replace("19760429", "29.4.1976")
                    + OBR
                    + "OBX|1|NM|1^T||seven||||||F\rOBX|2|NM|1^T||7.2||||||F\r"))
        .containsExactly("102 PID^1^7^1^1", "102 OBX^1^5");
  }

  @Test
  void requiredFieldsAreAskedForInTheSegmentsThatAreThere() {
    assertThat(faults(MSH + "PID|1||||MARKLEY^JOE\r" + OBR + "OBX|1|TX|||x\r"))
        .containsExactly("101 PID^1^3", "101 OBX^1^3", "101 OBX^1^11");
  }

  @Test
  void theTypeOfAResultMustBeSaidAndKnown() {
    assertThat(faults(MSH + PID + OBR + "OBX|1||1^T||x||||||F\rOBX|2|QQ|1^T||x||||||F\r"))
        .containsExactly("101 OBX^1^2", "103 OBX^2^2");
  }

  @Test
  void theRepetitionAndTheComponentAreNamed() {
    assertThat(faults(MSH + PID.replace("JOE||", "JOE||19760429|M|||A^^^^^^^^^^^19~B||x|y\rZZZ|")))
        .allMatch(each -> each.startsWith("10"));
  }

  @Test
  void theHl7NullIsAValueOfEveryType() {
    assertThat(faults(MSH + PID.replace("19760429", "\"\"") + OBR)).isEmpty();
  }

  @Test
  void sentencesHoldNothingOfTheMessage() throws Exception {
    V2Message message =
        V2Message.read(
            (MSH + PID.replace("19760429", "ZZTESTSECRET")).getBytes(StandardCharsets.UTF_8));
    assertThat(CHECK.check(message))
        .singleElement()
        .satisfies(fault -> assertThat(fault.sentence()).doesNotContain("ZZTEST"));
  }

  @Test
  void hostileMessagesAreJudgedQuicklyAndWithFewFaults() {
    StringBuilder rotating = new StringBuilder(MSH);
    for (int i = 0; i < 9_000; i++) {
      rotating.append(i % 3 == 0 ? "OBX|1\r" : i % 3 == 1 ? "NTE|x\r" : "PV1|1\r");
    }
    long begun = System.nanoTime();
    assertThat(faults(rotating.toString())).hasSize(20);
    assertThat(faults(MSH + PID.replace("6931", "1~".repeat(500_000)))).contains("102 PID^1^3");
    assertThat(faults(MSH + "NTE|1\r".repeat(10_001))).containsExactly("100 MSH^1");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }
}
