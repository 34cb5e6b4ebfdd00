package org.millrace.console;

import java.io.IOException;
import java.util.List;

/** What the console is told of the engine beside what the journal knows. Thread-safe. */
public interface EngineView {

  /** How it is now; nothing is asked to find out. */
  EngineStatus status();

  /**
   * Walks the way to an answer of Cerner, step by step, as {@code ./millrace doctor} does.
   *
   * @throws IOException if the route or mapping files cannot be read
   */
  List<Check> checks() throws IOException;

  /**
   * A step.
   *
   * @param verdict {@code good}, {@code doubtful}, {@code bad}, {@code skipped}
   * @param sentence without patient data and secrets
   * @param remedy what to do; empty if nothing is to be done
   * @param who does it; empty for nobody
   */
  record Check(String step, String verdict, String sentence, String remedy, String who) {}
}
