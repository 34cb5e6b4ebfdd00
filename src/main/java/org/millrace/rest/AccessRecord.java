package org.millrace.rest;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.millrace.guard.Asked;
import org.millrace.guard.Interaction;
import org.millrace.guard.Need;
import org.millrace.guard.Needs;
import org.millrace.guard.Principal;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditStore;

/**
 * Puts on record who asked what over HTTP, and of whom. Thread-safe.
 *
 * <p>Whose record it was is taken from the request and from the answer. What was asked is kept with
 * the details, which are sealed.
 */
final class AccessRecord {
  private static final int MOST_PATIENTS = 50;
  private static final int LONGEST_BODY = 2048;
  private static final int LONGEST_REQUEST = 2048;
  private static final int LONGEST_ID = 120;

  private final String mount;
  private final AuditStore audit;
  private final Clock clock;

  /**
   * @param mount the path of the face
   */
  AccessRecord(String mount, AuditStore audit, Clock clock) {
    this.mount = mount;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * A request that was let in, and how it was answered.
   *
   * @param address the caller's
   */
  void answered(
      RestRequest request, Needs needs, Principal caller, String address, RestAnswer answer) {
    AuditEvent.Outcome outcome =
        answer.status() < 400 ? AuditEvent.Outcome.DONE : AuditEvent.Outcome.FAILED;
    Map<String, String> details = details(request);
    if (what(needs).equals("search") && request.body().length > 0) {
      details.put("body", body(request));
    }
    Set<String> patients = new LinkedHashSet<>(PatientsNamed.inRequest(request));
    if (outcome == AuditEvent.Outcome.DONE) {
      boolean ofPatients = needs.all().stream().anyMatch(need -> need.subject().equals("Patient"));
      patients.addAll(PatientsNamed.inAnswer(answer, ofPatients));
    }
    if (patients.size() > MOST_PATIENTS) {
      details.put("patients-not-named", String.valueOf(patients.size() - MOST_PATIENTS));
    }
    record(
        request,
        needs,
        outcome,
        answer.status(),
        caller.actor(address),
        patients.stream().limit(MOST_PATIENTS).toList(),
        details);
  }

  /** What a request asked that was not let in; nothing of its body is looked at. */
  Asked asked(Optional<RestRequest> request, Needs needs) {
    return request
        .map(
            readable ->
                new Asked(what(needs), subject(needs), requestId(readable), details(readable)))
        .orElseGet(() -> new Asked("ask", mount, "", Map.of()));
  }

  private void record(
      RestRequest request,
      Needs needs,
      AuditEvent.Outcome outcome,
      int status,
      AuditEvent.Actor actor,
      List<String> patients,
      Map<String, String> details) {
    audit.record(
        new AuditEvent(
            clock.instant(),
            what(needs),
            outcome,
            status,
            actor,
            subject(needs),
            requestId(request),
            patients,
            details));
  }

  private static String requestId(RestRequest request) {
    return cut(
        request.header("x-request-id").orElse("").replaceAll("[^\\x21-\\x7e]", "?"), LONGEST_ID);
  }

  private Map<String, String> details(RestRequest request) {
    Map<String, String> details = new TreeMap<>();
    String query = request.query().isEmpty() ? "" : "?" + UrlText.form(request.query());
    details.put(
        "request",
        cut(
            request.method() + " " + mount + "/" + String.join("/", request.path()) + query,
            LONGEST_REQUEST));
    return details;
  }

  /**
   * What a search looks for stands in its body, where that is a form or the fields of an action.
   */
  private static String body(RestRequest request) {
    return new String(
        request.body(), 0, Math.min(LONGEST_BODY, request.body().length), StandardCharsets.UTF_8);
  }

  /** One word for what is asked, of a few. */
  static String what(Needs needs) {
    return needs.all().stream()
        .findFirst()
        .map(need -> need.interaction().map(AccessRecord::word).orElse("send"))
        .orElse("ask");
  }

  private static String word(Interaction interaction) {
    return switch (interaction) {
      case CREATE -> "create";
      case READ -> "read";
      case UPDATE -> "update";
      case DELETE -> "delete";
      case SEARCH -> "search";
    };
  }

  private String subject(Needs needs) {
    return needs.all().stream().findFirst().map(Need::subject).orElse(mount);
  }

  private static String cut(String text, int most) {
    return text.substring(0, Math.min(most, text.length()));
  }
}
