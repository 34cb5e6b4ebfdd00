package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;
import org.millrace.hl7.V2Header;

/**
 * A message on its way into the journal.
 *
 * @param peer address it came from, for example {@code 10.1.2.3:40112}
 * @param raw as received, without framing
 * @param contentHash SHA-256, in hex, of every byte after the MSH segment
 * @param reply what the sender will be answered, now and whenever it sends the same again; empty
 *     where that is not known yet, since the feed answers with the outcome, or where it wants none
 * @param owed whether it is owed a reply when it is stored
 * @param application the application acknowledgment that it wants besides, in enhanced mode
 */
public record NewMessage(
    V2Header header,
    Feed feed,
    String peer,
    Instant receivedAt,
    byte[] raw,
    String contentHash,
    byte[] reply,
    boolean owed,
    Optional<AskedReply> application) {

  /** One of original mode: one reply, and it is owed. */
  public NewMessage(
      V2Header header,
      Feed feed,
      String peer,
      Instant receivedAt,
      byte[] raw,
      String contentHash,
      byte[] reply) {
    this(header, feed, peer, receivedAt, raw, contentHash, reply, true, Optional.empty());
  }

  /** Type and feed only: the content is a patient's. */
  @Override
  public String toString() {
    return header.type() + " on " + feed.name();
  }
}
