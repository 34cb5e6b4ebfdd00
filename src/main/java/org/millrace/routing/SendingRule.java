package org.millrace.routing;

import java.util.Optional;

/** Whose messages are taken from whoever hands them over. Thread-safe. */
@FunctionalInterface
public interface SendingRule {
  /** Everybody's. */
  SendingRule ANY = sender -> Optional.empty();

  /**
   * Asked once for each message that could be read.
   *
   * @param sender {@code MSH-3.1@MSH-4.1}
   * @return why it is not taken, as a sentence for its sender; empty if it is
   */
  Optional<String> fault(String sender);
}
