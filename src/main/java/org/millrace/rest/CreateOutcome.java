package org.millrace.rest;

import org.millrace.cerner.Created;
import org.millrace.cerner.Fault;

/** What a create came to, after it was looked up where its answer was lost. */
sealed interface CreateOutcome {
  record Stored(Created created) implements CreateOutcome {}

  record Refused(Fault fault) implements CreateOutcome {}

  /** Sent, and whether it was stored cannot be told. */
  record Unknown(Fault fault) implements CreateOutcome {}
}
