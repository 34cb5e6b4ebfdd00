package org.millrace.alert;

import java.io.IOException;
import org.millrace.journal.AlertNotice;

/** How notices reach somebody. Thread-safe. */
public interface NoticeWay {

  /** As the journal has it: {@code webhook}. */
  String name();

  /**
   * Sends a notice, within a minute.
   *
   * @throws IOException if it was not taken; then it is sent again later. Its text is logged, and
   *     must hold no secret
   * @throws InterruptedException if the engine stops meanwhile
   */
  void send(AlertNotice notice) throws IOException, InterruptedException;
}
