package org.millrace.journal;

/**
 * An event on record, as a link of its chain.
 *
 * @param chain it belongs to
 * @param seq its number in the chain, from 1 on without gaps
 * @param commitment to its details
 * @param hash over the one before and itself
 */
public record AuditEntry(
    long id, String chain, long seq, AuditEvent event, String commitment, String hash) {

  /** Place and kind only. */
  @Override
  public String toString() {
    return chain + " " + seq + ": " + event;
  }
}
