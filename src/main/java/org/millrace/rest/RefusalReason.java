package org.millrace.rest;

import org.millrace.cerner.FaultCode;

/**
 * The reasons for a refusal over HTTP. The codes are published: they stand in problem documents, in
 * OperationOutcomes and in the documentation; those that come from Cerner's side carry the code of
 * {@link FaultCode}.
 */
public enum RefusalReason {
  MALFORMED_BODY("malformed-body", 400, "structure", "The body could not be read"),
  INVALID_INPUT("invalid-input", 400, "invalid", "The input is not as it must be"),
  INVALID_REQUEST("invalid-request", 400, "invalid", "The request could not be read"),
  UNKNOWN_PARAMETER("unknown-parameter", 400, "not-supported", "A parameter is not known"),
  CONDITION_NOT_SUPPORTED(
      "condition-not-supported", 400, "not-supported", "Conditional creates are not supported"),
  PREFERENCE_NOT_SUPPORTED(
      "preference-not-supported", 400, "not-supported", "The preference is not supported"),
  KEY_USED("key-used", 422, "business-rule", "The Idempotency-Key was used for another request"),
  KEY_UNDER_WAY("key-under-way", 409, "conflict", "The first request with this key is under way"),
  KEYS_UNAVAILABLE("keys-unavailable", 503, "transient", "Idempotency-Keys cannot be looked up"),
  JOURNAL_UNAVAILABLE("journal-unavailable", 503, "transient", "The journal cannot be used"),
  HELD("held", 503, "incomplete", "A person must look before it is delivered"),
  DISCARDED("discarded", 422, "suppressed", "A person decided that it is not delivered"),
  PAGE_UNKNOWN("page-unknown", 400, "invalid", "This is no page link of this engine"),
  PAGE_EXPIRED("page-expired", 410, "expired", "The page link is no longer good"),
  CALLER_UNKNOWN("caller-unknown", 401, "login", "It is not known who asks"),
  SCOPE_MISSING("scope-missing", 403, "forbidden", "The caller may not ask this"),
  CALLER_TOO_FAST("caller-too-fast", 429, "throttled", "There were too many requests"),
  CALLERS_UNREADABLE(
      "callers-unreadable", 503, "transient", "Who may ask cannot be looked up at present"),
  NOT_SERVED("not-served", 404, "not-supported", "Nothing is served at this path"),
  UNKNOWN_ACTION("unknown-action", 404, "not-supported", "There is no such action"),
  METHOD_NOT_ALLOWED("method-not-allowed", 405, "not-supported", "The method is not served here"),
  NOT_ACCEPTABLE("not-acceptable", 406, "not-supported", "Only JSON is answered"),
  BODY_TOO_LARGE("body-too-large", 413, "too-long", "The body is longer than the limit"),
  BODY_TOO_SLOW("body-too-slow", 408, "timeout", "The body did not end in time"),
  NO_ROOM("no-room", 503, "throttled", "There is no room for the body at present"),
  UNSUPPORTED_MEDIA_TYPE(
      "unsupported-media-type", 415, "not-supported", "The body's media type is not taken"),
  VERSION_MISSING(
      "version-missing", 412, "business-rule", "The version that is changed is missing"),
  TARGET_REFUSES("target-refuses", 422, "business-rule", "Cerner cannot store it"),
  INTERNAL("internal", 500, "exception", "The engine failed"),

  PATIENT_NOT_FOUND("patient-not-found", 404, "not-found", "No patient has this number"),
  SEVERAL_PATIENTS(
      "several-patients", 409, "multiple-matches", "Several patients have this number"),
  OUTCOME_UNKNOWN("outcome-unknown", 504, "timeout", "Whether it was stored is not known"),

  UNREACHABLE("unreachable", 503, "transient", "Cerner cannot be reached"),
  TOO_SLOW("too-slow", 504, "timeout", "Cerner took too long"),
  CONNECTION_BROKEN("connection-broken", 503, "transient", "The connection to Cerner broke"),
  NO_TOKEN("no-token", 503, "transient", "Cerner's authorization server gave no token"),
  THROTTLED("throttled", 503, "throttled", "Cerner asks for fewer requests"),
  UNAVAILABLE("unavailable", 503, "transient", "Cerner is not available"),
  SERVER_ERROR("server-error", 503, "transient", "Cerner failed"),
  UNREADABLE_ANSWER("unreadable-answer", 502, "exception", "Cerner's answer could not be read"),
  CREDENTIALS_REFUSED(
      "credentials-refused", 502, "exception", "Cerner refused the engine's credentials"),
  NOT_PERMITTED("not-permitted", 502, "exception", "Cerner does not permit this to the engine"),
  NOT_FOUND("not-found", 404, "not-found", "There is no such resource"),
  SEVERAL_FOUND("several-found", 409, "multiple-matches", "Several were found"),
  REFUSED("refused", 422, "processing", "Cerner refused it"),
  CONFLICT("conflict", 409, "conflict", "Somebody else changed it"),
  LOCKED("locked", 423, "lock-error", "It is locked at Cerner"),
  RECORD_DEFECT("record-defect", 502, "exception", "Cerner's record is defective"),
  TOO_MANY("too-many", 422, "too-costly", "More matches than the limit allows");

  private final String code;
  private final int status;
  private final String issueType;
  private final String title;

  RefusalReason(String code, int status, String issueType, String title) {
    this.code = code;
    this.status = status;
    this.issueType = issueType;
    this.title = title;
  }

  /** The reason that stands for a fault of Cerner's side; it has the fault's code. */
  static RefusalReason of(FaultCode fault) {
    return valueOf(fault.name());
  }

  /** As it is published, for example {@code outcome-unknown}. */
  public String code() {
    return code;
  }

  /** The usual HTTP status. */
  public int status() {
    return status;
  }

  /** The code of FHIR R4's value set issue-type. */
  public String issueType() {
    return issueType;
  }

  /** A short phrase that is always the same for this reason. */
  public String title() {
    return title;
  }
}
