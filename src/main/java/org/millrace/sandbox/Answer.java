package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One HTTP answer before it is sent: status, headers, body. */
record Answer(int status, Map<String, String> headers, Buffer body, String reason) {
  static final String FHIR_JSON = "application/fhir+json";

  static Answer empty(int status) {
    return new Answer(status, Map.of(), Buffer.buffer(), "");
  }

  static Answer fhir(int status, JsonNode body) {
    return of(status, FHIR_JSON, Json.bytes(body));
  }

  static Answer json(int status, JsonNode body) {
    return of(status, "application/json", Json.bytes(body));
  }

  static Answer text(int status, String body) {
    return of(
        status, "text/plain;charset=utf-8", Buffer.buffer(body.getBytes(StandardCharsets.UTF_8)));
  }

  static Answer of(int status, String contentType, Buffer body) {
    return new Answer(status, Map.of("Content-Type", contentType), body, "");
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body, reason);
  }

  /** The same answer with a note for {@code /control/requests}; it is not sent to the caller. */
  Answer because(String why) {
    return new Answer(status, headers, body, why);
  }
}
