package org.millrace.journal;

import java.time.Instant;

/**
 * That an operator does not want to be told of something for a while. It is of what an alert is
 * about: what ends and begins again meanwhile is not told either.
 *
 * @param alert number of the last alert that it is of, which may have ended
 * @param kind of the alert, a published word: {@code queue-age}
 * @param subject of the alert
 * @param who asked for it
 * @param why in their words; may be a patient's
 */
public record Snooze(
    long alert, String kind, String subject, String who, String why, Instant since, Instant until) {

  /** Whether it is of this alert, and of no later one. */
  public boolean of(Alert other) {
    return alert == other.id();
  }

  /** Without the operator's words. */
  @Override
  public String toString() {
    return kind + " of '" + subject + "' snoozed by " + who + " until " + until;
  }
}
