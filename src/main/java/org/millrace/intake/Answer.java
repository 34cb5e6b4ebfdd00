package org.millrace.intake;

import java.util.function.Consumer;

/**
 * A reply, and who is to be told whether it could be handed to its connection.
 *
 * @param reply the bytes of the reply; empty if the sender gets none now
 * @param written told once: true when the connection took the reply, false when it was broken;
 *     where there is none, as if it were one
 */
public record Answer(byte[] reply, Consumer<Boolean> written) {

  /** What is no reply. */
  static final byte[] NO_REPLY = {};

  /** One that nobody wants to know of any more. */
  static Answer of(byte[] reply) {
    return new Answer(reply, took -> {});
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
