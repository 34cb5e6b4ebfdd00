package org.millrace.delivery;

import java.util.Optional;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.OperatorRequest;

/** Something that operators can ask of the engine to do with a message. */
@FunctionalInterface
interface Verb {

  /**
   * A request and the message as it stands.
   *
   * @param underWay whether a worker has it, or has just had it: then it may be in another state at
   *     any moment
   */
  record Asked(OperatorRequest request, MessageSummary message, boolean underWay) {
    long id() {
      return message.id();
    }
  }

  /**
   * Does what is asked and puts on record that it is done, both in one commit.
   *
   * @return why it is not done, to be put on record, without patient data; empty if it is done, or
   *     will be asked for again
   */
  Optional<String> carryOut(Asked asked);
}
