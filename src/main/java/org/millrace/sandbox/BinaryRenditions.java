package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.Locale;

/**
 * The renditions of a document, read as Binary JSON or as they are, by the Accept header.
 *
 * <p>Source: Cerner Millennium R4, Binary.
 */
final class BinaryRenditions {
  private final Records records;

  BinaryRenditions(Records records) {
    this.records = records;
  }

  Answer read(String id, String accept) {
    ObjectNode binary = records.find("Binary", id).orElseThrow(Refusal::notFound);
    String type = binary.path("contentType").asText();
    for (String asked : accept.split(",", -1)) {
      String media = mediaType(asked);
      if (media.equals(Answer.FHIR_JSON) || media.equals("application/json+fhir")) {
        return Answer.fhir(200, binary);
      }
      if (media.equals(mediaType(type)) || media.equals("*/*")) {
        byte[] bytes = Base64.getDecoder().decode(binary.path("data").asText());
        return Answer.of(200, type, Buffer.buffer(bytes));
      }
    }
    throw Refusal.notAcceptable();
  }

  private static String mediaType(String header) {
    int semicolon = header.indexOf(';');
    return (semicolon < 0 ? header : header.substring(0, semicolon))
        .trim()
        .toLowerCase(Locale.ROOT);
  }
}
