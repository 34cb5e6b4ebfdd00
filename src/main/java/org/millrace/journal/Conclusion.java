package org.millrace.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an attempt to deliver a message came to.
 *
 * @param state where the message stands now; QUEUED if the attempt does not count, since Cerner was
 *     not asked
 * @param nextTry when it is due again; of meaning for RETRYING only
 * @param mapping empty if it came to none: then that of an earlier attempt stays on record
 * @param notes of RETRYING and QUEUED, those that the message has already are left out
 * @param answered ledger rows whose answer came, and is on record only with this
 */
public record Conclusion(
    MessageState state,
    Reason reason,
    Instant nextTry,
    Optional<MappingReport> mapping,
    List<Note> notes,
    List<LedgerRow> answered) {
  public Conclusion {
    notes = List.copyOf(notes);
    answered = List.copyOf(answered);
  }

  /** With nothing in the ledger that is not on record already. */
  public Conclusion(
      MessageState state,
      Reason reason,
      Instant nextTry,
      Optional<MappingReport> mapping,
      List<Note> notes) {
    this(state, reason, nextTry, mapping, notes, List.of());
  }
}
