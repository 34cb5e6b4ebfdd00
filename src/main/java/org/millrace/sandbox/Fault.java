package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One way to misbehave, as set over {@code /control/faults}.
 *
 * @param method the HTTP method it is for; empty: all
 * @param path what the path below the service root begins with, with or without the slash before
 *     it; empty: all
 * @param latency how long the answer is held back; what was asked is done at once
 * @param drop when the connection is closed without an answer
 * @param afterCommit whether what was asked is done although {@code answer} says otherwise
 * @param answer what is answered instead; empty: what would have been
 * @param expiredToken whether the token of the request expires, for this and every later request;
 *     leaves the token endpoint alone
 * @param outcomeEntry whether a search result ends in an entry that says some of it is missing
 */
record Fault(
    String method,
    String path,
    Duration latency,
    Drop drop,
    boolean afterCommit,
    Optional<Answer> answer,
    boolean expiredToken,
    boolean outcomeEntry) {

  /** Whether and when the connection is closed without an answer. */
  enum Drop {
    NEVER,
    BEFORE,
    AFTER_COMMIT
  }

  private static final Set<String> FIELDS =
      Set.of(
          "method",
          "path",
          "times",
          "status",
          "retryAfter",
          "latency",
          "drop",
          "afterCommit",
          "body",
          "contentType",
          "text",
          "expiredToken",
          "outcomeEntry");
  private static final Pattern LATENCY = Pattern.compile("(\\d{1,9})(ms|s)");

  boolean isFor(String wireMethod, String wirePath) {
    if (expiredToken && wirePath.equals("token")) {
      return false;
    }
    return (method.isEmpty() || method.equalsIgnoreCase(wireMethod)) && wirePath.startsWith(path);
  }

  /**
   * Reads one fault.
   *
   * @throws IllegalArgumentException where a field is not as described; the text says which
   */
  static Fault read(JsonNode json) {
    json.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException("a fault has no field named " + field);
              }
            });
    return new Fault(
        json.path("method").asText(""),
        json.path("path").asText("").replaceFirst("^/", ""),
        latency(json.path("latency")),
        drop(json.path("drop")),
        json.path("afterCommit").asBoolean(false),
        json.has("status") || json.has("body") || json.has("text")
            ? Optional.of(answer(json))
            : Optional.empty(),
        json.path("expiredToken").asBoolean(false),
        json.path("outcomeEntry").asBoolean(false));
  }

  private static Duration latency(JsonNode json) {
    if (json.isMissingNode()) {
      return Duration.ZERO;
    }
    Matcher matcher = LATENCY.matcher(json.asText());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("latency is written as 1500ms or 2s");
    }
    long number = Long.parseLong(matcher.group(1));
    return matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
  }

  private static Drop drop(JsonNode json) {
    return switch (json.asText("")) {
      case "" -> Drop.NEVER;
      case "before" -> Drop.BEFORE;
      case "after-commit" -> Drop.AFTER_COMMIT;
      default -> throw new IllegalArgumentException("drop is before or after-commit");
    };
  }

  private static Answer answer(JsonNode json) {
    int status = json.path("status").asInt(json.has("status") ? 0 : 200);
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status is a number from 200 to 599");
    }
    Answer answer = Answer.empty(status);
    if (json.has("body")) {
      answer =
          Answer.of(
              status,
              json.path("contentType").asText(Answer.FHIR_JSON),
              Json.bytes(json.path("body")));
    } else if (json.has("text")) {
      answer =
          Answer.of(
              status,
              json.path("contentType").asText("text/plain;charset=utf-8"),
              Buffer.buffer(json.path("text").asText().getBytes(StandardCharsets.UTF_8)));
    }
    if (json.has("retryAfter")) {
      answer = answer.with("Retry-After", json.path("retryAfter").asText());
    }
    return answer.because("a fault was set");
  }
}
