package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/** The checks that the rules of several resources share; each refuses with 422 and its reason. */
final class Rule {
  private Rule() {}

  static void require(boolean holds, String reason) {
    if (!holds) {
      throw Refusal.unprocessable(reason);
    }
  }

  static String requireText(JsonNode node, String field, String reason) {
    return Json.text(node, field).orElseThrow(() -> Refusal.unprocessable(reason));
  }

  static void requireAbsent(JsonNode node, String field, String where) {
    require(!node.has(field), where + "." + field + " must not be set");
  }

  static void requireAtMost(JsonNode node, String field, int characters) {
    require(
        node.path(field).asText("").length() <= characters,
        field + " is longer than " + characters + " characters");
  }

  /** A code out of a closed list. */
  static void requireOneOf(JsonNode node, String field, Set<String> allowed) {
    require(allowed.contains(node.path(field).asText("")), field + " is missing or not allowed");
  }

  /** Where a date stands, it must have a time and a zone. */
  static void requireTime(JsonNode node, String field) {
    Optional<String> value = Json.text(node, field);
    require(
        !node.has(field) || value.filter(FhirTime::hasTime).isPresent(),
        field + " needs a time and a zone");
  }

  static void requireTimes(JsonNode period) {
    requireTime(period, "start");
    requireTime(period, "end");
    Optional<FhirTime> start = FhirTime.parse(period.path("start").asText(""));
    Optional<FhirTime> end = FhirTime.parse(period.path("end").asText(""));
    require(
        start.isEmpty() || end.isEmpty() || !end.get().start().isBefore(start.get().start()),
        "a period ends before it starts");
  }
}
