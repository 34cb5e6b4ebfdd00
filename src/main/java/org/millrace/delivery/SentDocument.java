package org.millrace.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.millrace.journal.Digests;

/**
 * A document as it was sent and as its correction is sent: what tells two of them apart, and the
 * small body that Cerner takes for an update.
 *
 * <p>Source: Cerner Millennium R4, DocumentReference, Update.
 */
final class SentDocument {
  private static final ObjectMapper SORTED =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
  private static final String PLAIN = "text/plain;charset=utf-8";
  private static final String HTML = "text/html;charset=utf-8";
  private static final String RICH = "text/richtext";

  private SentDocument() {}

  /**
   * Of what the mapping made, whatever the order of its elements; without patient and encounter,
   * which a correction cannot change.
   */
  static String digest(ObjectNode document) {
    ObjectNode own = document.deepCopy();
    own.remove("subject");
    if (own.path("context") instanceof ObjectNode context) {
      context.remove("encounter");
    }
    try {
      return Digests.of(SORTED.writeValueAsString(SORTED.convertValue(own, Map.class)));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a JSON tree can be written", impossible);
    }
  }

  /**
   * The body of an update: amended, of the stored patient and encounter, marked, and text as HTML,
   * since Cerner updates no plain text.
   *
   * @param stored as Cerner gave it
   * @return empty if Cerner updates no content of this type
   */
  static Optional<ObjectNode> update(ObjectNode mapped, ObjectNode stored, DocumentMarker marker) {
    ObjectNode body = marker.addedTo(mapped);
    body.put("id", stored.path("id").asText());
    body.put("docStatus", "amended");
    reference(body.putObject("subject"), stored.path("subject"));
    ObjectNode context = body.withObject("/context");
    context.remove("encounter");
    JsonNode encounter = stored.path("context").path("encounter").path(0);
    if (encounter.has("reference")) {
      reference(context.putArray("encounter").addObject(), encounter);
    }
    ObjectNode attachment = body.withObject("/content/0/attachment");
    String type = attachment.path("contentType").asText();
    if (type.startsWith(RICH)) {
      return Optional.empty();
    }
    if (type.equals(PLAIN)) {
      attachment.put("contentType", HTML).put("data", page(attachment.path("data").asText()));
    }
    return Optional.of(body);
  }

  private static void reference(ObjectNode to, JsonNode from) {
    to.put("reference", from.path("reference").asText());
  }

  /** The lines of a text as they stand: reports are laid out by blanks. */
  private static String page(String base64) {
    String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    String page =
        "<html><head><meta charset=\"utf-8\"/></head><body><pre>"
            + escaped
            + "</pre></body></html>";
    return Base64.getEncoder().encodeToString(page.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether what is stored is what the mapping says was filed, and nobody has touched it since. */
  static boolean isAsFiled(ObjectNode stored, ObjectNode mapped, DocumentMarker marker) {
    return marker.isIn(stored)
        && stored.path("docStatus").asText().equals(mapped.path("docStatus").asText());
  }

  /** Whether what is stored is what this update says. */
  static boolean isAsSent(ObjectNode stored, ObjectNode update) {
    JsonNode is = stored.path("content").path(0).path("attachment");
    JsonNode sent = update.path("content").path(0).path("attachment");
    return stored.path("docStatus").equals(update.path("docStatus"))
        && is.path("title").equals(sent.path("title"))
        && is.path("contentType").equals(sent.path("contentType"))
        && holdsCodings(stored.path("type"), update.path("type"));
  }

  private static boolean holdsCodings(JsonNode stored, JsonNode sent) {
    for (JsonNode coding : sent.path("coding")) {
      boolean there = false;
      for (JsonNode is : stored.path("coding")) {
        there |=
            is.path("system").equals(coding.path("system"))
                && is.path("code").equals(coding.path("code"));
      }
      if (!there) {
        return false;
      }
    }
    return true;
  }
}
