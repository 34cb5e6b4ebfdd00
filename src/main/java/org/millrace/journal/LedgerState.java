package org.millrace.journal;

/** How far a create came. */
public enum LedgerState {
  /** Not sent, or proved not to have been stored: it may be sent. */
  PREPARED,
  /** About to be sent or sent, and no answer is on record: after a crash it must be looked up. */
  SENT,
  /** Stored at Cerner; the resource id is known. */
  DONE,
  /** The answer was lost: it is being looked up, or could not be decided. */
  UNKNOWN,
  /** Cerner will not take it as it is. */
  REFUSED,
  /**
   * Stored at Cerner, and an operator asked for its correction, which is not sent or not stored.
   */
  TO_CORRECT,
  /** Its correction is about to be sent or sent, and no answer is on record: its version tells. */
  CORRECTING,
  /** It was stored, is lost at Cerner, and is filed again by another message. */
  RESENT
}
