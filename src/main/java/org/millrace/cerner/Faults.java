package org.millrace.cerner;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.millrace.cerner.Ask.Kind;
import org.millrace.cerner.Exchanged.Answer;
import org.millrace.cerner.Exchanged.NoAnswer;

/** Tells faults of the FHIR server apart by who acts and whether trying again can help. */
final class Faults {
  /** Those 4xx that speak of time and not of the request: it may have been carried out. */
  private static final Set<Integer> RAN_OUT_OF_TIME = Set.of(408, 425, 499);

  private final CernerSettings settings;
  private final Clock clock;

  /**
   * @param settings whose names faults tell
   */
  Faults(CernerSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  Fault noAnswer(Ask ask, NoAnswer none) {
    return switch (none.why()) {
      case NO_CONNECTION ->
          withoutStatus(
              FaultCode.UNREACHABLE,
              "No connection to " + ask.http().uri().getHost() + ": " + none.reason() + ".",
              true);
      case DEADLINE ->
          withoutStatus(FaultCode.TOO_SLOW, ask + ": " + none.reason() + ".", !none.sent());
      case BROKEN ->
          withoutStatus(FaultCode.CONNECTION_BROKEN, ask + ": " + none.reason() + ".", false);
      case TOO_LARGE ->
          withoutStatus(FaultCode.UNREADABLE_ANSWER, ask + ": " + none.reason() + ".", false);
    };
  }

  /** An answer with the status of success whose content is not what it must be. */
  Fault unreadable(Ask ask, Answer answer, String what) {
    return of(FaultCode.UNREADABLE_ANSWER, ask + ": " + what, answer, false);
  }

  /** A fault of content that an answer of status 200 shows. */
  Fault of(FaultCode code, String sentence, Answer answer, boolean nothingStored) {
    return new Fault(
        code,
        sentence,
        Outcomes.text(answer),
        answer.status(),
        answer.requestId(),
        RetryAfter.of(answer, clock),
        nothingStored);
  }

  /** A fault found before anything was asked of Cerner. */
  static Fault beforeAsking(FaultCode code, String sentence) {
    return withoutStatus(code, sentence, true);
  }

  private static Fault withoutStatus(FaultCode code, String sentence, boolean nothingStored) {
    return new Fault(code, sentence, "", 0, "", Optional.<Duration>empty(), nothingStored);
  }

  /** For every status that is no success. */
  Fault refused(Ask ask, Answer answer) {
    FaultCode code = code(ask, answer);
    String sentence = ask + " was answered " + answer.status() + ": " + meaning(code, ask, answer);
    return of(code, sentence, answer, turnedAway(answer.status()));
  }

  /** Whether the status means that the request was turned away as a whole. */
  private static boolean turnedAway(int status) {
    return status == 503 || (status >= 400 && status < 500 && !RAN_OUT_OF_TIME.contains(status));
  }

  private static FaultCode code(Ask ask, Answer answer) {
    int status = answer.status();
    return switch (status) {
      case 401 -> FaultCode.CREDENTIALS_REFUSED;
      case 403, 407 -> FaultCode.NOT_PERMITTED;
      case 404, 410 -> notThere(ask, answer);
      case 409, 412 -> FaultCode.CONFLICT;
      case 423 -> FaultCode.LOCKED;
      case 429 -> FaultCode.THROTTLED;
      case 503 -> FaultCode.UNAVAILABLE;
      case 408, 425, 499 -> FaultCode.SERVER_ERROR;
      case 422 -> ask.kind() == Kind.SEARCH_BY_TRAITS ? FaultCode.TOO_MANY : FaultCode.REFUSED;
      case 500 ->
          // For a write this would call an unclear outcome permanent.
          !ask.kind().writes() && Outcomes.hasIssue(answer, "fatal", "required")
              ? FaultCode.RECORD_DEFECT
              : FaultCode.SERVER_ERROR;
      default -> other(status);
    };
  }

  private static FaultCode other(int status) {
    if (status >= 500) {
      return FaultCode.SERVER_ERROR;
    }
    return status >= 400 ? FaultCode.REFUSED : FaultCode.UNREADABLE_ANSWER;
  }

  /**
   * Only a FHIR server can say that a record does not exist. A page of a gateway, or 404 to a
   * search or a create, means that there is no such service: told as "not found", a wrong base URL
   * would reach the sender as "no such patient".
   */
  private static FaultCode notThere(Ask ask, Answer answer) {
    boolean ofFhir = answer.body().length == 0 || Outcomes.holdsOutcome(answer);
    boolean ofOne = ask.kind() == Kind.READ || ask.kind() == Kind.UPDATE;
    return ofOne && ofFhir ? FaultCode.NOT_FOUND : FaultCode.NOT_PERMITTED;
  }

  private String meaning(FaultCode code, Ask ask, Answer answer) {
    return switch (code) {
      case CREDENTIALS_REFUSED ->
          "the token was refused although it is fresh; check "
              + settings.setting("MILLRACE_CLIENT_ID")
              + ", "
              + settings.setting("MILLRACE_CLIENT_SECRET")
              + ", "
              + settings.setting("MILLRACE_AUTH")
              + " and that the token is of this tenant.";
      case NOT_PERMITTED ->
          answer.status() == 407
              ? "the proxy wants credentials; it must let the engine through without."
              : answer.status() == 403
                  ? "not permitted; check that the tenant has enabled the application and that "
                      + settings.setting("MILLRACE_SCOPES")
                      + " holds a scope for "
                      + subject(ask)
                      + "."
                  : "there is no such service; check "
                      + settings.setting("MILLRACE_FHIR_BASE_URL")
                      + " and "
                      + settings.setting("MILLRACE_TENANT_ID")
                      + ".";
      case NOT_FOUND -> "no such " + subject(ask) + ".";
      case CONFLICT -> "somebody else changed it meanwhile.";
      case LOCKED -> "somebody is working on it.";
      case THROTTLED -> "too many requests.";
      case UNAVAILABLE -> "not available now.";
      case TOO_MANY -> "more patients match than Cerner lists; give more traits.";
      case RECORD_DEFECT -> "the stored record lacks what FHIR requires; Cerner must repair it.";
      case REFUSED -> "Cerner will not take it as it is; its own words say why.";
      case SERVER_ERROR -> "an error inside Cerner or on the way.";
      default ->
          "neither a success nor a fault of FHIR; redirects are not followed. Check "
              + settings.setting("MILLRACE_FHIR_BASE_URL")
              + ".";
    };
  }

  private static String subject(Ask ask) {
    return ask.type().isEmpty() ? "resource" : ask.type();
  }
}
