package org.millrace.healtheintent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.healtheintent.Answered.Answer;
import org.millrace.healtheintent.Answered.NoAnswer;

/**
 * Tells faults of HealtheIntent apart by who acts and whether trying again can help, under the
 * codes of Cerner's faults. Nothing is ever stored there, so that a repetition is always harmless.
 */
final class IntentFaults {
  private IntentFaults() {}

  static Fault noAnswer(Asked asked, NoAnswer none) {
    return switch (none.why()) {
      case NO_CONNECTION ->
          of(
              FaultCode.UNREACHABLE,
              "No connection to HealtheIntent at "
                  + asked.uri().getHost()
                  + ": "
                  + none.reason()
                  + ".");
      case DEADLINE -> of(FaultCode.TOO_SLOW, told(asked) + ": " + none.reason() + ".");
      case BROKEN -> of(FaultCode.CONNECTION_BROKEN, told(asked) + ": " + none.reason() + ".");
      case TOO_LARGE -> of(FaultCode.UNREADABLE_ANSWER, told(asked) + ": " + none.reason() + ".");
    };
  }

  /** For every status that is no success. */
  static Fault refused(Asked asked, Answer answer) {
    FaultCode code = code(answer);
    return of(
        code,
        told(asked) + " was answered " + answer.status() + ": " + meaning(code, answer.status()),
        answer);
  }

  /** An answer with the status of success whose content is not what it must be. */
  static Fault unreadable(Asked asked, Answer answer, String what) {
    return of(FaultCode.UNREADABLE_ANSWER, told(asked) + ": " + what, answer);
  }

  static Fault of(FaultCode code, String sentence) {
    return new Fault(code, sentence, "", 0, "", Optional.empty(), true);
  }

  static Fault of(FaultCode code, String sentence, Answer answer) {
    return new Fault(
        code,
        sentence,
        words(answer),
        answer.status(),
        answer.correlationId(),
        Optional.empty(),
        true);
  }

  private static String told(Asked asked) {
    return "HealtheIntent, " + asked;
  }

  private static FaultCode code(Answer answer) {
    int status = answer.status();
    return switch (status) {
      case 401 -> FaultCode.CREDENTIALS_REFUSED;
      case 403, 405, 407 -> FaultCode.NOT_PERMITTED;
      // Only HealtheIntent itself can say that there is no such patient; a page of a gateway means
      // that the address is wrong.
      case 404, 410 -> speaks(answer) ? FaultCode.NOT_FOUND : FaultCode.NOT_PERMITTED;
      case 409 -> FaultCode.SEVERAL_FOUND;
      case 429 -> FaultCode.THROTTLED;
      case 503 -> FaultCode.UNAVAILABLE;
      case 408 -> FaultCode.SERVER_ERROR;
      default -> {
        if (status >= 500) {
          yield FaultCode.SERVER_ERROR;
        }
        yield status >= 400 ? FaultCode.REFUSED : FaultCode.UNREADABLE_ANSWER;
      }
    };
  }

  private static String meaning(FaultCode code, int status) {
    return switch (code) {
      case CREDENTIALS_REFUSED ->
          "the token was refused; check MILLRACE_HEALTHEINTENT_TOKEN, or the consumer key and its"
              + " secret. A bearer token is renewed by hand in Cerner Central.";
      case NOT_PERMITTED ->
          status == 403
              ? "not permitted; check MILLRACE_HEALTHEINTENT_POPULATION, and that the system account"
                  + " is granted this API in the HealtheIntent Console."
              : "there is no such service; check MILLRACE_HEALTHEINTENT_URL.";
      case NOT_FOUND -> "there is no such patient or entry.";
      case SEVERAL_FOUND -> "the number names several patients.";
      case THROTTLED -> "too many requests.";
      case UNAVAILABLE -> "not available now.";
      case SERVER_ERROR -> "an error inside HealtheIntent or on the way.";
      case REFUSED -> "HealtheIntent will not take it as it is; its own words say why.";
      default ->
          "neither a success nor a fault of it; redirects are not followed. Check"
              + " MILLRACE_HEALTHEINTENT_URL.";
    };
  }

  private static boolean speaks(Answer answer) {
    return IntentJson.object(answer.body())
        .filter(body -> body.path("code").isNumber())
        .isPresent();
  }

  /** HealtheIntent's own words, which may hold patient data. */
  private static String words(Answer answer) {
    Optional<ObjectNode> body = IntentJson.object(answer.body());
    if (body.isEmpty() || answer.status() < 400) {
      return "";
    }
    List<String> words = new ArrayList<>();
    words.add(body.get().path("message").asText());
    for (JsonNode detail : body.get().path("errorDetails")) {
      words.add(detail.path("message").asText());
    }
    return String.join("; ", words.stream().filter(each -> !each.isBlank()).distinct().toList());
  }
}
