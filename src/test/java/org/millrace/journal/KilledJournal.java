package org.millrace.journal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * A process that does something to a journal and is killed meanwhile: {@code open} it, which brings
 * it up to date, or {@code prune} it. Says each step before it takes it; of a pruning, it takes it
 * when it is told a byte.
 */
final class KilledJournal {
  /** Of an upgrade, as Flyway says it; the number of the version follows. */
  static final String MIGRATING = "to version \"";

  /** Of removing what is over. */
  static final String PRUNING = "PRUNING";

  static final String DONE = "DONE";
  static final Retention KEPT = new Retention(Duration.ofDays(30), Duration.ofDays(90));

  private KilledJournal() {}

  public static void main(String[] arguments) throws IOException {
    ((Logger) LoggerFactory.getLogger("org.flywaydb")).setLevel(Level.INFO);
    try (JournalDatabase journal = JournalDatabase.open(Path.of(arguments[1]), Clock.systemUTC())) {
      if (arguments[0].equals("prune")) {
        prune(journal);
      }
      System.out.println(DONE);
      // Whoever began it ends it.
      System.in.read();
    }
  }

  private static void prune(JournalDatabase journal) throws IOException {
    journal.keepFor(KEPT, List.of());
    boolean more = true;
    for (int walk = 0; walk < 2; walk += more ? 0 : 1) {
      System.out.println(PRUNING);
      System.in.read();
      more = journal.keepUpStep();
    }
  }
}
