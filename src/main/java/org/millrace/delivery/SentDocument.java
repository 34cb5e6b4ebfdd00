package org.millrace.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.journal.Digests;
import org.millrace.journal.FiledAs;
import org.millrace.journal.LedgerRow;
import org.millrace.mapping.MappedResource;

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
  private static final String IN_ERROR = "entered-in-error";
  private static final String WITHDRAWN =
      "The sender has withdrawn this document. It was entered in error.";

  /** What is kept of a document that is marked entered in error. */
  static final LedgerRow.Content WITHDRAWAL = new LedgerRow.Content("", FiledAs.ENTERED_IN_ERROR);

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

  /** What is kept of a document that is about to be sent. */
  static LedgerRow.Content content(MappedResource resource) {
    return new LedgerRow.Content(digest(resource.json()), filedAs(resource));
  }

  /** Whether it is filed though it is not final, by a site's setting. */
  static boolean isPreliminary(MappedResource resource) {
    return resource.verdict().code().equals("preliminary");
  }

  private static FiledAs filedAs(MappedResource resource) {
    if (isPreliminary(resource)) {
      return FiledAs.PRELIMINARY;
    }
    return switch (resource.json().path("docStatus").asText()) {
      case "final" -> FiledAs.FINAL;
      case "amended" -> FiledAs.AMENDED;
      default -> FiledAs.UNKNOWN;
    };
  }

  /**
   * The body of an update: of the stored patient and encounter, marked, not created before the
   * stored one, and text as HTML, since Cerner updates no plain text.
   *
   * @param stored as Cerner gave it
   * @return empty if Cerner updates no content of this type
   */
  static Optional<ObjectNode> update(ObjectNode mapped, ObjectNode stored, DocumentMarker marker) {
    ObjectNode body = marker.addedTo(mapped, DocumentMarker.firstIn(stored));
    body.put("id", stored.path("id").asText());
    keepPlace(body, stored);
    ObjectNode attachment = body.withObject("/content/0/attachment");
    if (attachment.path("contentType").asText().startsWith(RICH)) {
      return Optional.empty();
    }
    plainAsHtml(attachment);
    JsonNode creation = stored.path("content").path(0).path("attachment").path("creation");
    if (isBefore(attachment.path("creation").asText(), creation.asText())) {
      attachment.set("creation", creation);
    }
    return Optional.of(body);
  }

  /** Text becomes a page, since Cerner updates no plain text. */
  static void plainAsHtml(ObjectNode attachment) {
    if (attachment.path("contentType").asText().equals(PLAIN)) {
      String text =
          new String(
              Base64.getDecoder().decode(attachment.path("data").asText()), StandardCharsets.UTF_8);
      attachment.put("contentType", HTML).put("data", page(text));
    }
  }

  /**
   * The body that marks a document entered in error. Cerner wants a content in it, and gives a
   * stored one by its address only: a sentence takes its place, and Cerner keeps the versions.
   *
   * @param stored as Cerner gave it
   */
  static ObjectNode withdrawal(ObjectNode stored, DocumentMarker marker) {
    ObjectNode body = small(stored);
    body.put("status", IN_ERROR).put("docStatus", IN_ERROR);
    body.withObject("/content/0/attachment").put("contentType", HTML).put("data", page(WITHDRAWN));
    return marker.addedTo(body, DocumentMarker.firstIn(stored));
  }

  /**
   * What of a stored document Cerner takes back: all but its status and its content.
   *
   * @param stored as Cerner gave it
   */
  static ObjectNode small(ObjectNode stored) {
    ObjectNode body = stored.objectNode();
    body.put("resourceType", "DocumentReference").put("id", stored.path("id").asText());
    body.set("type", type(stored.path("type")));
    for (JsonNode author : stored.path("author")) {
      if (author.has("reference")) {
        reference(body.withArray("/author").addObject(), author);
      }
    }
    if (stored.path("authenticator").has("reference")) {
      reference(body.putObject("authenticator"), stored.path("authenticator"));
    }
    JsonNode was = stored.path("content").path(0).path("attachment");
    ObjectNode attachment = body.putArray("content").addObject().putObject("attachment");
    attachment.put("title", DocumentMarker.unmarked(was.path("title").asText()));
    if (was.has("creation")) {
      attachment.set("creation", was.path("creation"));
    }
    body.putObject("context").set("period", period(stored.path("context").path("period")));
    keepPlace(body, stored);
    return body;
  }

  /** Cerner takes its own code or LOINC, not both; its own is the one that it files by. */
  private static ObjectNode type(JsonNode stored) {
    ObjectNode type = JsonNodeFactory.instance.objectNode();
    List<JsonNode> codings = new ArrayList<>();
    stored.path("coding").forEach(codings::add);
    List<JsonNode> own =
        codings.stream()
            .filter(coding -> coding.path("system").asText().endsWith("/codeSet/72"))
            .limit(1)
            .toList();
    for (JsonNode coding : own.isEmpty() ? codings : own) {
      ObjectNode one = type.withArray("/coding").addObject();
      one.put("system", coding.path("system").asText()).put("code", coding.path("code").asText());
    }
    return type;
  }

  private static ObjectNode period(JsonNode stored) {
    ObjectNode period = JsonNodeFactory.instance.objectNode();
    for (String end : List.of("start", "end")) {
      if (stored.has(end)) {
        period.set(end, stored.path(end));
      }
    }
    return period;
  }

  /** An update cannot move a document to another patient or visit. */
  private static void keepPlace(ObjectNode body, ObjectNode stored) {
    reference(body.putObject("subject"), stored.path("subject"));
    ObjectNode context = body.withObject("/context");
    context.remove("encounter");
    JsonNode encounter = stored.path("context").path("encounter").path(0);
    if (encounter.has("reference")) {
      reference(context.putArray("encounter").addObject(), encounter);
    }
  }

  private static void reference(ObjectNode to, JsonNode from) {
    to.put("reference", from.path("reference").asText());
  }

  private static boolean isBefore(String one, String other) {
    try {
      return OffsetDateTime.parse(one).isBefore(OffsetDateTime.parse(other));
    } catch (DateTimeParseException notBoth) {
      return false;
    }
  }

  /** The lines of a text as they stand: reports are laid out by blanks. */
  private static String page(String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    String page =
        "<html><head><meta charset=\"utf-8\"/></head><body><pre>"
            + escaped
            + "</pre></body></html>";
    return Base64.getEncoder().encodeToString(page.getBytes(StandardCharsets.UTF_8));
  }

  static boolean isInError(JsonNode stored) {
    return stored.path("status").asText().equals(IN_ERROR)
        || stored.path("docStatus").asText().equals(IN_ERROR);
  }

  /** Whether what is stored is what this row says was sent, and nobody has touched it since. */
  static boolean isAsFiled(ObjectNode stored, LedgerRow row) {
    return new DocumentMarker(row.marker()).isIn(stored)
        && row.filedAs()
            .docStatus()
            .map(sent -> sent.equals(stored.path("docStatus").asText()))
            .orElse(!isInError(stored));
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
