package org.millrace.cerner;

import java.time.Duration;
import java.util.Optional;

/**
 * Why an action failed, as a value.
 *
 * @param sentence ours: what failed and what to do, without patient data; fit for logs
 * @param cernerText Cerner's own words (OperationOutcome details.text, diagnostics or coding; plain
 *     text), empty if it gave none; may hold patient data: for the caller and the journal, never
 *     for logs
 * @param status the HTTP status, 0 if there was no answer
 * @param requestId Cerner's X-Request-Id (or Cerner-Correlation-ID of the token server), empty if
 *     there was none
 * @param retryAfter how long Cerner asks us to wait
 * @param nothingStored true only where the fault proves that nothing was stored: connection
 *     refused, no token, 429, 503, or a refusal
 * @param waitsFor what must be asked again first, whoever asks: {@link Pause#CONNECTION} or a
 *     permission; empty if the next call may be made at any time
 */
public record Fault(
    FaultCode code,
    String sentence,
    String cernerText,
    int status,
    String requestId,
    Optional<Duration> retryAfter,
    boolean nothingStored,
    String waitsFor) {

  /** One that says nothing of other calls. */
  public Fault(
      FaultCode code,
      String sentence,
      String cernerText,
      int status,
      String requestId,
      Optional<Duration> retryAfter,
      boolean nothingStored) {
    this(code, sentence, cernerText, status, requestId, retryAfter, nothingStored, "");
  }

  /** The same, met by whoever asks until this is over. */
  public Fault waitingFor(String what) {
    return new Fault(
        code, sentence, cernerText, status, requestId, retryAfter, nothingStored, what);
  }

  public FaultKind kind() {
    return code.kind();
  }

  public WhoActs whoActs() {
    return code.whoActs();
  }

  /** Leaves out Cerner's words, which may hold patient data. */
  @Override
  public String toString() {
    return code.label() + " (" + status + "): " + sentence;
  }
}
