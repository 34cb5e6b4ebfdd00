package org.millrace.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;

/** What is told to whoever has put a journal back. */
final class RestoredWords {
  /** Of the pauses. */
  static final String WHY =
      "put back from a backup: make sure that the engine before it is stopped and that the senders"
          + " know, then resume";

  private RestoredWords() {}

  static void print(PrintWriter out, Instant takenAt, List<String> paused) {
    out.println("The journal is as it was at " + takenAt + ". What came after that is not in it.");
    out.println(
        paused.isEmpty()
            ? "All feeds that have taken messages are paused already."
            : "Delivery is paused: " + String.join(", ", paused) + ".");
    out.println(
        "What is to be done before it is resumed: docs/how-it-works.md, Backup and restore.");
  }
}
