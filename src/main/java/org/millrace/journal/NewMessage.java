package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.millrace.hl7.V2Header;

/**
 * A message on its way into the journal.
 *
 * @param peer address it came from, for example {@code 10.1.2.3:40112}; of one that was made of
 *     another, that one's, so that it keeps the lane
 * @param raw as received, without framing
 * @param contentHash SHA-256, in hex, of every byte after the MSH segment
 * @param reply what the sender will be answered, now and whenever it sends the same again; empty
 *     where that is not known yet, since the feed answers with the outcome, or where it wants none
 */
public record NewMessage(
    V2Header header,
    Feed feed,
    String peer,
    Instant receivedAt,
    byte[] raw,
    String contentHash,
    byte[] reply,
    Terms terms) {

  /**
   * By what terms its sender sends it.
   *
   * @param owed whether it is owed a reply when it is stored
   * @param application the application acknowledgment that is wanted besides, in enhanced mode
   * @param sequence MSH-13 where the sender's numbers are checked
   */
  public record Terms(boolean owed, Optional<AskedReply> application, OptionalLong sequence) {

    /** Of original mode: one reply, and it is owed. */
    public static final Terms ORIGINAL = new Terms(true, Optional.empty(), OptionalLong.empty());
  }

  /** One of original mode. */
  public NewMessage(
      V2Header header,
      Feed feed,
      String peer,
      Instant receivedAt,
      byte[] raw,
      String contentHash,
      byte[] reply) {
    this(header, feed, peer, receivedAt, raw, contentHash, reply, Terms.ORIGINAL);
  }

  /** Type and feed only: the content is a patient's. */
  @Override
  public String toString() {
    return header.type() + " on " + feed.name();
  }
}
