package org.millrace.journal;

import java.util.List;
import java.util.Optional;

/**
 * Everything on record about one message.
 *
 * @param raw as received; patient data
 * @param reply what was answered
 * @param application the application acknowledgment, where its sender asked for one besides
 * @param report lineage and coverage of the last mapping, as JSON; empty if it was never mapped
 * @param codes those that no mapping table knew at the last mapping
 * @param ledger its creates; Cerner's words in it may hold patient data
 * @param notes in time order
 * @param calls what was asked of Cerner for it, in time order
 * @param requests what operators asked for it, in time order
 * @param links what it has to do with other messages
 * @param damaged what of it cannot be decrypted, in words; it is empty here
 */
public record MessageJourney(
    MessageSummary summary,
    byte[] raw,
    byte[] reply,
    Optional<ApplicationReply> application,
    String report,
    List<UnmappedCode> codes,
    List<LedgerRow> ledger,
    List<Note> notes,
    List<CernerCall> calls,
    List<OperatorRequest> requests,
    MessageLinks links,
    List<String> damaged) {

  /** The id only: the rest is a patient's. */
  @Override
  public String toString() {
    return "journey of message " + summary.id();
  }
}
