package org.millrace.mllp;

import java.util.ArrayList;
import java.util.List;

/**
 * How a port speaks, as its route says.
 *
 * @param silent its senders get no replies ({@code replies: none})
 * @param release2 each frame is committed by a frame of one byte, 06 or 15, before its reply, and
 *     each reply by its sender ({@code mllpRelease: 2})
 * @param batchReplies how batches are answered: batch, each or one ({@code batchReplies})
 */
record ListenerMode(boolean silent, boolean release2, String batchReplies) {
  /** Source: HL7 Transport Specification, MLLP Release 2: the commit acknowledgment. */
  static final byte ACK = 0x06;

  /** The negative commit acknowledgment. */
  static final byte NAK = 0x15;

  static ListenerMode read(String replies, String release, String batchReplies) {
    if (!replies.equals("all") && !replies.equals("none")) {
      throw new IllegalArgumentException("replies of an MLLP route must be all or none");
    }
    if (!release.equals("1") && !release.equals("2")) {
      throw new IllegalArgumentException("mllpRelease of an MLLP route must be 1 or 2");
    }
    if (!List.of("batch", "each", "one").contains(batchReplies)) {
      throw new IllegalArgumentException(
          "batchReplies of an MLLP route must be batch, each or one");
    }
    if (release.equals("2") && batchReplies.equals("each")) {
      throw new IllegalArgumentException(
          "batchReplies of an MLLP route must be batch or one with mllpRelease 2");
    }
    return new ListenerMode(replies.equals("none"), release.equals("2"), batchReplies);
  }

  /** What differs from what is usual; empty if nothing. */
  String words() {
    List<String> words = new ArrayList<>();
    if (silent) {
      words.add("gives no replies");
    }
    if (release2) {
      words.add("MLLP release 2");
    }
    if (!batchReplies.equals("batch")) {
      words.add(
          batchReplies.equals("each")
              ? "a reply for each message of a batch"
              : "one reply to a batch");
    }
    return String.join(", ", words);
  }

  /** Whether a frame is a commit, and no message. */
  static boolean isCommit(byte[] frame) {
    return frame.length == 1 && (frame[0] == ACK || frame[0] == NAK);
  }
}
