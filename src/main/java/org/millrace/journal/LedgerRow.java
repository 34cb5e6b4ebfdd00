package org.millrace.journal;

import java.time.Instant;

/**
 * One change of the chart that a message asks for: a document created, put in the place of another,
 * or marked entered in error.
 *
 * @param target where in the chart it goes
 * @param content what was last sent
 * @param tries how often it was sent and looked for
 * @param failure the last one
 */
public record LedgerRow(
    Asked asked, LedgerState state, Target target, Content content, Tries tries, Failure failure) {

  /**
   * What is asked for.
   *
   * @param anchor where in the message it comes from, {@code OBR[2]}; unique within the message
   * @param action {@code create-document}, {@code replace-document} or {@code withdraw-document}
   * @param marker what is written into the resource so that it can be found again
   * @param fillerNumber OBR-3 as received; empty if there is none
   */
  public record Asked(
      long messageId, String anchor, String action, String marker, String fillerNumber) {
    /** Without the number: it may be a patient's. */
    @Override
    public String toString() {
      return "message " + messageId + " " + anchor + " " + action;
    }
  }

  /**
   * A place in the chart.
   *
   * @param patientId whose chart it is: where a lost answer is looked up
   * @param resourceId empty until it is known
   * @param version opaque, from ETag: what is stored, or, while an update is under way, what the
   *     update is based on; empty until it is known
   */
  public record Target(String patientId, String resourceId, String version) {
    /** Nothing is known to be stored there. */
    public static Target chartOf(String patientId) {
      return new Target(patientId, "", "");
    }

    /** The same place, in another version. */
    public Target now(String versionNow) {
      return new Target(patientId, resourceId, versionNow);
    }
  }

  /**
   * What was sent.
   *
   * @param digest of the resource as it was mapped, to tell whether another one differs; empty if
   *     it was never sent, or by an engine that did not keep this
   */
  public record Content(String digest, FiledAs as) {
    static final Content NONE = new Content("", FiledAs.UNKNOWN);
  }

  /**
   * How often.
   *
   * @param attempts how often it was sent
   * @param firstSentAt {@link Instant#EPOCH} until it was sent
   * @param looks how often it was looked for, and not found, since the last answer was lost
   */
  public record Tries(int attempts, Instant firstSentAt, int looks) {
    static final Tries NONE = new Tries(0, Instant.EPOCH, 0);

    Tries oneMore(Instant at) {
      return new Tries(attempts + 1, firstSentAt.equals(Instant.EPOCH) ? at : firstSentAt, 0);
    }

    Tries looked(int looksSoFar) {
      return new Tries(attempts, firstSentAt, looksSoFar);
    }
  }

  /**
   * Why it came to nothing.
   *
   * @param error code and sentence; empty if there was no failure
   * @param cernerText Cerner's own words about it; may hold patient data
   */
  public record Failure(String error, String cernerText) {
    static final Failure NONE = new Failure("", "");

    /** Without Cerner's words. */
    @Override
    public String toString() {
      return error;
    }
  }

  /** A change that was never sent. */
  public static LedgerRow prepared(Asked asked, String patientId) {
    return new LedgerRow(
        asked,
        LedgerState.PREPARED,
        Target.chartOf(patientId),
        Content.NONE,
        Tries.NONE,
        Failure.NONE);
  }

  public long messageId() {
    return asked.messageId();
  }

  public String anchor() {
    return asked.anchor();
  }

  public String action() {
    return asked.action();
  }

  public String marker() {
    return asked.marker();
  }

  public String fillerNumber() {
    return asked.fillerNumber();
  }

  public String patientId() {
    return target.patientId();
  }

  public String resourceId() {
    return target.resourceId();
  }

  public String version() {
    return target.version();
  }

  public String contentDigest() {
    return content.digest();
  }

  public FiledAs filedAs() {
    return content.as();
  }

  public int attempts() {
    return tries.attempts();
  }

  public Instant firstSentAt() {
    return tries.firstSentAt();
  }

  public int looks() {
    return tries.looks();
  }

  public String lastError() {
    return failure.error();
  }

  public String cernerText() {
    return failure.cernerText();
  }

  /** What was never sent may still become another kind of change. */
  public LedgerRow asking(String action) {
    Asked other =
        new Asked(asked.messageId(), asked.anchor(), action, asked.marker(), asked.fillerNumber());
    return new LedgerRow(other, state, target, content, tries, failure);
  }

  /**
   * About to be sent; must be on disk before it is.
   *
   * @param to of a create: the chart; of an update: the document, and the version that the update
   *     is based on
   */
  public LedgerRow sent(Target to, Content what, Instant at) {
    return new LedgerRow(asked, LedgerState.SENT, to, what, tries.oneMore(at), failure);
  }

  public LedgerRow done(String id, String versionNow) {
    return new LedgerRow(
        asked,
        LedgerState.DONE,
        new Target(target.patientId(), id, versionNow),
        content,
        tries,
        Failure.NONE);
  }

  /** It is stored already, just as it would be sent. */
  public LedgerRow doneBefore(Target stored, Content what) {
    return new LedgerRow(asked, LedgerState.DONE, stored, what, tries, Failure.NONE);
  }

  /**
   * It may have been sent by an engine whose journal is lost: it is looked for before it is sent.
   *
   * @param since it was not sent before
   * @param looksSoFar those that need not be made, since it would be there for long
   */
  public LedgerRow maybeSent(Target to, Content what, Instant since, int looksSoFar) {
    return new LedgerRow(
        asked,
        LedgerState.UNKNOWN,
        to,
        what,
        new Tries(tries.attempts(), since, looksSoFar),
        failure);
  }

  /** The answer was lost, or a look did not decide. */
  public LedgerRow unknown(int looksSoFar, String error) {
    return become(
        LedgerState.UNKNOWN, tries.looked(looksSoFar), new Failure(error, failure.cernerText()));
  }

  /** Nothing is stored at Cerner: it may be sent again. */
  public LedgerRow notStored(String error, String words) {
    return become(LedgerState.PREPARED, tries.looked(0), new Failure(error, words));
  }

  public LedgerRow refused(String error, String words) {
    return become(LedgerState.REFUSED, tries.looked(0), new Failure(error, words));
  }

  /**
   * As an operator's retry leaves it: refused ones may be sent again, unknown ones are looked up
   * anew.
   */
  public LedgerRow retried() {
    return switch (state) {
      case REFUSED -> become(LedgerState.PREPARED, tries.looked(0), failure);
      case UNKNOWN -> become(LedgerState.UNKNOWN, tries.looked(0), failure);
      case PREPARED, SENT, DONE, TO_CORRECT, CORRECTING, RESENT -> this;
    };
  }

  /** It is lost at Cerner, and another message files it again. */
  LedgerRow resent() {
    return become(LedgerState.RESENT, tries, failure);
  }

  /** An operator asks for its correction; only what is stored can be corrected. */
  public LedgerRow toCorrect() {
    return state == LedgerState.DONE ? become(LedgerState.TO_CORRECT, tries, Failure.NONE) : this;
  }

  /**
   * Its update is about to be sent; must be on disk before it is.
   *
   * @param versionSeen what the update is based on
   */
  public LedgerRow correcting(String versionSeen) {
    return new LedgerRow(
        asked, LedgerState.CORRECTING, target.now(versionSeen), content, tries, failure);
  }

  /** The answer to the update was lost: the version will tell. */
  public LedgerRow correctionUnknown(String error) {
    return become(LedgerState.CORRECTING, tries, new Failure(error, failure.cernerText()));
  }

  /** Nothing of the update is stored: it may be sent again. */
  public LedgerRow notCorrected(String error, String words) {
    return become(LedgerState.TO_CORRECT, tries, new Failure(error, words));
  }

  /** It stays as it is stored. */
  public LedgerRow uncorrected(String error, String words) {
    return become(LedgerState.DONE, tries, new Failure(error, words));
  }

  /** The update is stored. */
  public LedgerRow corrected(String versionNow, Content what) {
    return new LedgerRow(
        asked, LedgerState.DONE, target.now(versionNow), what, tries, Failure.NONE);
  }

  private LedgerRow become(LedgerState to, Tries now, Failure why) {
    return new LedgerRow(asked, to, target, content, now, why);
  }

  /** Place and state only: Cerner's words may hold patient data. */
  @Override
  public String toString() {
    return "message " + messageId() + " " + anchor() + " " + state;
  }
}
