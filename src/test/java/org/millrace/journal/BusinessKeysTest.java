package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.V2Message;
import org.millrace.journal.BusinessKey.Kind;

/** Which numbers a message is found by. */
class BusinessKeysTest {
  private static final String MSH = "MSH|^~\\&|LAB|NORTH|M|H|20261120101500||ORU^R01|A1|D|2.5.1";

  private static Set<String> found(Kind kind, String... segments) {
    V2Message message = SampleMessages.read(MSH, String.join("\r", segments));
    return BusinessKeys.of(message).stream()
        .filter(key -> key.kind() == kind)
        .map(BusinessKey::value)
        .collect(Collectors.toSet());
  }

  @Test
  void everyNumberOfThePatientCountsAsItWasReceived() {
    assertThat(found(Kind.PATIENT, "PID|1||0069^^^A^MR~77^^^B^PI", "MRG|0012^^^A"))
        .containsExactlyInAnyOrder("0069", "77", "0012");
    assertThat(found(Kind.PATIENT, "QRD|20261120|R|I|Q1|||1^RD|6931^MARKLEY|DEM"))
        .containsExactly("6931");
  }

  @Test
  void eachKindStandsInItsOwnFields() {
    String[] segments = {
      "PV1|1|I" + "|".repeat(17) + "V7^^^VISIT",
      "ORC|RE|P1^PLACER|F1^FILLER",
      "OBR|1|P2|F2" + "|".repeat(16) + "no accession",
      "OBR|2|P3|F3" + "|".repeat(15) + "ACC-1",
      "IPC|ACC-2^X|1",
      "SPM|1" + "|".repeat(29) + "ACC-3^^^X",
      "TXA|1" + "|".repeat(11) + "D1^^X|D0"
    };
    assertThat(found(Kind.PATIENT, segments)).isEmpty();
    assertThat(found(Kind.VISIT, segments)).containsExactly("V7");
    assertThat(found(Kind.ORDER, segments)).containsExactlyInAnyOrder("P1", "P2", "P3");
    assertThat(found(Kind.FILLER, segments)).containsExactlyInAnyOrder("F1", "F2", "F3");
    assertThat(found(Kind.ACCESSION, segments))
        .containsExactlyInAnyOrder("ACC-1", "ACC-2", "ACC-3");
    assertThat(found(Kind.DOCUMENT, segments)).containsExactlyInAnyOrder("D1", "D0");
  }

  @Test
  void whatIsEmptyOrDeletedIsNoNumberAndEscapesAreRead() {
    assertThat(found(Kind.PATIENT, "PID|1||\"\"~^^^A~ ")).isEmpty();
    assertThat(found(Kind.FILLER, "OBR|1||A\\T\\B")).containsExactly("A&B");
    assertThat(found(Kind.FILLER, "OBR|1||")).isEmpty();
  }

  @Test
  void whatIsNoMessageHasNone() {
    assertThat(BusinessKeys.of("no message".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void aNumberIsNotPrinted() {
    BusinessKey key = new BusinessKey(Kind.PATIENT, "6931");
    assertThat(key.toString() + MessageFilter.any().with(key) + List.of(key))
        .doesNotContain("6931");
  }
}
