package org.millrace.hl7;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class V2MessageTest {
  private static final String MSH =
      "MSH|^~\\&|LAB^1.2.3^ISO|NORTH|MILLRACE|HUB|20261120||ORU^R01^ORU_R01|C1|D^T|2.5.1^DEU";

  private static V2Message read(String text) throws V2FormatException {
    return V2Message.read(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\r\n", "\r\r\n", "\r \r"})
  void segmentsMayEndInAnyLineEnd(String end) throws V2FormatException {
    V2Message message = read(MSH + end + "PID|1||4711" + end + "OBX|1" + end + "OBX|2" + end);

    assertThat(message.segments())
        .extracting(V2Segment::name)
        .containsExactly("MSH", "PID", "OBX", "OBX");
    assertThat(message.value("PID-3")).isEqualTo("4711");
    assertThat(message.all("OBX")).extracting(V2Segment::sequence).containsExactly(1, 2);
    assertThat(message.all("OBX")).extracting(V2Segment::position).containsExactly(2, 3);
  }

  @Test
  void headerKeepsDesignatorsWholeAndTheRestAsText() throws V2FormatException {
    V2Header header = read(MSH + "|||AL|NE||UNICODE UTF-8\rPID|1").header();

    assertThat(header.sendingApplication()).isEqualTo("LAB^1.2.3^ISO");
    assertThat(header.sender()).isEqualTo("LAB@NORTH");
    assertThat(header.type()).isEqualTo("ORU^R01");
    assertThat(header.structure()).isEqualTo("ORU_R01");
    assertThat(header.rawProcessingId()).isEqualTo("D^T");
    assertThat(header.processingId()).isEqualTo("D");
    assertThat(header.rawVersion()).isEqualTo("2.5.1^DEU");
    assertThat(header.version()).isEqualTo("2.5.1");
    assertThat(header.acceptAcknowledgment()).isEqualTo("AL");
    assertThat(header.applicationAcknowledgment()).isEqualTo("NE");
    assertThat(header.rawCharacterSet()).isEqualTo("UNICODE UTF-8");
  }

  @Test
  void twoComponentTypeOfAnOldVersionIsRead() throws V2FormatException {
    V2Header header = read("MSH|^~\\&|A||||||QRY^A19|7|P|2.1\rQRD|").header();

    assertThat(header.type()).isEqualTo("QRY^A19");
    assertThat(header.structure()).isEmpty();
    assertThat(header.before("2.3.1")).isTrue();
    assertThat(header.before("2.1")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2.3.1, 2.5, true",
    "2.5, 2.5.1, true",
    "2.5.1, 2.5, false",
    "2.9, 2.10, true",
    "2.10, 2.9, false",
    "2, 2.0.0, false",
    "3, 2.999.999, false",
    // What cannot be read counts as 2.5.1.
    "'', 2.5.1, false",
    "'', 2.6, true",
    "2.5., 2.5.1, false",
    "2..1, 2.5.1, false",
    "2.1.1.1, 2.5.1, false",
    "2.1000, 2.6, true",
    "v2.3, 2.5.1, false",
    "999.999.999, 999.999.998, false",
  })
  void versionsAreComparedByTheirNumbers(String version, String other, boolean before)
      throws V2FormatException {
    V2Header header = read("MSH|^~\\&|A||||||QRY^A19|7|P|" + version + "\rQRD|").header();

    assertThat(header.before(other)).isEqualTo(before);
  }

  @Test
  void delimitersAreThoseOfTheMessage() throws V2FormatException {
    V2Message message = read("MSH$%*!@$LAB$N$$$$$ADT%A04$9$P$2.4\rPID$1$$7%%%X@1.2@ISO*8$$A!F!B%C");

    assertThat(message.separators()).isEqualTo(new Separators('$', '%', '*', '!', '@'));
    assertThat(message.value("MSH-1")).isEqualTo("$");
    assertThat(message.value("MSH-2")).isEqualTo("%*!@");
    assertThat(message.value("MSH-9.2")).isEqualTo("A04");
    assertThat(message.value("PID-3.4.2")).isEqualTo("1.2");
    assertThat(message.value("PID-3[2]")).isEqualTo("8");
    assertThat(message.value("PID-5.1")).isEqualTo("A$B");
  }

  @Test
  void aMessageWithoutSubcomponentDelimiterKeepsItsAmpersands() throws V2FormatException {
    V2Message message = read("MSH|^~\\|LAB|||||||1|P|2.2\rPID|||A&B^C");

    assertThat(message.separators().subcomponent()).isEqualTo(Separators.NONE);
    assertThat(message.value("PID-3.1")).isEqualTo("A&B");
    assertThat(message.value("MSH-2")).isEqualTo("^~\\");
  }

  @Test
  void theTruncationCharacterOfVersion27IsAccepted() throws V2FormatException {
    V2Message message = read("MSH|^~\\&#|LAB|||||ADT^A04|1|P|2.7\rPID|||A\\P\\1");

    assertThat(message.separators()).isEqualTo(Separators.STANDARD);
    assertThat(message.value("MSH-2")).isEqualTo("^~\\&#");
    assertThat(message.value("PID-3")).isEqualTo("A#1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   \r\n",
        "MSH",
        "MS",
        "MSH|",
        "MSH|^~",
        "MSH|^^^^|A",
        "MSH|^~\\&#?|A",
        "MSH|ABCD|A",
        "MSHA^~\\&A",
        "MSH\r^~\\&\r",
        "PID|1",
        "FHS|^~\\&|A\rMSH|^~\\&|",
        "hello"
      })
  void bytesWithoutUsableHeaderAreRefusedWithoutQuotingThem(String bytes) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(V2FormatException.class)
        .hasMessageNotContaining("hello");
  }

  @Test
  void marksAndBlanksAroundTheMessageArePassedOver() throws V2FormatException {
    V2Message message = read("\uFEFF \r\n\u000B" + MSH + "\rPID|1||7\r\u001C\r\n\0\0");

    assertThat(message.segments()).extracting(V2Segment::name).containsExactly("MSH", "PID");
    assertThat(message.value("PID-3")).isEqualTo("7");
  }

  @Test
  void aLineThatIsNoSegmentIsKeptWithoutName() throws V2FormatException {
    V2Message message = read(MSH + "\rOBX|1|TX|1||first line\nsecond line\rNTE|1");

    assertThat(message.segments())
        .extracting(V2Segment::name)
        .containsExactly("MSH", "OBX", "", "NTE");
    assertThat(message.segments().get(2).raw()).isEqualTo("second line");
  }

  @Test
  void valuesAreSplitLevelByLevelAndEmptyPastTheEnd() throws V2FormatException {
    V2Segment pid = read(MSH + "\rPID|1||A^^^X&1.2&ISO~B~|").first("PID").orElseThrow();

    assertThat(pid.field(3).repetitions()).hasSize(3);
    assertThat(pid.repetitions(3)).extracting(V2Value::text).containsExactly("A", "B");
    V2Value first = pid.field(3).repetition(1);
    assertThat(first.components()).hasSize(4);
    assertThat(first.component(4).subcomponents())
        .extracting(V2Value::text)
        .containsExactly("X", "1.2", "ISO");
    assertThat(first.component(4).text()).isEqualTo("X");
    assertThat(first.component(4).whole()).isEqualTo("X&1.2&ISO");
    assertThat(first.component(9).isEmpty()).isTrue();
    assertThat(first.component(40).isEmpty()).isTrue();
    assertThat(first.subcomponent(1).text()).isEqualTo("A");
    assertThat(first.component(4).component(1).text()).isEqualTo("X");
    assertThat(first.component(4).component(2).isEmpty()).isTrue();
    assertThat(pid.field(3).repetition(9).isEmpty()).isTrue();
    assertThat(pid.field(99).isEmpty()).isTrue();
    assertThat(pid.field(99).repetitions()).isEmpty();
    assertThat(pid.fieldCount()).isEqualTo(4);
    assertThat(pid.raw()).isEqualTo("PID|1||A^^^X&1.2&ISO~B~|");
    assertThat(pid.rawBytes()).isEqualTo(pid.raw().getBytes(UTF_8));
  }

  @Test
  void theNullIsNotEmpty() throws V2FormatException {
    V2Value value = read(MSH + "\rPID|\"\"").first("PID").orElseThrow().field(1).repetition(1);

    assertThat(value.isNull()).isTrue();
    assertThat(value.isEmpty()).isFalse();
    assertThat(value.text()).isEqualTo("\"\"");
  }

  @Test
  void pathsReachAnySegmentOccurrence() throws V2FormatException {
    V2Message message = read(MSH + "\rOBX|1||a\rNTE|x\rOBX|2||b^c&d~e");

    assertThat(message.value("OBX-3")).isEqualTo("a");
    assertThat(message.value("OBX[2]-3.2.2")).isEqualTo("d");
    assertThat(message.value("OBX[2]-3[2]")).isEqualTo("e");
    assertThat(message.value("OBX[3]-3")).isEmpty();
    assertThat(message.value("ZZZ-1.2.3")).isEmpty();
  }

  @Test
  void aMillionRepetitionsAreReadInLinearTime() {
    String repetitions = "A^B~".repeat(1_000_000);
    assertTimely(
        () -> {
          V2Field field = read(MSH + "\rPID|||" + repetitions).first("PID").orElseThrow().field(3);
          for (int i = 1; i <= 1_000_000; i++) {
            assertThat(field.repetition(i).component(2).length()).isEqualTo(1);
          }
        });
  }

  @Test
  void aHundredThousandFieldsAndSegmentsAreReadInLinearTime() {
    assertTimely(
        () -> {
          V2Message message =
              read(MSH + "\rZZZ" + "|x".repeat(100_000) + "\rNTE|1".repeat(100_000));
          V2Segment wide = message.first("ZZZ").orElseThrow();
          for (int i = 1; i <= wide.fieldCount(); i++) {
            assertThat(wide.text(i)).isEqualTo("x");
          }
          for (int i = 1; i <= 100_000; i++) {
            assertThat(message.value(new V2Path("NTE", i, 1, 0, 0, 0))).isEqualTo("1");
          }
        });
  }

  @Test
  void millionsOfEscapesAndLoneBackslashesAreDecodedInLinearTime() {
    assertTimely(
        () -> {
          assertThat(decodedLength("\\T\\".repeat(2_000_000))).isEqualTo(2_000_000);
          assertThat(decodedLength("\\".repeat(2_000_000))).isEqualTo(2_000_000);
          // Every second one closes the one before: \X41\ X41 \X41\ X41
          assertThat(decodedLength("\\X41".repeat(500_000))).isEqualTo(1_000_000);
        });
  }

  private static int decodedLength(String raw) throws V2FormatException {
    return read(MSH + "\rNTE|" + raw).value("NTE-1").length();
  }

  @Test
  void aDocumentOfTenMegabytesIsViewedWithoutCopy() {
    String document = "QUJD".repeat(2_500_000);
    assertTimely(
        () -> {
          V2Message message = read(MSH + "\rOBX|1|ED|1||^AP^PDF^Base64^" + document + "||||||F");
          V2Value data = message.at(V2Path.parse("OBX-5.5"));
          assertThat(data.length()).isEqualTo(document.length());
          assertThat(data.rawView().charAt(5)).isEqualTo('U');
          assertThat(message.value("OBX-11")).isEqualTo("F");
        });
  }

  private interface Reading {
    void run() throws V2FormatException;
  }

  private static void assertTimely(Reading reading) {
    org.junit.jupiter.api.Assertions.assertTimeout(Duration.ofSeconds(8), reading::run);
  }

  @Test
  void damagedMessagesAreReadOrRefusedAndNeverBreakTheReader() {
    byte[] whole =
        (MSH + "\rPID|1||7^^^A&1&ISO~8||M\\T\\r^X\\XC3\\\\XBC\\y\rOBX|1|FT|||a\\.br\\b\\Z1\\|\r")
            .getBytes(UTF_8);
    Random random = new Random(20261120);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = whole.clone();
      for (int hit = random.nextInt(6); hit >= 0; hit--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      int cut = random.nextInt(damaged.length + 1);
      refused += readEverything(java.util.Arrays.copyOf(damaged, cut)) ? 0 : 1;
    }
    assertThat(refused).isBetween(100, 19_000);
  }

  private static boolean readEverything(byte[] bytes) {
    try {
      V2Message message = V2Message.read(bytes);
      for (V2Segment segment : message.segments()) {
        for (int field = 1; field <= segment.fieldCount(); field++) {
          for (V2Value repetition : segment.field(field).repetitions()) {
            repetition.components().forEach(each -> each.subcomponents().forEach(V2Value::text));
            assertThat(repetition.whole()).isNotNull();
            assertThat(repetition.unreadEscapes()).isNotNull();
          }
        }
      }
      return true;
    } catch (V2FormatException refusal) {
      return false;
    }
  }

  @Test
  void theSendersCharsetDecidesWhereItFits() throws V2FormatException {
    byte[] bytes = (MSH + "\rPID|||M\u00FCller").getBytes(ISO_8859_1);

    V2Message message = V2Message.read(bytes, Optional.of(ISO_8859_1));

    assertThat(message.value("PID-3")).isEqualTo("M\u00FCller");
    assertThat(message.charset().reason()).isEqualTo(V2Charset.Reason.SENDER);
    assertThat(message.bytes()).isSameAs(bytes);
  }

  @Test
  void listsCannotBeChanged() throws V2FormatException {
    List<V2Segment> segments = read(MSH).segments();
    assertThatThrownBy(segments::clear).isInstanceOf(UnsupportedOperationException.class);
  }
}
