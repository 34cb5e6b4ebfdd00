package org.millrace.journal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;

/** Invented messages for tests of journal, intake and delivery. */
public final class SampleMessages {
  public static final Feed FEED =
      new Feed("results", Set.of("ORU^R01"), ZoneId.of("America/Chicago"), Optional.empty());

  private SampleMessages() {}

  /** The same feed, with one parameter more in its route file. */
  public static Feed feedWith(String parameter, String value) {
    Map<String, String> written = Map.of("messages", "ORU^R01", parameter, value);
    return Feed.read(FEED.name(), new FeedParameters(written), FEED.zone());
  }

  /** A small ORU^R01 for patient 6931, with one OBR for each text; its reports are its own. */
  public static V2Message oru(String controlId, String... texts) {
    return oruOf("6931^^^MRN^MR", controlId, texts);
  }

  /** The same for any PID-3. */
  public static V2Message oruOf(String pid3, String controlId, String... texts) {
    return read(
        "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|" + controlId + "|D|2.5.1",
        "PID|1||" + pid3 + "||MARKLEY^JOE||19760429|M",
        reports(controlId, texts));
  }

  /** One as intake hands it to the journal. */
  static NewMessage stored(String controlId) {
    V2Message message = oru(controlId, "text " + controlId);
    return new NewMessage(
        message.header(),
        FEED,
        "127.0.0.1:40112",
        Instant.parse("2026-11-20T16:15:00Z"),
        message.bytes(),
        Digests.of(message.bytes(), 0),
        "MSH|reply".getBytes(StandardCharsets.UTF_8));
  }

  /** A message of these segments. */
  public static V2Message read(String... segments) {
    try {
      return V2Message.read(String.join("\r", segments).getBytes(StandardCharsets.UTF_8));
    } catch (V2FormatException wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }

  private static String reports(String controlId, String... texts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < texts.length; i++) {
      text.append(
          "OBR|"
              + (i + 1)
              + "||"
              + controlId
              + "-"
              + (i + 1)
              + "|11506-3^Note^LN||||20261120100000\r");
      text.append("OBX|1|TX|1^T||" + texts[i] + "||||||F\r");
    }
    return text.toString();
  }
}
