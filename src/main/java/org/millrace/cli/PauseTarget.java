package org.millrace.cli;

import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;

/** What is paused or resumed. */
interface PauseTarget {
  DeliveryPause.Kind kind();

  /** As a person names it. */
  String shown();

  /**
   * As the journal names it.
   *
   * @throws PlainException if there is no such thing
   */
  String named(JournalDatabase open) throws PlainException;
}
