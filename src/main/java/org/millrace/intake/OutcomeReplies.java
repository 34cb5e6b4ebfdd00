package org.millrace.intake;

import java.util.List;
import java.util.Optional;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.FeedSettings;
import org.millrace.journal.MessageState;
import org.millrace.journal.QueuedMessage;
import org.millrace.journal.Reason;
import org.millrace.journal.Standing;

/**
 * Tells a sender what became of its message: AA once there is nothing left to do, AE with place and
 * code where a person must look or Cerner will not take it. Thread-safe.
 */
final class OutcomeReplies {
  static final String PENDING = "stored, delivery pending";

  private final Replies replies;

  OutcomeReplies(Replies replies) {
    this.replies = replies;
  }

  /**
   * The reply to a sender that waited.
   *
   * @param id of the message, for support (ERR-7)
   * @param standing empty if it has not come to its end
   */
  byte[] reply(V2Message message, long id, Optional<Standing> standing, FeedSettings.Late late) {
    if (standing.isEmpty()) {
      return pending(message, id, late);
    }
    Standing now = standing.get();
    return switch (now.state()) {
      case DELIVERED -> replies.accept(message, AckCode.AA);
      case FILTERED ->
          replies.accept(message, AckCode.AA, "left out on purpose: " + now.reason().code());
      default -> replies.refuse(message, AckCode.AE, List.of(fault(now.reason(), id)));
    };
  }

  /** A message of the journal, as it was read when it came. */
  V2Message read(QueuedMessage message) {
    try {
      return V2Message.read(
          message.raw(),
          replies.sender(message.sender()).charset().or(() -> message.feed().charset()));
    } catch (V2FormatException cannotBe) {
      throw new IllegalStateException("message " + message.id() + " was read before", cannotBe);
    }
  }

  /** Whether a message that has come to its end was accepted. */
  static boolean accepted(Standing settled) {
    return settled.state() == MessageState.DELIVERED || settled.state() == MessageState.FILTERED;
  }

  private byte[] pending(V2Message message, long id, FeedSettings.Late late) {
    if (late == FeedSettings.Late.AA) {
      return replies.accept(message, AckCode.AA, PENDING);
    }
    V2Fault fault =
        V2Fault.of(
            ErrorCode.INTERNAL,
            PENDING
                + ": it is delivered without being sent again; sent again, it is answered with what"
                + " has come of it by then.");
    return replies.refuse(message, AckCode.AE, List.of(fault.withDiagnostic(diagnostic(id))));
  }

  private static V2Fault fault(Reason reason, long id) {
    return ReasonCodes.fault(reason).withDiagnostic(diagnostic(id));
  }

  private static String diagnostic(long id) {
    return "message " + id;
  }
}
