package org.millrace.cerner;

/** What a fault asks of us; retry is decided by this and never by reading a sentence. */
public enum FaultKind {
  /** Trying again later can help, and we do so by ourselves. */
  RETRY,
  /** A person must look: credentials, scopes, settings, an undecidable outcome. */
  PERSON,
  /** It will never work as it is. */
  NEVER
}
