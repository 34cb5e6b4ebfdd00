package org.millrace.journal;

/**
 * The journal cannot be opened, read or written just now. Nothing of the work that failed was
 * stored, unless the sentence says otherwise.
 */
public class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The sentence says what was being done and holds nothing of a message. */
  public JournalException(String sentence) {
    super(sentence);
  }

  public JournalException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
