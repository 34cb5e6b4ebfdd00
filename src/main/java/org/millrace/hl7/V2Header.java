package org.millrace.hl7;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * MSH as the engine needs it before anything else is read: text of each field, the empty string
 * where absent.
 *
 * <p>Hierarchic designators (MSH-3 to MSH-6) and MSH-9, -11, -12 are kept raw, with all components,
 * since replies swap and echo them whole.
 *
 * @param messageCode MSH-9.1, for example {@code ORU}
 * @param triggerEvent MSH-9.2, for example {@code R01}
 * @param structure MSH-9.3, often empty
 * @param processingId MSH-11.1: P, T or D
 * @param version MSH-12.1, for example {@code 2.5.1}
 */
public record V2Header(
    Separators separators,
    String sendingApplication,
    String sendingFacility,
    String receivingApplication,
    String receivingFacility,
    String time,
    String messageCode,
    String triggerEvent,
    String structure,
    String controlId,
    String rawProcessingId,
    String processingId,
    String rawVersion,
    String version,
    String sequenceNumber,
    String acceptAcknowledgment,
    String applicationAcknowledgment,
    String rawCharacterSet) {

  private static final Set<String> VERSIONS =
      Set.of(
          "2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8",
          "2.8.1", "2.8.2");

  /** Digits of each part of a version. */
  private static final int LONGEST_PART = 3;

  private static final int BEYOND_PART = 1000;

  /** Reads the MSH segment. */
  static V2Header of(V2Segment msh, Separators separators) {
    return new V2Header(
        separators,
        msh.field(3).raw(),
        msh.field(4).raw(),
        msh.field(5).raw(),
        msh.field(6).raw(),
        msh.text(7).strip(),
        msh.text(9, 1).strip(),
        msh.text(9, 2).strip(),
        msh.text(9, 3).strip(),
        msh.field(10).repetition(1).whole(),
        msh.field(11).raw(),
        msh.text(11, 1).strip(),
        msh.field(12).raw(),
        msh.text(12, 1).strip(),
        msh.text(13).strip(),
        msh.text(15).strip(),
        msh.text(16).strip(),
        msh.field(18).raw());
  }

  /** Whether MSH-12 names a version that there is. */
  boolean knownVersion() {
    return VERSIONS.contains(version);
  }

  /** {@code ORU^R01}, {@code ACK} without event: what feeds and mappings are named by. */
  public String type() {
    return triggerEvent.isEmpty() ? messageCode : messageCode + "^" + triggerEvent;
  }

  /**
   * MSH-3.1 {@code @} MSH-4.1, decoded: how senders are named in settings, folders and the journal.
   */
  public String sender() {
    return first(sendingApplication) + "@" + first(sendingFacility);
  }

  private String first(String raw) {
    Dialect dialect = new Dialect(separators, StandardCharsets.UTF_8);
    return new V2Field(raw, 0, raw.length(), false, dialect).text().strip();
  }

  /**
   * Whether MSH-12 names a version before the given one; an empty or unreadable version counts as
   * 2.5.1.
   *
   * @param dotted for example {@code 2.5} or {@code 2.3.1}
   */
  public boolean before(String dotted) {
    int ours = number(version);
    return (ours < 0 ? number("2.5.1") : ours) < number(dotted);
  }

  /** A version of up to three parts as one number; negative if it is none. */
  private static int number(String version) {
    int number = 0;
    int part = 0;
    int digits = 0;
    int parts = 1;
    for (int at = 0; at < version.length(); at++) {
      char each = version.charAt(at);
      if (each >= '0' && each <= '9' && digits < LONGEST_PART) {
        part = part * 10 + each - '0';
        digits++;
      } else if (each == '.' && digits > 0 && parts < 3) {
        number = number * BEYOND_PART + part;
        part = 0;
        digits = 0;
        parts++;
      } else {
        return -1;
      }
    }
    number = number * BEYOND_PART + part;
    for (int missing = parts; missing < 3; missing++) {
      number *= BEYOND_PART;
    }
    return digits == 0 ? -1 : number;
  }
}
