package org.millrace.routing;

import java.util.Optional;
import java.util.Set;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.Tolerance;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Header;
import org.millrace.hl7.V2Location;
import org.millrace.hl7.V2Message;

/**
 * What MSH must say before anybody looks at the rest: it stands once, with a version we serve
 * (MSH-12), a processing id we take (MSH-11), and one charset (MSH-18). Immutable.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.9.2, the checks whose failure is answered AR.
 */
public final class HeaderCheck {
  private final Set<String> processingIds;

  /**
   * @param production with a production target only P is taken, so that a test message never
   *     reaches a real chart
   */
  public HeaderCheck(boolean production) {
    processingIds = production ? Set.of("P") : Set.of("P", "T", "D");
  }

  /**
   * The fault to refuse the message with, if there is one. Two messages in one frame get one reply,
   * so taking only the first would lose the second behind an AA.
   */
  Optional<V2Fault> check(V2Message message, SenderProfile sender) {
    if (message.all("MSH").size() > 1) {
      return Optional.of(
          V2Fault.at(
              V2Location.segment("MSH", 2),
              ErrorCode.SEGMENT_SEQUENCE,
              "A second MSH: a frame holds one message, send each in its own"));
    }
    if (message.switchesCharset()) {
      return Optional.of(
          V2Fault.at(
              V2Location.field("MSH", 1, 18),
              ErrorCode.TABLE_VALUE_NOT_FOUND,
              "The message changes its charset on the way (ISO 2022, by the alternates in MSH-18),"
                  + " which is not read here; send it in UNICODE UTF-8"));
    }
    for (Tolerance departure : message.asRead().departures()) {
      if (!sender.tolerates(departure)) {
        return Optional.of(fault(departure));
      }
    }
    return check(message.header());
  }

  private V2Fault fault(Tolerance departure) {
    V2Location place =
        departure.field() == 0
            ? V2Location.segment("MSH", 1)
            : V2Location.field("MSH", 1, departure.field());
    return switch (departure) {
      case UNKNOWN_VERSION ->
          V2Fault.at(place, ErrorCode.UNSUPPORTED_VERSION_ID, departure.sentence());
      case NO_PROCESSING_ID ->
          V2Fault.at(place, ErrorCode.UNSUPPORTED_PROCESSING_ID, processingIdsTaken());
      case CHARSET_GUESSED ->
          V2Fault.at(place, ErrorCode.TABLE_VALUE_NOT_FOUND, departure.sentence());
      default -> V2Fault.at(place, ErrorCode.SEGMENT_SEQUENCE, departure.sentence());
    };
  }

  private Optional<V2Fault> check(V2Header header) {
    // An empty one is tolerated, or was refused above.
    if (!header.processingId().isEmpty() && !processingIds.contains(header.processingId())) {
      return Optional.of(
          V2Fault.at(
              V2Location.field("MSH", 1, 11),
              ErrorCode.UNSUPPORTED_PROCESSING_ID,
              processingIdsTaken()));
    }
    return Optional.empty();
  }

  private String processingIdsTaken() {
    return processingIds.size() == 1
        ? "MSH-11 must be P: the target is a production system"
        : "MSH-11 must be P, T or D";
  }
}
