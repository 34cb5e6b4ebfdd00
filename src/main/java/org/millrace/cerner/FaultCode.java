package org.millrace.cerner;

/**
 * Why an action failed. The names are published: they appear in replies, in the journal and in
 * docs/errors.md.
 */
public enum FaultCode {
  /** No connection could be made; nothing was sent. */
  UNREACHABLE("unreachable", FaultKind.RETRY, WhoActs.CERNER),
  /** The whole-call deadline passed. */
  TOO_SLOW("too-slow", FaultKind.RETRY, WhoActs.CERNER),
  /** The connection broke after the request was (or may have been) sent. */
  CONNECTION_BROKEN("connection-broken", FaultKind.RETRY, WhoActs.CERNER),
  /**
   * The authorization server gave no token because it is down or too slow; nothing was sent to
   * FHIR.
   */
  NO_TOKEN("no-token", FaultKind.RETRY, WhoActs.CERNER),
  /** 429. */
  THROTTLED("throttled", FaultKind.RETRY, WhoActs.CERNER),
  /** 503. */
  UNAVAILABLE("unavailable", FaultKind.RETRY, WhoActs.CERNER),
  /** 408, 425, 500, 502, 504 and other 5xx. */
  SERVER_ERROR("server-error", FaultKind.RETRY, WhoActs.CERNER),
  /** The answer was no FHIR JSON, or held what an answer of this kind never holds. */
  UNREADABLE_ANSWER("unreadable-answer", FaultKind.RETRY, WhoActs.CERNER),
  /** invalid_client and the like, or 401 with a fresh token. */
  CREDENTIALS_REFUSED("credentials-refused", FaultKind.PERSON, WhoActs.US),
  /** invalid_scope, 403, unknown tenant. */
  NOT_PERMITTED("not-permitted", FaultKind.PERSON, WhoActs.US),
  /** 404, or a search that found none where one was asked for. */
  NOT_FOUND("not-found", FaultKind.NEVER, WhoActs.SENDER),
  /** A number that must name one patient names several. */
  SEVERAL_FOUND("several-found", FaultKind.PERSON, WhoActs.ANALYST),
  /** 400 or 422: Cerner will not take it as it is. */
  REFUSED("refused", FaultKind.NEVER, WhoActs.ANALYST),
  /** 409, 412: somebody else changed it. */
  CONFLICT("conflict", FaultKind.RETRY, WhoActs.US),
  /** 423. */
  LOCKED("locked", FaultKind.RETRY, WhoActs.CERNER),
  /** 500 for a stored record that lacks what FHIR requires: permanent for that record. */
  RECORD_DEFECT("record-defect", FaultKind.NEVER, WhoActs.CERNER),
  /** More pages or more matches than the limit allows. */
  TOO_MANY("too-many", FaultKind.NEVER, WhoActs.SENDER);

  private final String label;
  private final FaultKind kind;
  private final WhoActs whoActs;

  FaultCode(String label, FaultKind kind, WhoActs whoActs) {
    this.label = label;
    this.kind = kind;
    this.whoActs = whoActs;
  }

  /** As it is written in replies and documents, for example {@code too-slow}. */
  public String label() {
    return label;
  }

  public FaultKind kind() {
    return kind;
  }

  public WhoActs whoActs() {
    return whoActs;
  }
}
