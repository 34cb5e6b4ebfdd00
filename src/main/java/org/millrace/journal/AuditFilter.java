package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * Which entries of the audit trail.
 *
 * @param who name of caller or user; anybody if empty
 * @param what was done; anything if empty
 * @param patient FHIR id of whose record it was about; anybody's if empty
 * @param afterId only entries that were written behind this one; 0 for all
 */
public record AuditFilter(
    String who,
    String what,
    Optional<AuditEvent.Outcome> outcome,
    Optional<String> patient,
    Optional<Instant> since,
    Optional<Instant> until,
    long afterId) {
  /** All of them. */
  public static final AuditFilter ANY =
      new AuditFilter(
          "", "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0);

  AuditFilter after(long id) {
    return new AuditFilter(who, what, outcome, patient, since, until, id);
  }

  /** The patient's id is left out. */
  @Override
  public String toString() {
    return "entries" + (who.isEmpty() ? "" : " of " + who);
  }
}
