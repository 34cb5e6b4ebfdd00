package org.millrace.rest;

import org.millrace.guard.Needs;

/** One face of the engine over HTTP. Implementations are thread-safe and know no Camel. */
public interface RestHandler {

  /**
   * What a request needs to be allowed, found from the request alone; it is not answered otherwise.
   * What is not served at all needs no more than a caller that is known.
   */
  Needs needs(RestRequest request);

  /** Answers a request; every fault is an answer, an exception is a bug. */
  RestAnswer handle(RestRequest request);

  /**
   * Says no in the form this face speaks (OperationOutcome, problem document), for what is found
   * wrong before or around {@link #handle}: an unreadable path, a body over the limit, a bug.
   */
  RestAnswer refuse(Refusal refusal);
}
