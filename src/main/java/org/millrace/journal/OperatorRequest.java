package org.millrace.journal;

import java.time.Instant;

/**
 * What an operator asked for.
 *
 * @param verb {@code retry}, {@code retry-mended} or {@code correct}
 * @param outcome what came of it; empty while it waits for the engine
 */
public record OperatorRequest(
    long id, String verb, long messageId, String who, String why, Instant askedAt, String outcome) {

  public boolean waiting() {
    return outcome.isEmpty();
  }
}
