package org.millrace.alert;

import java.util.Arrays;
import java.util.Optional;
import org.millrace.journal.Symptom;

/** What an alert can be about; each has its section in docs/alerts.md, headed by its label. */
public enum AlertKind {
  QUEUE_AGE("queue-age", "see why nothing goes on: './millrace lanes', '/health'"),
  HELD("held", "read why and mend it: './millrace messages list --state held'"),
  OUTCOME_UNKNOWN(
      "outcome-unknown", "look in the chart, then './millrace messages settle' each of them"),
  REFUSED_SHARE("refused-share", "read why: './millrace messages list --state refused'"),
  SILENCE("silence", "ask the sending system and the interface before it whether they send"),
  CERTIFICATE("certificate", "put a new certificate in the place of the old one"),
  DISK("disk", "make room on the disk of the journal"),
  CERNER_PAUSED("cerner-paused", "read the fault in docs/errors.md; './millrace doctor'"),
  RECORDS_LOST("records-lost", "see whether the journal's disk or server is too slow or full");

  private final String label;
  private final String remedy;

  AlertKind(String label, String remedy) {
    this.label = label;
    this.remedy = remedy;
  }

  /** The published word. */
  public String label() {
    return label;
  }

  /** What a person does first. */
  public String remedy() {
    return remedy;
  }

  /** Empty for a word that another version of the engine wrote down. */
  public static Optional<AlertKind> of(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
  }

  /**
   * That this is the matter.
   *
   * @param subject the feed or tenant; empty where there is only one
   */
  Symptom symptom(String subject, String sentence) {
    return new Symptom(label, subject, sentence);
  }
}
