package org.millrace.rest;

import org.millrace.guard.Principal;

/** Answers HL7 v2 messages, empty and unreadable ones too, with the minimal AR. Thread-safe. */
@FunctionalInterface
public interface MessageReplies {
  /**
   * The reply to a message.
   *
   * @param message as received
   * @param caller who sends it
   * @param address the caller's IP address
   * @return empty if its sender asks for none
   */
  byte[] reply(byte[] message, Principal caller, String address);
}
