package org.millrace.intake;

import static java.util.Map.entry;

import java.util.Map;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Location;
import org.millrace.journal.Reason;

/**
 * What the engine's reasons are called towards senders: a code of table 0357, and a place where the
 * reason names none. What is not listed is 207, a matter of ours or of Cerner's.
 */
public final class ReasonCodes {

  /** What a reason is in table 0357, and where it lies unless it says so itself. */
  private record Told(ErrorCode code, String place) {}

  private static final Map<String, Told> TOLD =
      Map.ofEntries(
          entry("no-patient-number", new Told(ErrorCode.REQUIRED_FIELD_MISSING, "PID-3")),
          entry("no-such-patient", new Told(ErrorCode.UNKNOWN_KEY, "PID-3")),
          entry("ambiguous-patient", new Told(ErrorCode.UNKNOWN_KEY, "PID-3")),
          entry("two-patients", new Told(ErrorCode.UNKNOWN_KEY, "PID-3")),
          entry("patient-does-not-agree", new Told(ErrorCode.UNKNOWN_KEY, "PID-3")),
          entry("visit-of-another-patient", new Told(ErrorCode.UNKNOWN_KEY, "PV1-19")),
          entry("ambiguous-visit", new Told(ErrorCode.UNKNOWN_KEY, "PV1-19")),
          entry("no-such-visit", new Told(ErrorCode.UNKNOWN_KEY, "PV1-19")),
          entry("no-mapping", new Told(ErrorCode.UNSUPPORTED_EVENT_CODE, "MSH-9")),
          entry("unknown-code", new Told(ErrorCode.TABLE_VALUE_NOT_FOUND, "")),
          entry("status-unknown", new Told(ErrorCode.TABLE_VALUE_NOT_FOUND, "")),
          entry("status-missing", new Told(ErrorCode.REQUIRED_FIELD_MISSING, "")),
          entry("nothing-to-file", new Told(ErrorCode.SEGMENT_SEQUENCE, "")),
          entry("no-content", new Told(ErrorCode.REQUIRED_FIELD_MISSING, "")),
          entry("incomplete", new Told(ErrorCode.REQUIRED_FIELD_MISSING, "")),
          entry("several-patients", new Told(ErrorCode.SEGMENT_SEQUENCE, "")),
          entry("ed-damaged", new Told(ErrorCode.DATA_TYPE, "")),
          entry("content-type-not-taken", new Told(ErrorCode.DATA_TYPE, "")),
          entry("reference-pointer", new Told(ErrorCode.DATA_TYPE, "")));

  private ReasonCodes() {}

  /** The reason as one fault; its sentence begins with the reason's code. */
  public static V2Fault fault(Reason reason) {
    Told told = told(reason.code());
    String place = reason.place().isEmpty() ? told.place() : reason.place();
    return new V2Fault(
        told.code(), V2Location.of(place), reason.code() + ": " + reason.sentence(), "");
  }

  /** Whether the sender mends it by sending other content. */
  public static boolean inTheContent(String code) {
    return told(code).code().number() <= ErrorCode.TABLE_VALUE_NOT_FOUND.number();
  }

  private static Told told(String code) {
    return TOLD.getOrDefault(code, new Told(ErrorCode.INTERNAL, ""));
  }
}
