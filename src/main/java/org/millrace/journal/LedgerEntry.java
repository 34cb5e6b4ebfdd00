package org.millrace.journal;

/**
 * A row of the ledger among those of other messages.
 *
 * @param of the state that its message is in
 */
public record LedgerEntry(LedgerRow row, MessageState of) {

  /**
   * Whether the chart may still change by it: it is under way, its outcome is not known, or its
   * message waits, or is held, with this not sent.
   */
  public boolean open() {
    return switch (row.state()) {
      case SENT, UNKNOWN, TO_CORRECT, CORRECTING -> true;
      case PREPARED -> of.waiting() || of == MessageState.HELD;
      case DONE, REFUSED, RESENT -> false;
    };
  }
}
