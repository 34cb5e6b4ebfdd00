package org.millrace.intake;

import java.util.function.Consumer;

/**
 * A reply, and who is to be told whether it could be handed to its connection.
 *
 * @param reply the bytes of the reply; empty if the sender gets none now
 * @param written told once: true when the connection took the reply, false when it was broken;
 *     where there is none, as if it were one
 * @param taken false if the engine could not deal with the message at all just now, and its sender
 *     must send it again; a message that is refused for what it says was dealt with
 */
public record Answer(byte[] reply, Consumer<Boolean> written, boolean taken) {

  /** To a message that was dealt with. */
  public Answer(byte[] reply, Consumer<Boolean> written) {
    this(reply, written, true);
  }

  /** What is no reply. */
  static final byte[] NO_REPLY = {};

  /** One that nobody wants to know of any more. */
  static Answer of(byte[] reply) {
    return new Answer(reply, took -> {});
  }

  /** The same, to a message that must be sent again. */
  public Answer notTaken() {
    return new Answer(reply, written, false);
  }

  /** The reply, taken for given. */
  public byte[] given() {
    written.accept(true);
    return reply;
  }

  /** Nothing of the reply: it may name a patient. */
  @Override
  public String toString() {
    return reply.length + " bytes";
  }
}
