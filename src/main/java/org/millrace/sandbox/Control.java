package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The levers behind the scenes, under {@code /control}; no token is needed.
 *
 * <ul>
 *   <li>{@code POST /control/reset}: back to the seed, no faults, no requests; tokens stay valid.
 *       {@code {"clock":"2026-11-20T10:00:00Z"}} freezes the clock, an empty body lets it run.
 *   <li>{@code POST /control/seed}: an array of resources, or a Bundle, stored as they are.
 *   <li>{@code PUT /control/faults}: {@code {"faults":[…]}}, each with the fields of {@link Fault}
 *       and {@code times}; {@code latency} is written as {@code 1500ms} or {@code 2s}, {@code drop}
 *       as {@code before} or {@code after-commit}.
 *   <li>{@code GET} and {@code DELETE /control/requests}: what was asked, with status and, for a
 *       refusal, the reason that the answer itself does not tell.
 *   <li>{@code POST /control/healtheintent/rematch}: every patient has another id there.
 *   <li>{@code GET /control/resources/{type}} and {@code …/{type}/{id}}: what is stored.
 * </ul>
 */
final class Control {
  private final Hospital hospital;
  private final Records records;
  private final Pages pages;
  private final Faults faults;
  private final RequestLog log;
  private final Runnable renewTokens;
  private final SandboxClock clock;
  private final HealtheIntentRecords healtheIntent;

  Control(Hospital hospital, State state) {
    this.hospital = hospital;
    this.records = state.records();
    this.pages = state.pages();
    this.faults = state.faults();
    this.log = state.log();
    this.renewTokens = state.tokens()::renewAll;
    this.clock = state.clock();
    this.healtheIntent = state.healtheIntent();
  }

  /** Everything a reset puts back. */
  record State(
      Records records,
      Pages pages,
      Faults faults,
      RequestLog log,
      TokenServer tokens,
      SandboxClock clock,
      HealtheIntentRecords healtheIntent) {}

  Answer answer(String method, String path, Buffer body) {
    try {
      return switch (method + " " + path) {
        case "POST /control/reset" -> reset(body);
        case "POST /control/seed" -> seed(read(body));
        case "PUT /control/faults" -> setFaults(read(body));
        case "GET /control/requests" -> Answer.json(200, log.toJson());
        case "DELETE /control/requests" -> clearRequests();
        case "POST /control/healtheintent/rematch" -> rematch();
        default ->
            method.equals("GET") && path.startsWith("/control/resources/")
                ? resources(path.substring("/control/resources/".length()).split("/"))
                : wrong(404, "there is no such control");
      };
    } catch (IllegalArgumentException | DateTimeException notUnderstood) {
      return wrong(400, String.valueOf(notUnderstood.getMessage()));
    }
  }

  private Answer reset(Buffer body) {
    Optional<String> at = body.length() == 0 ? Optional.empty() : Json.text(read(body), "clock");
    if (at.isPresent()) {
      clock.freeze(Instant.parse(at.get()));
    } else {
      clock.release();
    }
    faults.clear();
    log.clear();
    pages.clear();
    hospital.fill(records);
    healtheIntent.reset();
    renewTokens.run();
    return Answer.empty(204);
  }

  private Answer seed(JsonNode sent) {
    List<ObjectNode> resources = Seed.resources(sent);
    resources.forEach(records::put);
    return Answer.json(200, Json.object().put("stored", resources.size()));
  }

  private Answer setFaults(JsonNode sent) {
    if (!sent.path("faults").isArray()) {
      throw new IllegalArgumentException("the body needs a list named faults");
    }
    faults.replace(sent.path("faults"));
    return Answer.empty(204);
  }

  private Answer rematch() {
    healtheIntent.rematch();
    return Answer.empty(204);
  }

  private Answer clearRequests() {
    log.clear();
    return Answer.empty(204);
  }

  private Answer resources(String[] path) {
    if (path.length == 2) {
      return records
          .find(path[0], path[1])
          .map(found -> Answer.json(200, found))
          .orElseGet(() -> wrong(404, "there is no such resource"));
    }
    ArrayNode all = Json.array();
    records.all(path[0]).forEach(all::add);
    return Answer.json(200, all);
  }

  private static JsonNode read(Buffer body) {
    return Json.read(body).orElseThrow(() -> new IllegalArgumentException("the body is no JSON"));
  }

  private static Answer wrong(int status, String sentence) {
    return Answer.json(status, Json.object().put("message", sentence));
  }
}
