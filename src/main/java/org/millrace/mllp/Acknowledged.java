package org.millrace.mllp;

import java.util.Optional;
import org.millrace.hl7.AckMode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Header;
import org.millrace.hl7.V2Message;

/** Which acknowledgments the senders of a listener ask for, and which they get, in words. */
final class Acknowledged {
  private final Replies replies;
  private final ListenerMode mode;

  Acknowledged(Replies replies, ListenerMode mode) {
    this.replies = replies;
    this.mode = mode;
  }

  /**
   * By a frame's first line; empty if that is no header, as that of a batch is none.
   *
   * @param line of a frame
   */
  Optional<ConnectionView.Sender> sender(byte[] line) {
    try {
      V2Header header = V2Message.readHeader(line).header();
      return Optional.of(
          new ConnectionView.Sender(header.sender(), asks(header), override(header)));
    } catch (V2FormatException unreadable) {
      return Optional.empty();
    }
  }

  private static String asks(V2Header header) {
    String commit = header.acceptAcknowledgment();
    String application = header.applicationAcknowledgment();
    if (AckMode.fault(header).isPresent()) {
      return "original mode, as MSH-15 or MSH-16 cannot be read";
    }
    if (commit.isEmpty() && application.isEmpty()) {
      return "original mode";
    }
    return "enhanced mode, MSH-15 " + word(commit) + ", MSH-16 " + word(application);
  }

  private static String word(String value) {
    return value.isEmpty() ? "empty" : value;
  }

  private String override(V2Header header) {
    if (mode.silent()) {
      return "none, as the route says";
    }
    return switch (replies.sender(header).acknowledging().mode()) {
      case AS_ASKED -> "";
      case ORIGINAL -> "original mode, as the sender's file says";
      case NONE -> "none, as the sender's file says";
    };
  }
}
