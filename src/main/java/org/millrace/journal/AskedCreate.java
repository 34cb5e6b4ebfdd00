package org.millrace.journal;

import java.util.Optional;

/**
 * A create of a FHIR resource that an HTTP caller wants stored and delivered.
 *
 * @param asker who asks, and by what it asks what came of it
 * @param feed the face it came to; see {@link Feed#ofFace}
 * @param sender as listings show the caller: {@code FHIR@portal}
 * @param requestId by which it is found in listings; of ours, and no patient's
 * @param type of the resource, {@code DocumentReference}
 * @param peer the caller's address; empty if it is not known
 * @param resource as it is to be sent, JSON in UTF-8
 * @param key the Idempotency-Key it was asked under, and what was answered; empty without one
 */
public record AskedCreate(
    Asker asker,
    Feed feed,
    String sender,
    String requestId,
    String type,
    String peer,
    byte[] resource,
    Optional<Keyed> key) {

  /**
   * Who asks.
   *
   * @param tenant whose charts it is for
   * @param caller who asks, and by what it is known
   * @param ticket stands in the status URL
   */
  public record Asker(String tenant, String caller, String ticket) {
    /** Without the ticket. */
    @Override
    public String toString() {
      return caller;
    }
  }

  /** What is put on record in the same commit, so that the same is not stored twice. */
  public record Keyed(CreateRequest.Asked asked, CreateRequest.Answer answer) {}

  /** The type only: the rest is a patient's. */
  @Override
  public String toString() {
    return "create of " + type;
  }
}
