package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** Writes problem documents. Stateless. Source: RFC 9457. */
final class Problems {
  private Problems() {}

  static RestAnswer answer(Refusal refusal) {
    ObjectNode problem = JsonNodeFactory.instance.objectNode();
    problem.put("type", "urn:millrace:problem:" + refusal.reason().code());
    problem.put("title", refusal.reason().title());
    problem.put("status", refusal.status());
    problem.put("detail", detail(refusal));
    problem.put("code", refusal.reason().code());
    if (!refusal.findings().isEmpty()) {
      ArrayNode errors = problem.putArray("errors");
      for (Refusal.Finding finding : refusal.findings()) {
        errors.addObject().put("field", finding.place()).put("message", finding.message());
      }
    }
    if (!refusal.cernerText().isEmpty()) {
      problem.put("cernerText", refusal.cernerText());
    }
    if (!refusal.cernerRequestId().isEmpty()) {
      problem.put("cernerRequestId", refusal.cernerRequestId());
    }
    Map<String, String> headers = new HashMap<>(refusal.headers());
    headers.put("Content-Type", MediaTypes.PROBLEM_JSON);
    return new RestAnswer(refusal.status(), headers, JsonText.bytes(problem));
  }

  private static String detail(Refusal refusal) {
    return refusal.cernerText().isEmpty()
        ? refusal.sentence()
        : refusal.sentence() + " Cerner says: " + refusal.cernerText();
  }
}
