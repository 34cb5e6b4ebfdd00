package org.millrace.journal;

import java.time.Instant;
import org.millrace.hl7.V2Header;

/**
 * A query that was answered while its sender waited, for the listing.
 *
 * @param feed name of the feed it came in by
 * @param raw as received, without framing
 * @param reply what was answered
 * @param state DELIVERED if it was answered (that none was found is an answer), else REFUSED
 * @param reason why it was refused; {@link Reason#NONE} if it was answered
 */
public record Question(
    V2Header header,
    String feed,
    String peer,
    Instant receivedAt,
    byte[] raw,
    byte[] reply,
    MessageState state,
    Reason reason) {

  /** Type and feed only: the content is a patient's. */
  @Override
  public String toString() {
    return header.type() + " on " + feed;
  }
}
