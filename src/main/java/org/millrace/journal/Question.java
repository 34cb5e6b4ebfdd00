package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;
import org.millrace.hl7.V2Header;

/**
 * A query that was answered while its sender waited, for the listing.
 *
 * @param feed name of the feed it came in by
 * @param raw as received, without framing
 * @param reply what was answered
 * @param state DELIVERED if it was answered (that none was found is an answer), else REFUSED
 * @param reason why it was refused; {@link Reason#NONE} if it was answered
 * @param answer what came of it; empty for what is no query, and only kept beside them
 */
public record Question(
    V2Header header,
    String feed,
    String peer,
    Instant receivedAt,
    byte[] raw,
    byte[] reply,
    MessageState state,
    Reason reason,
    Optional<QueryAnswer> answer) {

  /** Of a message that was refused while its sender waited, and is no query. */
  public Question(
      V2Header header,
      String feed,
      String peer,
      Instant receivedAt,
      byte[] raw,
      byte[] reply,
      MessageState state,
      Reason reason) {
    this(header, feed, peer, receivedAt, raw, reply, state, reason, Optional.empty());
  }

  /** The same of a query that was answered so. */
  public Question answered(QueryAnswer what) {
    return new Question(
        header, feed, peer, receivedAt, raw, reply, state, reason, Optional.of(what));
  }

  /** Type and feed only: the content is a patient's. */
  @Override
  public String toString() {
    return header.type() + " on " + feed;
  }
}
