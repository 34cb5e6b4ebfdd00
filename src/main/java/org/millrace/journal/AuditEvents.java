package org.millrace.journal;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What of HL7 v2 becomes an entry of the audit trail. Stateless. */
final class AuditEvents {
  private AuditEvents() {}

  /** A query, as it was answered; the numbers that were asked for are among the details. */
  static AuditEvent of(Question question) {
    String numbers =
        BusinessKeys.of(question.raw()).stream()
            .filter(key -> key.kind() == BusinessKey.Kind.PATIENT)
            .map(BusinessKey::value)
            .collect(Collectors.joining(" "));
    return new AuditEvent(
        question.receivedAt(),
        "query",
        question.state() == MessageState.DELIVERED
            ? AuditEvent.Outcome.DONE
            : AuditEvent.Outcome.FAILED,
        0,
        new AuditEvent.Actor(question.header().sender(), "sender", question.peer()),
        question.header().type(),
        question.header().controlId(),
        List.of(),
        numbers.isEmpty() ? Map.of() : Map.of("numbers", numbers));
  }
}
