package org.millrace.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.hl7.AcknowledgmentHabits;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.QueryHabits;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.Tolerance;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Location;
import org.millrace.hl7.V2Message;

final class HeaderCheckTest {
  private static final String QUERY = "MSH|^~\\&|A|B|C|D|||QRY^A19|7|P|2.5.1\rQRD|1\r";
  private static final String REPORT = "MSH|^~\\&|A|B|C|D|||ORU^R01|8|P|2.5.1\rPID|1\r";

  private static Optional<V2Fault> check(boolean production, String message)
      throws V2FormatException {
    return check(production, message, SenderProfile.NONE);
  }

  private static Optional<V2Fault> check(boolean production, String message, SenderProfile sender)
      throws V2FormatException {
    return new HeaderCheck(production)
        .check(V2Message.read(message.getBytes(StandardCharsets.UTF_8)), sender);
  }

  private static SenderProfile tolerating(Tolerance departure) {
    return new SenderProfile(
        Optional.empty(),
        Set.of(departure),
        Set.of(),
        AcknowledgmentHabits.STANDARD,
        QueryHabits.STANDARD);
  }

  private static SenderProfile refusing(Tolerance departure) {
    return new SenderProfile(
        Optional.empty(),
        Set.of(),
        Set.of(departure),
        AcknowledgmentHabits.STANDARD,
        QueryHabits.STANDARD);
  }

  @Test
  void whatIsTakenOfOneSenderAloneIsRefusedOfAllOthers() throws V2FormatException {
    String version = QUERY.replace("|2.5.1", "|2.9");
    String processing = QUERY.replace("|P|", "||");

    assertThat(check(false, version)).isPresent();
    assertThat(check(false, version, tolerating(Tolerance.UNKNOWN_VERSION))).isEmpty();
    assertThat(check(true, processing)).isPresent();
    assertThat(check(true, processing, tolerating(Tolerance.NO_PROCESSING_ID))).isEmpty();
    assertThat(check(true, QUERY.replace("|P|", "|T|"), tolerating(Tolerance.NO_PROCESSING_ID)))
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "LINE_ENDS, '\r', '\n', MSH^1, 100",
    "LINE_ENDS, '\r', '\r\n', MSH^1, 100",
    "BEFORE_HEADER, 'MSH|', ' MSH|', MSH^1, 100",
    "ESCAPE_DOUBLED, '~\\&', '~\\\\&', MSH^1^2, 100",
    "CHARSET_GUESSED, 'QRD|1', 'QRD|\u00e9', MSH^1^18, 103",
    "BROKEN_LINES, 'QRD|1', 'QRD|1\rand more', MSH^1, 100"
  })
  void whatIsTakenOfAllIsRefusedOfASenderThatIsHeldToTheStandard(
      Tolerance departure, String from, String to, String place, int code)
      throws V2FormatException {
    String message = QUERY.replace(from, to);

    assertThat(check(false, message)).isEmpty();
    assertThat(check(false, QUERY, refusing(departure))).isEmpty();
    V2Fault fault = check(false, message, refusing(departure)).orElseThrow();
    assertThat(fault.code().number()).isEqualTo(code);
    assertThat(fault.location().orElseThrow().toString()).isEqualTo(place);
    assertThat(fault.sentence()).isEqualTo(departure.sentence());
  }

  @Test
  void oneMessageWithAVersionAndAProcessingIdOfOursPasses() throws V2FormatException {
    assertThat(check(true, QUERY)).isEmpty();
    assertThat(check(false, REPORT.replace("|P|", "|T^R|"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {QUERY + REPORT, REPORT + QUERY, REPORT + REPORT})
  void twoMessagesInOneFrameAreRefusedRatherThanTheSecondLost(String both)
      throws V2FormatException {
    V2Fault fault = check(false, both).orElseThrow();

    assertThat(fault.code()).isEqualTo(ErrorCode.SEGMENT_SEQUENCE);
    assertThat(fault.location()).contains(V2Location.segment("MSH", 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "2.0", "2.5.2", "2.8.3", "2.9", "v2.5"})
  void aVersionNotServedIsRefused(String version) throws V2FormatException {
    assertThat(check(false, QUERY.replace("|2.5.1", "|" + version)))
        .map(V2Fault::code)
        .contains(ErrorCode.UNSUPPORTED_VERSION_ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"T", "D", "X", "", "p"})
  void aProductionTargetTakesOnlyP(String processingId) throws V2FormatException {
    assertThat(check(true, QUERY.replace("|P|", "|" + processingId + "|")))
        .map(V2Fault::code)
        .contains(ErrorCode.UNSUPPORTED_PROCESSING_ID);
  }
}
