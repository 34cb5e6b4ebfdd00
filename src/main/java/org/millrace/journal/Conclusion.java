package org.millrace.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an attempt to deliver a message came to.
 *
 * @param nextTry when it is due again; of meaning for RETRYING only
 * @param mapping empty if it came to none: then that of an earlier attempt stays on record
 * @param notes of RETRYING, those that the message has already are left out
 */
public record Conclusion(
    MessageState state,
    Reason reason,
    Instant nextTry,
    Optional<MappingReport> mapping,
    List<Note> notes) {
  public Conclusion {
    notes = List.copyOf(notes);
  }
}
