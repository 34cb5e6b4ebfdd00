package org.millrace.journal;

import java.time.Instant;

/**
 * A line of the work list: a code of one sender that no row of a table knew.
 *
 * @param text one of the texts it came with; empty if it never had one
 * @param times how often it stands in the messages on record
 * @param messages in how many of them
 * @param held how many of them are held until the table knows it
 * @param firstSeen when the first of them was received
 */
public record CodeSummary(
    String table,
    String code,
    String sender,
    String text,
    int times,
    int messages,
    int held,
    Instant firstSeen,
    Instant lastSeen) {

  /** Table and sender only. */
  @Override
  public String toString() {
    return "a code of " + sender + " is not in table " + table;
  }
}
