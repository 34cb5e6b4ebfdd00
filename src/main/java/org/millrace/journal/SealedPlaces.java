package org.millrace.journal;

/**
 * What each sealed value is bound to beside its message: column, and what tells its row from others
 * of the message. A value that is moved elsewhere cannot be opened.
 */
final class SealedPlaces {
  static final String RAW = "raw";
  static final String REPLY = "reply";
  static final String REPORT = "report";
  static final String APPLICATION_REPLY = "application reply";
  static final String REQUEST_CONTENT = "request content";

  private SealedPlaces() {}

  static String note(long at, String code) {
    return "note " + at + " " + code;
  }

  static String ledger(String column, String anchor) {
    return "ledger " + column + " " + anchor;
  }

  static String call(String column, long callId) {
    return "call " + column + " " + callId;
  }

  static String request(long askedAt) {
    return "request " + askedAt;
  }

  /** Of what a listener could not read; of no message. */
  static String wire(long at, String peer) {
    return "wire " + at + " " + peer;
  }

  /** Of the rest of an answer; of no message. */
  static String continuation(String key) {
    return "continuation " + key;
  }

  /** Of what an entry of the audit trail is about; of no message. */
  static String audit(String chain, long seq) {
    return "audit " + chain + " " + seq;
  }

  /** Of the answer to a create under a caller's key; of no message. */
  static String createAnswer(long id) {
    return "create answer " + id;
  }

  static String requestDetails(long askedAt) {
    return "request details " + askedAt;
  }

  /** Of what an operator says to a pause, which is of no message. */
  static String pause(long since) {
    return "pause " + since;
  }

  /** Of what an operator says to a snooze, which is of no message. */
  static String snooze(long since) {
    return "snooze " + since;
  }

  /** Of what an operator says to a block of an address, which is of no message. */
  static String block(long since) {
    return "block " + since;
  }

  /** Of the name of a list of messages, which is of no message. */
  static String view(long madeAt) {
    return "view " + madeAt;
  }

  /**
   * Of a code or its text. Not bound to a message: the work list shows one of many rows.
   *
   * @param key what the code is searched by
   */
  static String code(String column, String table, String key) {
    return "code " + column + " " + table + " " + key;
  }
}
