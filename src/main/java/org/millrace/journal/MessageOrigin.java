package org.millrace.journal;

import java.util.List;

/**
 * That a message was made of another one by an operator.
 *
 * @param messageId the message that was made
 * @param originId what it was made of
 * @param anchors of RESENT: the documents that it files; all if empty
 */
public record MessageOrigin(long messageId, long originId, How how, List<String> anchors) {
  public MessageOrigin {
    anchors = List.copyOf(anchors);
  }

  /** What was done. */
  public enum How {
    /** Its content was changed; the other one is discarded. */
    EDITED,
    /** What it filed was lost at Cerner, and is filed again. */
    RESENT
  }

  /** Whether this document is to be filed. */
  public boolean files(String anchor) {
    return anchors.isEmpty() || anchors.contains(anchor);
  }
}
