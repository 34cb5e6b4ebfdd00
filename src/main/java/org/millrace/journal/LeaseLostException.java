package org.millrace.journal;

/** A lane is, or may be, another engine's by now: what was to be done in it must not be done. */
public final class LeaseLostException extends JournalException {
  private static final long serialVersionUID = 1L;

  LeaseLostException() {
    super("its lane is another engine's by now");
  }
}
