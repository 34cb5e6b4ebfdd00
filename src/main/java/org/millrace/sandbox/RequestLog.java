package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What was asked of the servers, in order of arrival, without secrets. */
final class RequestLog {
  /** A sandbox that runs for days must not fill the memory: the oldest go first. */
  private static final int KEPT = 20_000;

  private static final List<String> HEADERS =
      List.of("accept", "content-type", "if-match", "x-http-method-override");
  private static final List<String> FORM_FIELDS = List.of("grant_type", "scope");

  private final Deque<ObjectNode> entries = new ArrayDeque<>();
  private final Clock clock;

  RequestLog(Clock clock) {
    this.clock = clock;
  }

  void clear() {
    entries.clear();
  }

  /** Notes a request as it arrives; {@link #answered} completes the note. */
  ObjectNode arrived(Request request, String wireMethod) {
    ObjectNode entry = Json.object();
    entry.put("method", wireMethod);
    entry.put("path", request.path());
    entry.set("query", request.query().toJson());
    entry.put("url", request.url());
    ObjectNode headers = entry.putObject("headers");
    HEADERS.forEach(name -> request.header(name).ifPresent(value -> headers.put(name, value)));
    if (request.door() == Request.Door.TOKEN) {
      entry.set("body", withoutSecret(request));
    } else {
      entry.set("body", Json.read(request.body()).orElse(Json.MAPPER.nullNode()));
    }
    entry.putNull("status");
    entry.put("at", clock.instant().toString());
    entries.add(entry);
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
    return entry;
  }

  /** Notes what was answered and, for a refusal, why. */
  void answered(ObjectNode entry, Answer answer) {
    entry.put("status", answer.status());
    if (!answer.reason().isEmpty()) {
      entry.put("reason", answer.reason());
    }
  }

  /** Notes that the connection was closed without an answer; the status stays null. */
  void dropped(ObjectNode entry) {
    entry.put("reason", "a fault was set: the connection was closed without an answer");
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    ArrayNode requests = json.putArray("requests");
    entries.forEach(requests::add);
    return json;
  }

  private static ObjectNode withoutSecret(Request request) {
    SearchParameters form = SearchParameters.parse(request.body().toString(StandardCharsets.UTF_8));
    ObjectNode body = Json.object();
    for (String field : FORM_FIELDS) {
      form.all(field).forEach(value -> body.put(field, value));
    }
    return body;
  }
}
