package org.millrace.journal;

/**
 * Where a chain ends, as it is on record beside the entries.
 *
 * @param head number and hash of the last entry; number 0 before the first
 * @param seal over both, as it stands there
 */
record AuditEnd(AuditHead head, String seal) {
  /** Whether whoever wrote the seal had the same secret. */
  boolean isSealedBy(AuditSeals seals) {
    return seal.equals(seals.end(head));
  }
}
