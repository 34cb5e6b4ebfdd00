package org.millrace.journal;

/** A content of one message cannot be decrypted: it was changed, or belongs to another row. */
public final class DamagedContentException extends JournalException {
  private static final long serialVersionUID = 1L;

  DamagedContentException(long message) {
    super(
        "a content of message "
            + message
            + " cannot be decrypted: it was changed, or belongs to another row");
  }
}
