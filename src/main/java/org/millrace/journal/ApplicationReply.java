package org.millrace.journal;

import java.time.Instant;

/**
 * What is on record about the application acknowledgment of a message.
 *
 * @param state OWED until it was sent, NONE where the outcome is one that its sender does not want
 *     to hear of
 * @param reply its bytes; empty while the message has not come to its end, and once they are not
 *     kept any more
 * @param attempts how often it could not be sent to its address
 * @param nextTryAt when it is sent to its address again
 * @param lastError why it could not be sent the last time; empty if it was not tried or it worked
 */
public record ApplicationReply(
    long messageId,
    AskedReply asked,
    ReplyState state,
    byte[] reply,
    int attempts,
    Instant nextTryAt,
    String lastError) {

  /** Nothing of the reply: it may name a patient. */
  @Override
  public String toString() {
    return "application reply of message " + messageId + ", " + state;
  }
}
