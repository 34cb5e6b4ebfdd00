package org.millrace.hl7;

/** MSA-1, HL7 v2.5.1 table 0008. */
public enum AckCode {
  /** Application accept: taken, or the query was answered. */
  AA,
  /** Application error: the content is at fault; sending the same again is useless. */
  AE,
  /**
   * Application reject: type, version, processing id or our own state; the sender may try again.
   */
  AR,
  /** Commit accept: safely stored. */
  CA,
  /** Commit error. */
  CE,
  /** Commit reject. */
  CR;

  /** What it is as a commit acknowledgment: CA for AA. */
  public AckCode asCommit() {
    return switch (this) {
      case AA, CA -> CA;
      case AE, CE -> CE;
      case AR, CR -> CR;
    };
  }
}
