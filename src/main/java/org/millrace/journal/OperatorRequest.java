package org.millrace.journal;

import java.time.Instant;
import java.util.Map;

/**
 * What an operator asked for.
 *
 * @param verb {@code retry}, {@code discard} and so on
 * @param why in their words; may be a patient's
 * @param details what the verb needs beyond the message, by name; may be a patient's
 * @param notBefore when it may be carried out; {@link Instant#EPOCH} for at once
 * @param outcome what came of it, without patient data; empty while it waits for the engine
 */
public record OperatorRequest(
    long id,
    String verb,
    long messageId,
    String who,
    String why,
    Map<String, String> details,
    Instant askedAt,
    Instant notBefore,
    String outcome) {
  public OperatorRequest {
    details = Map.copyOf(details);
  }

  public boolean waiting() {
    return outcome.isEmpty();
  }

  /** A detail; empty if it was not given. */
  public String detail(String name) {
    return details.getOrDefault(name, "");
  }

  /** Verb and message only: the rest may be a patient's. */
  @Override
  public String toString() {
    return verb + " of message " + messageId;
  }
}
