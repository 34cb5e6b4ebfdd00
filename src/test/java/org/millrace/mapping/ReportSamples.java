package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;

/** Builds reports for tests: a message with one OBR and the segments a test gives. */
final class ReportSamples {

  static final String PLAIN = "text/plain;charset=utf-8";

  private ReportSamples() {}

  /** The parts of an OBR that is followed by these segments. */
  static List<ReportPart> parts(String... segments) {
    return parts(StandardCharsets.UTF_8, "UNICODE UTF-8", segments);
  }

  static List<ReportPart> parts(Charset charset, String declared, String... segments) {
    return parts(
        ("MSH|^~\\&|LAB|HOSP|MR|HOSP|20260102||ORU^R01|1|D|2.5.1||||||"
                + declared
                + "\rOBR|1||F1|11506-3^Progress note^LN\r"
                + String.join("\r", segments)
                + "\r")
            .getBytes(charset));
  }

  static List<ReportPart> parts(byte[] bytes) {
    try {
      V2Message message = V2Message.read(bytes);
      return ReportContent.parts(message, message.segments().subList(1, message.segments().size()));
    } catch (V2FormatException e) {
      throw new AssertionError(e);
    }
  }

  /** The text of a report that has nothing but text. */
  static String text(String... segments) {
    return textOf(parts(segments));
  }

  static String textOf(List<ReportPart> parts) {
    assertThat(parts).hasSize(1);
    ReportPart part = parts.get(0);
    assertThat(part.contentType()).isEqualTo(PLAIN);
    assertThat(part.verdict().decision()).isEqualTo(Verdict.Decision.FILE);
    assertThat(part.anchor()).isEqualTo("OBR[1]");
    return new String(part.data(), StandardCharsets.UTF_8);
  }

  /** The only part of an OBR with one ED. */
  static ReportPart ed(String value) {
    List<ReportPart> parts = parts("OBX|1|ED|PDF^Report||" + value + "||||||F");
    assertThat(parts).hasSize(1);
    return parts.get(0);
  }

  static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static String utf8(ReportPart part) {
    return new String(part.data(), StandardCharsets.UTF_8);
  }
}
