package org.millrace.journal;

/**
 * What one receiver is still to be told of an alert.
 *
 * @param id the same each time it is sent, so that a receiver may know it again
 * @param way by which it goes: {@code webhook}, {@code mail}
 * @param tries how often it was sent before
 */
public record AlertNotice(long id, News news, String way, int tries, Alert alert) {

  /** What there is to tell. */
  public enum News {
    STARTED,
    /** It stands, and nobody snoozes it any more. */
    STANDS,
    ENDED
  }
}
