package org.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A comparison that finds nothing would make every case pass. */
final class ComparisonTest {
  private static final RunTimes OWN = new RunTimes(Instant.parse("2026-11-20T15:00:00Z"), false);
  private static final RunTimes RUNNING = new RunTimes(OWN.clock(), true);
  private static final String HEAD = "MSH|^~\\&|M|H|L|N|20261120090000-0600||ADR^A19|ID1|D|2.5.1\r";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Difference> messages(String expected, String actual, RunTimes times) {
    return MessageComparison.compare("reply", bytes(HEAD + expected), bytes(HEAD + actual), times);
  }

  @Test
  void anotherValueIsADifferenceWithItsPlace() {
    assertThat(messages("MSA|AA|X1\r", "MSA|AE|X1\r", OWN))
        .containsExactly(new Difference("reply MSA-1", "AA", "AE"));
    assertThat(messages("PID|1||7^^^MRN\r", "PID|1||7^^^LAB\r", OWN)).hasSize(1);
    assertThat(messages("PID|1||7~8\r", "PID|1||7\r", OWN)).hasSize(1);
    assertThat(messages("PID|1\rPV1||N\r", "PID|1\r", OWN)).hasSize(1);
  }

  @Test
  void anotherWayToEscapeTheSameTextIsNone() {
    assertThat(messages("PID|1||A\\T\\B\r", "PID|1||A\\X26\\B\r", OWN)).isEmpty();
  }

  @Test
  void timesOfTheRunAreTheSameAndOthersAreNot() {
    assertThat(messages("PID|20261120090001-0600\r", "PID|20261120150300+0000\r", OWN)).isEmpty();
    assertThat(messages("PID|20201002143359-0500\r", "PID|20201002193359+0000\r", OWN)).hasSize(1);
    assertThat(messages("PID|A^20201002143359-0500\r", "PID|A^20201002193359+0000\r", RUNNING))
        .isEmpty();
    assertThat(messages("PID|A^20201002143359-0500\r", "PID|A^\r", RUNNING)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'a':1};{'a':2};1",
        "{'a':1};{};1",
        "[1,2];[1];1",
        "{'a':'x [mr-1abc]'};{'a':'x [mr-2def]'};0",
        "{'a':'x [mr-1abc-9z]'};{'a':'x [mr-2def]'};0",
        "{'a':'x [mr-1abc]'};{'a':'y [mr-2def]'};1",
        "{'a':'2020-10-02T10:00:00Z'};{'a':'2020-10-02T11:00:00Z'};1",
        "{'a':'2026-11-20T15:00:00Z'};{'a':'2026-11-20T15:01:00Z'};0"
      })
  void jsonIsComparedAsATree(String expected, String actual, int differences) throws Exception {
    ObjectMapper json = new ObjectMapper();
    assertThat(
            JsonComparison.compare(
                "body",
                json.readTree(expected.replace('\'', '"')),
                json.readTree(actual.replace('\'', '"')),
                OWN))
        .hasSize(differences);
  }

  @Test
  void aRunningEngineIsSentNewControlIdsAndTheOldOnesAreCompared() {
    RenewedIds ids = new RenewedIds(true);
    byte[] message = bytes("MSH|^~\\&|A|B|C|D|2026||QRY^A19|OLD1|D|2.5.1\rQRD|x\r");

    String sent = new String(ids.renewed(message), StandardCharsets.UTF_8);
    String again = new String(ids.renewed(message), StandardCharsets.UTF_8);
    String newId = sent.split("\\|", -1)[9];

    assertThat(newId).isNotEqualTo("OLD1").hasSizeLessThanOrEqualTo(20);
    assertThat(again).isEqualTo(sent);
    assertThat(sent).isEqualTo(new String(message, StandardCharsets.UTF_8).replace("OLD1", newId));
    assertThat(new String(ids.restored(bytes("MSA|AA|" + newId)), StandardCharsets.UTF_8))
        .isEqualTo("MSA|AA|OLD1");
    assertThat(new RenewedIds(false).renewed(message)).isEqualTo(message);
  }
}
