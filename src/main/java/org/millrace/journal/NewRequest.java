package org.millrace.journal;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an operator asks of the engine, on its way into the journal.
 *
 * @param verb {@code retry}, {@code discard} and so on: what the engine knows
 * @param actor who asks
 * @param why in their words; may be a patient's
 * @param details what the verb needs beyond the message, by name; may be a patient's
 * @param notBefore when it may be carried out
 * @param content the message that takes the place of the one asked about; empty if none does
 */
public record NewRequest(
    String verb,
    long messageId,
    AuditEvent.Actor actor,
    String why,
    Map<String, String> details,
    Instant notBefore,
    byte[] content) {
  public NewRequest {
    details = Map.copyOf(details);
  }

  /**
   * One that needs no more than this, and may be carried out at once.
   *
   * @param who asks at the command line, as the system knows them
   */
  public static NewRequest of(String verb, long messageId, String who, String why) {
    return of(verb, messageId, AuditEvent.Actor.user(who), why);
  }

  /** The same, of somebody who is known otherwise. */
  public static NewRequest of(String verb, long messageId, AuditEvent.Actor actor, String why) {
    return new NewRequest(verb, messageId, actor, why, Map.of(), Instant.EPOCH, new byte[0]);
  }

  /** The name of who asks. */
  public String who() {
    return actor.name();
  }

  /** The same, with one detail more. */
  public NewRequest with(String name, String value) {
    Map<String, String> more = new TreeMap<>(details);
    more.put(name, value);
    return new NewRequest(verb, messageId, actor, why, more, notBefore, content);
  }

  /** The same, to be carried out at this moment or later. */
  public NewRequest notBefore(Instant moment) {
    return new NewRequest(verb, messageId, actor, why, details, moment, content);
  }

  /** The same, with a message of its own. */
  public NewRequest carrying(byte[] message) {
    return new NewRequest(verb, messageId, actor, why, details, notBefore, message);
  }

  /** Verb and message only: the rest may be a patient's. */
  @Override
  public String toString() {
    return verb + " of message " + messageId;
  }
}
