package org.millrace.query;

import java.util.function.Supplier;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FaultKind;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.V2Fault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what failed at Cerner into what the sender is told: always an error (ERR 207), so that a
 * failing upstream never looks like a patient who does not exist. Thread-safe.
 */
final class Troubles {
  private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

  /** Cerner answers 422 where a search matches more than it gives. */
  private static final int UNPROCESSABLE = 422;

  private final Supplier<String> ids;

  /**
   * @param ids gives an id by which the log line of a fault is found, where Cerner gave none
   */
  Troubles(Supplier<String> ids) {
    this.ids = ids;
  }

  /**
   * The fault as ERR carries it: what could not be done, the fault's published name, and what
   * helps. The log tells the rest under the id that ERR-7 carries.
   *
   * @param task what was being done: "find the patient"
   */
  V2Fault told(String task, Fault fault) {
    String id = fault.requestId().isEmpty() ? ids.get() : fault.requestId();
    LOG.warn("Could not {}: {}, diagnostic {}", task, fault, id);
    String advice = fault.kind() == FaultKind.RETRY ? "ask again later" : "an operator must look";
    return V2Fault.of(
            ErrorCode.INTERNAL, "Could not " + task + " (" + fault.code().label() + "); " + advice)
        .withDiagnostic(id);
  }

  /** Of a query that is answered all the same; whoever met the fault has logged it. */
  V2Fault warned(String sentence) {
    String id = ids.get();
    LOG.warn("A query was answered with a warning: {}, diagnostic {}", sentence, id);
    return V2Fault.of(ErrorCode.INTERNAL, sentence).withDiagnostic(id).asWarning();
  }

  /** The same for a search by name, which Cerner refuses when it matches too many. */
  V2Fault toldOfSearch(Fault fault) {
    if (fault.code() == FaultCode.TOO_MANY || fault.status() == UNPROCESSABLE) {
      String id = fault.requestId().isEmpty() ? ids.get() : fault.requestId();
      LOG.warn("A search by name matched too many: {}, diagnostic {}", fault, id);
      return tooMany().withDiagnostic(id);
    }
    return told("search patients by name", fault);
  }

  /** More match than can be counted; no patient is shown. */
  static V2Fault tooMany() {
    return V2Fault.of(
        ErrorCode.INTERNAL,
        "Too many patients match this name; narrow it, or ask with a number in QRD-8.1");
  }
}
