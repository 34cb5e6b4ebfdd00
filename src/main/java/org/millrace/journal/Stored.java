package org.millrace.journal;

/** What storing a message came to. */
public sealed interface Stored {

  /**
   * Of the message that is on disk; of {@link Refused} that of the other one; 0 of {@link
   * OutOfSequence}.
   */
  long id();

  /**
   * It is new, and now in the queue.
   *
   * @param controlIdUsedAgain the sender used its control id for other content not long before
   */
  record Fresh(long id, boolean controlIdUsedAgain) implements Stored {}

  /**
   * The same message was stored before; nothing was added but a note.
   *
   * @param reply the first reply's bytes; empty if none is on record, or not any more
   */
  record Again(long id, byte[] reply) implements Stored {}

  /**
   * Its feed takes no control id again, and the sender used this one for other content; nothing was
   * stored.
   *
   * @param id of the message that has the control id
   */
  record Refused(long id) implements Stored {}

  /**
   * Its sequence number (MSH-13) is not the one that is expected of its sender; nothing was stored.
   *
   * @param expected the number that is
   */
  record OutOfSequence(long expected) implements Stored {
    @Override
    public long id() {
      return 0;
    }
  }
}
