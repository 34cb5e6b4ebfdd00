package org.millrace.journal;

import java.time.Instant;

/**
 * That an operator does not want to be told of something for a while. It is of what an alert is
 * about: what ends and begins again meanwhile is not told either.
 *
 * @param kind of the alert, a published word: {@code queue-age}
 * @param subject of the alert
 * @param who asked for it
 * @param why in their words; may be a patient's
 */
public record Snooze(
    String kind, String subject, String who, String why, Instant since, Instant until) {

  /** Whether it is of this alert. */
  public boolean of(Alert alert) {
    return alert.ended().isEmpty() && kind.equals(alert.kind()) && subject.equals(alert.subject());
  }

  /** Without the operator's words. */
  @Override
  public String toString() {
    return kind + " of '" + subject + "' snoozed by " + who + " until " + until;
  }
}
