package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * A key of an HTTP caller, as the journal knows it: without the key itself.
 *
 * @param id stands in the key, too
 * @param caller who calls with it
 * @param digest SHA-256 of the key, hexadecimal
 * @param rights what it may do
 * @param made when it was made, and by whom
 * @param expires when it ends by itself; empty if it does not
 * @param revoked when it was ended, and by whom; empty if nobody has
 * @param used when it was used last, to the hour; empty if it never was
 */
public record CallerKey(
    String id,
    String caller,
    String digest,
    Rights rights,
    Act made,
    Optional<Instant> expires,
    Optional<Act> revoked,
    Optional<Instant> used) {

  /**
   * What a key may do.
   *
   * @param scopes one blank between
   * @param tenant at which tenant; any if empty
   * @param senders as whom it may send HL7 messages, {@code MSH-3@MSH-4} with one blank between; as
   *     anybody if empty
   */
  public record Rights(String scopes, String tenant, String senders) {}

  /**
   * Something that was done to a key.
   *
   * @param who as the system knows them
   */
  public record Act(Instant at, String who) {}

  /** One that was made just now. */
  public static CallerKey fresh(
      String id, String caller, String digest, Rights rights, Act made, Optional<Instant> expires) {
    return new CallerKey(
        id, caller, digest, rights, made, expires, Optional.empty(), Optional.empty());
  }

  /** Whether it opens anything at this moment. */
  public boolean inForce(Instant now) {
    return revoked.isEmpty() && expires.filter(end -> !now.isBefore(end)).isEmpty();
  }

  /** Id and caller only. */
  @Override
  public String toString() {
    return id + " of " + caller;
  }
}
