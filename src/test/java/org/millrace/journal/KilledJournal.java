package org.millrace.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * A process that does something to a journal and is killed meanwhile: {@code open} it, which brings
 * it up to date, or {@code prune} it. Says {@code BEGUN} and {@code DONE}.
 */
final class KilledJournal {
  static final String BEGUN = "BEGUN";
  static final String DONE = "DONE";
  static final Retention KEPT = new Retention(Duration.ofDays(30), Duration.ofDays(90));

  private KilledJournal() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    boolean opens = arguments[0].equals("open");
    if (opens) {
      System.out.println(BEGUN);
    }
    try (JournalDatabase journal = JournalDatabase.open(folder, Clock.systemUTC())) {
      if (!opens) {
        System.out.println(BEGUN);
        journal.keepFor(KEPT, List.of());
        for (int walk = 0; walk < 2; walk++) {
          while (journal.keepUpStep()) {
            Thread.onSpinWait();
          }
        }
      }
      System.out.println(DONE);
      // Whoever began it ends it.
      System.in.read();
    }
  }
}
