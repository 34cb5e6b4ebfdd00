package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * A message as delivery takes it up.
 *
 * @param peer address it came from, for example {@code 10.1.2.3:40112}; empty if it is not known
 * @param raw as received, without framing
 * @param attempts how often it was taken up before, since it came or an operator put it back
 * @param failingSince when the first of them failed, if it did
 * @param resends the message whose documents it files again, if an operator made it for that
 */
public record QueuedMessage(
    long id,
    Feed feed,
    String sender,
    String peer,
    String controlId,
    String type,
    Instant receivedAt,
    MessageState state,
    int attempts,
    Optional<Instant> failingSince,
    String contentHash,
    byte[] raw,
    Optional<MessageOrigin> resends) {

  /** Whether it is a FHIR resource that an HTTP caller wants created, and no v2 message. */
  public boolean isResource() {
    return Feed.isFace(feed.name());
  }

  /** The id and type only: the content is a patient's. */
  @Override
  public String toString() {
    return "message " + id + " (" + type + ")";
  }
}
