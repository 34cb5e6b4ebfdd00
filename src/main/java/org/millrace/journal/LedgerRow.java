package org.millrace.journal;

import java.time.Instant;

/**
 * One create that a message asks for.
 *
 * @param anchor where in the message it comes from, {@code OBR[2]}; unique within the message
 * @param marker what is written into the resource so that it can be found again
 * @param fillerNumber OBR-3 as received; empty if there is none
 * @param patientId whose chart it goes to: where a lost answer is looked up
 * @param resourceId empty until it is known
 * @param version opaque, from ETag; empty until it is known
 * @param attempts how often it was sent
 * @param firstSentAt {@link Instant#EPOCH} until it was sent
 * @param looks how often it was looked for, and not found, since the last answer was lost
 * @param lastError code and sentence of the last failure; empty if there was none
 * @param cernerText Cerner's own words about it; may hold patient data
 * @param contentDigest of the resource as it was last sent, to tell whether another mapping
 *     differs; empty if it was never sent, or by an engine that did not keep this
 */
public record LedgerRow(
    long messageId,
    String anchor,
    String action,
    String marker,
    String fillerNumber,
    String patientId,
    LedgerState state,
    String resourceId,
    String version,
    int attempts,
    Instant firstSentAt,
    int looks,
    String lastError,
    String cernerText,
    String contentDigest) {

  /** A create that was never sent. */
  public static LedgerRow prepared(
      long messageId,
      String anchor,
      String action,
      String marker,
      String fillerNumber,
      String patientId) {
    return new LedgerRow(
        messageId,
        anchor,
        action,
        marker,
        fillerNumber,
        patientId,
        LedgerState.PREPARED,
        "",
        "",
        0,
        Instant.EPOCH,
        0,
        "",
        "",
        "");
  }

  /** About to be sent to this patient's chart; must be on disk before it is. */
  public LedgerRow sent(String toPatient, String digest, Instant at) {
    Instant first = firstSentAt.equals(Instant.EPOCH) ? at : firstSentAt;
    return new LedgerRow(
        messageId,
        anchor,
        action,
        marker,
        fillerNumber,
        toPatient,
        LedgerState.SENT,
        "",
        "",
        attempts + 1,
        first,
        0,
        lastError,
        cernerText,
        digest);
  }

  public LedgerRow done(String id, String versionNow) {
    return become(LedgerState.DONE, id, versionNow, looks, "", "");
  }

  /** The answer was lost, or a look did not decide. */
  public LedgerRow unknown(int looksSoFar, String error) {
    return become(LedgerState.UNKNOWN, "", "", looksSoFar, error, cernerText);
  }

  /** Nothing is stored at Cerner: it may be sent again. */
  public LedgerRow notStored(String error, String words) {
    return become(LedgerState.PREPARED, "", "", 0, error, words);
  }

  public LedgerRow refused(String error, String words) {
    return become(LedgerState.REFUSED, "", "", 0, error, words);
  }

  /**
   * As an operator's retry leaves it: refused ones may be sent again, unknown ones are looked up
   * anew.
   */
  public LedgerRow retried() {
    return switch (state) {
      case REFUSED -> become(LedgerState.PREPARED, "", "", 0, lastError, cernerText);
      case UNKNOWN -> become(LedgerState.UNKNOWN, "", "", 0, lastError, cernerText);
      case PREPARED, SENT, DONE, TO_CORRECT, CORRECTING -> this;
    };
  }

  /** An operator asks for its correction; only what is stored can be corrected. */
  public LedgerRow toCorrect() {
    return state == LedgerState.DONE
        ? become(LedgerState.TO_CORRECT, resourceId, version, looks, "", "")
        : this;
  }

  /**
   * Its update is about to be sent; must be on disk before it is.
   *
   * @param versionSeen what the update is based on
   */
  public LedgerRow correcting(String versionSeen) {
    return become(LedgerState.CORRECTING, resourceId, versionSeen, looks, lastError, cernerText);
  }

  /** The answer to the update was lost: the version will tell. */
  public LedgerRow correctionUnknown(String error) {
    return become(LedgerState.CORRECTING, resourceId, version, looks, error, cernerText);
  }

  /** Nothing of the update is stored: it may be sent again. */
  public LedgerRow notCorrected(String error, String words) {
    return become(LedgerState.TO_CORRECT, resourceId, version, looks, error, words);
  }

  /** It stays as it is stored. */
  public LedgerRow uncorrected(String error, String words) {
    return become(LedgerState.DONE, resourceId, version, looks, error, words);
  }

  /** The update is stored. */
  public LedgerRow corrected(String versionNow, String digest) {
    LedgerRow done = become(LedgerState.DONE, resourceId, versionNow, looks, "", "");
    return done.holding(digest);
  }

  private LedgerRow holding(String digest) {
    return new LedgerRow(
        messageId,
        anchor,
        action,
        marker,
        fillerNumber,
        patientId,
        state,
        resourceId,
        version,
        attempts,
        firstSentAt,
        looks,
        lastError,
        cernerText,
        digest);
  }

  private LedgerRow become(
      LedgerState to, String id, String versionNow, int looksSoFar, String error, String words) {
    return new LedgerRow(
        messageId,
        anchor,
        action,
        marker,
        fillerNumber,
        patientId,
        to,
        id,
        versionNow,
        attempts,
        firstSentAt,
        looksSoFar,
        error,
        words,
        contentDigest);
  }

  /** Place and state only: Cerner's words may hold patient data. */
  @Override
  public String toString() {
    return "message " + messageId + " " + anchor + " " + state;
  }
}
