package org.millrace.hl7;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;

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

  private static final Pattern VERSION = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){0,2}");

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
    int[] ours = numbers(version);
    int[] other = numbers(dotted);
    return Arrays.compare(ours, other) < 0;
  }

  private static int[] numbers(String version) {
    if (!VERSION.matcher(version).matches()) {
      return new int[] {2, 5, 1};
    }
    String[] parts = version.split("\\.", -1);
    int[] numbers = new int[3];
    for (int i = 0; i < parts.length; i++) {
      numbers[i] = Integer.parseInt(parts[i]);
    }
    return numbers;
  }
}
