package org.millrace.rest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.Fault;
import org.millrace.delivery.CreateSettlement;

/**
 * Why a caller does not get what it asked for; each face writes it in its own form.
 *
 * @param status the HTTP status; mostly that of the reason
 * @param sentence what is wrong and what to do; for the caller, not for logs: it may quote what the
 *     caller sent
 * @param findings every single fault with its place; empty if the sentence says all
 * @param cernerText Cerner's own words, empty if it gave none
 * @param cernerRequestId Cerner's X-Request-Id, empty if there was none
 * @param headers to go with the answer: Allow, Retry-After
 */
public record Refusal(
    RefusalReason reason,
    int status,
    String sentence,
    List<Finding> findings,
    String cernerText,
    String cernerRequestId,
    Map<String, String> headers) {

  /** What callers are asked to wait where Cerner itself named no time. */
  private static final Duration USUAL_WAIT = Duration.ofSeconds(5);

  /**
   * One fault of the input.
   *
   * @param place the field of an action, the FHIR path {@code Patient.name[0].family}, or the
   *     parameter
   */
  public record Finding(String place, String message) {}

  public Refusal {
    findings = List.copyOf(findings);
    headers = Map.copyOf(headers);
  }

  static Refusal of(RefusalReason reason, String sentence) {
    return new Refusal(reason, reason.status(), sentence, List.of(), "", "", Map.of());
  }

  static Refusal of(RefusalReason reason, String sentence, List<Finding> findings) {
    return new Refusal(reason, reason.status(), sentence, findings, "", "", Map.of());
  }

  static Refusal of(RefusalReason reason, String sentence, String cernerText) {
    return new Refusal(reason, reason.status(), sentence, List.of(), cernerText, "", Map.of());
  }

  /** 405 with the methods that would do. */
  static Refusal methodNotAllowed(String method, List<String> allowed) {
    String allow = String.join(", ", allowed);
    return new Refusal(
        RefusalReason.METHOD_NOT_ALLOWED,
        RefusalReason.METHOD_NOT_ALLOWED.status(),
        method + " is not served here; served are: " + allow,
        List.of(),
        "",
        "",
        Map.of("Allow", allow));
  }

  /** Whoever goes on its way after an answer that says nothing would not hear of a refusal. */
  static Refusal asyncNotSupported() {
    return of(
        RefusalReason.PREFERENCE_NOT_SUPPORTED,
        "Prefer: respond-async is served for creates of "
            + StoredCreates.carried()
            + " at the FHIR face only: all else that is written is answered once Cerner has it; send"
            + " creates with an Idempotency-Key, and ask again where an answer was lost");
  }

  /** What a fault of Cerner or of the way there means for an HTTP caller. */
  static Refusal of(Fault fault) {
    RefusalReason reason = RefusalReason.of(fault.code());
    Map<String, String> headers =
        reason.status() == 503
            ? Map.of("Retry-After", seconds(fault.retryAfter().orElse(USUAL_WAIT)))
            : Map.of();
    return new Refusal(
        reason,
        reason.status(),
        fault.sentence(),
        List.of(),
        fault.cernerText(),
        fault.requestId(),
        headers);
  }

  /** The answer to a create was lost, and looking it up decided nothing. */
  static Refusal outcomeUnknown(CreateSettlement.Settled.OutcomeUnknown unknown) {
    Fault fault = unknown.fault();
    return new Refusal(
        RefusalReason.OUTCOME_UNKNOWN,
        RefusalReason.OUTCOME_UNKNOWN.status(),
        "Cerner's answer to the create was lost, so it may be stored or not. "
            + unknown.sentence()
            + " Look in the chart before you send it again.",
        List.of(),
        fault.cernerText(),
        fault.requestId(),
        Map.of());
  }

  /** The answer to a change was lost, and what stands there now may be another caller's. */
  static Refusal outcomeUnknown(Fault lost) {
    return new Refusal(
        RefusalReason.OUTCOME_UNKNOWN,
        RefusalReason.OUTCOME_UNKNOWN.status(),
        "Cerner's answer to the change was lost, so it may be made or not, and what stands there"
            + " now may be another's. Do not take it for yours; read it before you ask again.",
        List.of(),
        lost.cernerText(),
        lost.requestId(),
        Map.of());
  }

  /** The same under another status. */
  Refusal withStatus(int other) {
    return new Refusal(reason, other, sentence, findings, cernerText, cernerRequestId, headers);
  }

  /** The same with these headers. */
  Refusal with(Map<String, String> others) {
    return new Refusal(reason, status, sentence, findings, cernerText, cernerRequestId, others);
  }

  /** The same for another reason, for example {@code patient-not-found}. */
  Refusal because(RefusalReason other, String otherSentence) {
    return new Refusal(
        other, other.status(), otherSentence, findings, cernerText, cernerRequestId, headers);
  }

  /** Whole seconds, rounded up, at least one. */
  static String seconds(Duration wait) {
    long seconds = wait.plusMillis(999).toSeconds();
    return Long.toString(Math.max(1, seconds));
  }

  /** The code only: sentences may quote what the caller sent. */
  @Override
  public String toString() {
    return reason.code() + " (" + status + ")";
  }

  /** Cerner's words and request id as one text; empty if there is neither. */
  String cernerSays() {
    StringBuilder text = new StringBuilder(cernerText);
    if (!cernerRequestId.isEmpty()) {
      text.append(text.length() == 0 ? "" : " ")
          .append("(Cerner X-Request-Id ")
          .append(cernerRequestId)
          .append(')');
    }
    return text.toString();
  }

  /** How long the caller is asked to wait. */
  Optional<String> retryAfter() {
    return Optional.ofNullable(headers.get("Retry-After"));
  }
}
