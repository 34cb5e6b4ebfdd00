package org.millrace.mllp;

import java.util.Arrays;
import java.util.Optional;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

/**
 * Tells replies that are other than AA and CA, by codes alone: a route may write replies of its
 * own, and their texts could quote a message.
 */
final class NegativeReply {
  private static final int LONGEST_HEADER = 2048;

  private NegativeReply() {}

  /**
   * What a reply refuses: {@code AE, 204 Unknown key identifier at QRD-8}. Empty for one that
   * refuses nothing, and for what is no single acknowledgment. Reads no further than MSA-1 where
   * that is positive.
   */
  static Optional<String> words(byte[] reply) {
    int at = 0;
    int most = Math.min(reply.length, LONGEST_HEADER);
    while (at < most && reply[at] != '\r') {
      at++;
    }
    boolean acknowledges =
        at + 6 < reply.length
            && reply[at + 1] == 'M'
            && reply[at + 2] == 'S'
            && reply[at + 3] == 'A';
    if (!acknowledges || reply[at + 6] == 'A') {
      return Optional.empty();
    }
    String code = "" + (char) reply[at + 5] + (char) reply[at + 6];
    return code.matches("[AC][ER]") ? Optional.of(code + error(reply)) : Optional.empty();
  }

  private static String error(byte[] reply) {
    try {
      V2Message read = V2Message.read(reply);
      return read.first("ERR")
          .map(err -> read.header().before("2.5") ? words(err, 1, 4) : words(err, 2, 0))
          .orElse("");
    } catch (V2FormatException unreadable) {
      return "";
    }
  }

  /**
   * @param place the field that says where
   * @param code its component that says what; 0 if ERR-3 does
   */
  private static String words(V2Segment err, int place, int code) {
    String number = code == 0 ? err.text(3, 1) : err.text(place, code);
    String what =
        Arrays.stream(ErrorCode.values())
            .filter(each -> number.equals(String.valueOf(each.number())))
            .map(each -> ", " + each.number() + " " + each.text())
            .findFirst()
            .orElse("");
    String segment = err.text(place, 1);
    String field = err.text(place, 3);
    return what
        + (segment.matches("[A-Z][A-Z0-9]{2}")
            ? " at " + segment + (field.matches("[0-9]{1,3}") ? "-" + field : "")
            : "");
  }
}
