package org.millrace.guard;

/** What somebody at the console may do. */
public enum Right {
  /** See pages and lists, with patients' data covered. */
  LOOK,
  /** Have patients' data shown, which is an entry of the audit trail. */
  SHOW,
  /**
   * Decide what becomes of messages, pause feeds and lanes, snooze alerts, drop and block
   * connections, run the checks.
   */
  OPERATE,
  /** Try rules, make dry runs, see the codes that no table knows. */
  ANALYSE,
  /** Look into the audit trail. */
  AUDIT
}
