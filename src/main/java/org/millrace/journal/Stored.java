package org.millrace.journal;

/** What storing a message came to; either way it is on disk. */
public sealed interface Stored {

  long id();

  /** It is new, and now in the queue. */
  record Fresh(long id) implements Stored {}

  /**
   * The same message was stored before; nothing was added but a note.
   *
   * @param reply the first reply's bytes
   */
  record Again(long id, byte[] reply) implements Stored {}
}
