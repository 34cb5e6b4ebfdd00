package org.millrace.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Cases make engines complain on purpose; their warnings would bury the table of results. */
final class QuietLog {
  private QuietLog() {}

  static void errorsOnly() {
    if (!LogChoice.isLevelGiven()) {
      ((Logger) LoggerFactory.getLogger("org.millrace")).setLevel(Level.ERROR);
    }
  }
}
