package org.millrace.cerner;

/** Who has to do something about a fault. */
public enum WhoActs {
  SENDER,
  US,
  CERNER,
  ANALYST
}
