package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The update of a document for a caller that waits. What the caller leaves out stays as it stands,
 * and a marker in the title tells after a lost answer whether the update is stored.
 *
 * <p>Source: Cerner Millennium R4, DocumentReference, Update.
 */
public final class DocumentUpdate {
  private final ObjectNode body;
  private final DocumentMarker marker;

  private DocumentUpdate(ObjectNode body, DocumentMarker marker) {
    this.body = body;
    this.marker = marker;
  }

  /**
   * Puts what a caller gives over what stands there.
   *
   * @param given a document with its content; its patient and visit are those of the stored one,
   *     which no update moves, and so is the time that it is filed under, if there is one
   * @param stored as Cerner gave it
   */
  public static DocumentUpdate of(ObjectNode given, ObjectNode stored) {
    ObjectNode body = SentDocument.small(stored);
    for (String element : List.of("status", "docStatus", "type")) {
      if (given.has(element)) {
        body.set(element, given.path(element).deepCopy());
      }
    }
    ObjectNode period = body.withObject("/context/period");
    JsonNode end = given.path("context").path("period").path("end");
    if (!period.has("end") && !end.isMissingNode()) {
      period.set("end", end);
    }
    ObjectNode attachment = body.withObject("/content/0/attachment");
    if (given.at("/content/0/attachment") instanceof ObjectNode content) {
      attachment.setAll(content.deepCopy());
    }
    // Who read the document gives the title back with the markers that stand in it.
    attachment.put("title", DocumentMarker.unmarked(attachment.path("title").asText()));
    SentDocument.plainAsHtml(attachment);
    DocumentMarker marker = DocumentMarker.fresh();
    return new DocumentUpdate(marker.addedTo(body, DocumentMarker.firstIn(stored)), marker);
  }

  /** Whether a stored document was entered in error. */
  public static boolean isOfOneInError(JsonNode stored) {
    return SentDocument.isInError(stored);
  }

  /** The small body that Cerner takes. */
  public ObjectNode body() {
    return body.deepCopy();
  }

  /** Whether a stored document is what this update made of it. */
  public boolean isIn(JsonNode stored) {
    return marker.isIn(stored);
  }
}
