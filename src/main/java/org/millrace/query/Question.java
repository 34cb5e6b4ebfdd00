package org.millrace.query;

import java.util.List;
import java.util.Optional;

/**
 * A QRY^A19 that was understood.
 *
 * @param asked the repetitions of QRD-8, in order, at least one
 * @param limit how many patients may be given at once: QRD-7, or our own limit
 * @param pointer DSC-1 of a query that asks for the next page; empty for a new one
 * @param deferred QRD-3 asked for a later answer
 * @param sameness what must be equal for two messages to ask the same: sender, QRD without its
 *     time, QRF; as received, so it may hold patient data
 */
record Question(
    List<Asked> asked, int limit, Optional<String> pointer, boolean deferred, String sameness) {

  @Override
  public String toString() {
    return "Question[" + asked + ", limit " + limit + "]";
  }
}
