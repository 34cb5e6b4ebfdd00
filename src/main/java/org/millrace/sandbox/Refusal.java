package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request that Cerner would refuse, thrown by the rule that noticed and answered at the front
 * door.
 *
 * <p>What goes over the wire is as terse as Cerner's own; why the request was refused stands in
 * {@code /control/requests}.
 */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  private Refusal(Answer answer) {
    super(answer.reason(), null, false, false);
    this.answer = answer;
  }

  Answer answer() {
    return answer;
  }

  /** 400 for a search: the sentence is told to the caller, as Cerner does. */
  static Refusal badSearch(String sentence) {
    return new Refusal(Answer.fhir(400, outcome("invalid", sentence)).because(sentence));
  }

  /** 400 for a body that is malformed or unacceptable as a whole. */
  static Refusal badRequest(String reason) {
    return new Refusal(Answer.fhir(400, outcome("invalid", "Invalid request")).because(reason));
  }

  /** 422 for a body that breaks a rule of the resource. */
  static Refusal unprocessable(String reason) {
    return unprocessable("invalid", reason);
  }

  static Refusal unprocessable(String code, String reason) {
    return new Refusal(Answer.fhir(422, outcome(code, "Unprocessable entity")).because(reason));
  }

  static Refusal notFound() {
    return new Refusal(
        Answer.fhir(404, outcome("not-found", "Not Found")).because("there is no such resource"));
  }

  static Refusal staleVersion() {
    return new Refusal(
        Answer.fhir(409, outcome("conflict", "Conflict"))
            .because("If-Match names another version than the stored one"));
  }

  static Refusal conflict(String reason) {
    return new Refusal(Answer.fhir(409, outcome("conflict", "Conflict")).because(reason));
  }

  static Refusal withoutVersion() {
    return new Refusal(
        Answer.fhir(412, outcome("invalid", "Precondition Failed")).because("If-Match is missing"));
  }

  static Refusal notSupported(String reason) {
    return new Refusal(
        Answer.fhir(405, outcome("not-supported", "Method Not Allowed")).because(reason));
  }

  static Refusal wrongContentType(String expected) {
    return new Refusal(
        Answer.fhir(415, outcome("invalid", "Unsupported Media Type"))
            .because("Content-Type is not " + expected));
  }

  static Refusal notAcceptable() {
    return new Refusal(Answer.empty(406).because("Accept names no kind of JSON"));
  }

  static Refusal unknownTenant() {
    return new Refusal(
        Answer.text(403, "Tenant not valid or accessible").because("the tenant is unknown"));
  }

  /** 401 as Cerner words it; {@code realm} is the FHIR server's host. */
  static Refusal invalidToken(String realm) {
    String challenge = "Bearer realm=\"" + realm + "\", error=\"invalid_token\"";
    ObjectNode outcome = outcome("login", "");
    ObjectNode issue = (ObjectNode) outcome.path("issue").path(0);
    issue.remove("details");
    issue.put("diagnostics", challenge).putArray("location").add("http.Authorization");
    return new Refusal(
        Answer.fhir(401, outcome)
            .with("WWW-Authenticate", challenge)
            .because("the access token is missing, unknown or expired"));
  }

  /** 403 for a token whose scopes do not cover the interaction. */
  static Refusal insufficientScope(String realm, String missing) {
    return new Refusal(
        Answer.fhir(403, outcome("forbidden", "insufficient_scope"))
            .with(
                "WWW-Authenticate", "Bearer realm=\"" + realm + "\", error=\"insufficient_scope\"")
            .because("the token does not grant " + missing));
  }

  private static ObjectNode outcome(String code, String text) {
    ObjectNode outcome = Json.object().put("resourceType", "OperationOutcome");
    ObjectNode issue = outcome.putArray("issue").addObject();
    issue.put("severity", "error").put("code", code);
    issue.putObject("details").put("text", text);
    return outcome;
  }
}
