package org.millrace.console;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.millrace.delivery.FilingTarget;
import org.millrace.mllp.Captures;
import org.millrace.mllp.ListenerView;

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

  /** What listens for HL7 over MLLP, with who is connected. */
  List<ListenerView> listeners();

  /**
   * Ends a connection: at once if it waits for a frame, else once the frame in work is answered.
   *
   * @param number as {@link org.millrace.mllp.ConnectionView#number()} tells it
   * @return false if no such connection is open
   */
  boolean drop(long number);

  /** What is kept of senders because somebody asked for it. */
  Captures captures();

  /** The queries whose senders wait for an answer, the oldest first. */
  List<Asked> asked();

  /** Where goes what is filed for a tenant; empty if this engine serves none of this name. */
  Optional<FilingTarget> target(String tenant);

  /**
   * A query.
   *
   * @param type {@code QRY^A19}, as received, like its sender and control id
   * @param peer where it came from
   */
  record Asked(
      String type, String sender, String controlId, String feed, String peer, Instant since) {}

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
