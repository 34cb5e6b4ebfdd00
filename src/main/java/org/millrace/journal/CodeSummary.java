package org.millrace.journal;

import java.time.Instant;

/**
 * A line of the work list: a code of one sender that no row of a table knew.
 *
 * @param tenant whose tables were asked, that of the messages' feeds; empty for the one without a
 *     name
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
    String tenant,
    String text,
    int times,
    int messages,
    int held,
    Instant firstSeen,
    Instant lastSeen) {

  /** Both of one code, sender and tenant. */
  CodeSummary with(CodeSummary other) {
    return new CodeSummary(
        table,
        code,
        sender,
        tenant,
        text.compareTo(other.text) < 0 ? other.text : text,
        times + other.times,
        messages + other.messages,
        held + other.held,
        firstSeen.isBefore(other.firstSeen) ? firstSeen : other.firstSeen,
        lastSeen.isAfter(other.lastSeen) ? lastSeen : other.lastSeen);
  }

  /** Table and sender only. */
  @Override
  public String toString() {
    return "a code of " + sender + " is not in table " + table;
  }
}
