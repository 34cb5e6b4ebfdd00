package org.millrace.app;

import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;

/**
 * What one step of a {@link Doctor} found. No secret and no patient data is in it.
 *
 * @param step {@code name}, {@code tls}, {@code token} and so on
 * @param sentence what was found
 * @param remedy what to do about it; empty if nothing is to be done
 * @param who does it
 */
public record Finding(String step, Verdict verdict, String sentence, String remedy, Who who) {

  /** How it stands. */
  public enum Verdict {
    GOOD,
    /** It works, and should be looked at. */
    DOUBTFUL,
    BAD,
    /** Not tried, since an earlier step was bad or it would change something. */
    SKIPPED
  }

  /** Who does something about it. */
  public enum Who {
    NOBODY,
    /** Whoever runs this engine. */
    WE,
    /** The hospital: its network, its administrators of the tenant. */
    SITE,
    CERNER
  }

  /** The same, told of one tenant among several: its step is {@code north/token}. */
  Finding of(String tenant) {
    return new Finding(tenant + "/" + step, verdict, sentence, remedy, who);
  }

  static Finding good(String step, String sentence) {
    return new Finding(step, Verdict.GOOD, sentence, "", Who.NOBODY);
  }

  static Finding skipped(String step, String sentence) {
    return new Finding(step, Verdict.SKIPPED, sentence, "", Who.NOBODY);
  }

  static Finding doubtful(String step, String sentence, Who who, String remedy) {
    return new Finding(step, Verdict.DOUBTFUL, sentence, remedy, who);
  }

  static Finding bad(String step, String sentence, Who who, String remedy) {
    return new Finding(step, Verdict.BAD, sentence, remedy, who);
  }

  /** By the fault's code; its sentence is ours and quotes nothing. */
  static Finding bad(String step, Fault fault) {
    String sentence =
        fault.sentence()
            + (fault.requestId().isEmpty() || fault.sentence().contains(fault.requestId())
                ? ""
                : " (request id " + fault.requestId() + ")");
    return bad(step, sentence, who(fault.code()), remedy(fault.code()));
  }

  private static Who who(FaultCode code) {
    return switch (code) {
      case CREDENTIALS_REFUSED -> Who.WE;
      case NOT_PERMITTED, UNREACHABLE -> Who.SITE;
      default -> Who.CERNER;
    };
  }

  private static String remedy(FaultCode code) {
    return switch (code) {
      case CREDENTIALS_REFUSED ->
          "set client id and secret or key as they are registered for the system account";
      case NOT_PERMITTED ->
          "have the administrators of the tenant enable the application and the scope at Cerner";
      case UNREACHABLE -> "let the engine's machine reach the address (firewall, proxy)";
      case UNREADABLE_ANSWER ->
          "check the FHIR address and the tenant id that are set; if they are right, tell Oracle"
              + " support the time and the request id";
      case THROTTLED -> "ask again in a minute; ask Oracle support if it stays so";
      default -> "wait, and tell Oracle support the time and the request id if it stays so";
    };
  }
}
