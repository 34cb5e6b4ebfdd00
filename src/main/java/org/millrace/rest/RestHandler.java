package org.millrace.rest;

/** One face of the engine over HTTP. Implementations are thread-safe and know no Camel. */
public interface RestHandler {

  /** Answers a request; every fault is an answer, an exception is a bug. */
  RestAnswer handle(RestRequest request);

  /**
   * Says no in the form this face speaks (OperationOutcome, problem document), for what is found
   * wrong before or around {@link #handle}: an unreadable path, a body over the limit, a bug.
   */
  RestAnswer refuse(Refusal refusal);
}
