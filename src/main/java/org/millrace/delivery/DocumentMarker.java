package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.millrace.journal.Digests;
import org.millrace.journal.QueuedMessage;

/**
 * What is written into a document's title so that it can be found again: Cerner keeps no identifier
 * of ours and knows no conditional create.
 *
 * @param text {@code mr-} and up to twelve letters and digits
 */
record DocumentMarker(String text) {
  /** Cerner's limit of an attachment's title, in characters. */
  private static final int LONGEST_TITLE = 255;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Always the same for the same resource of the same stored message. */
  static DocumentMarker of(QueuedMessage message, String anchor) {
    String digest =
        Digests.of(
            message.sender(),
            message.controlId(),
            message.contentHash(),
            message.receivedAt().toString(),
            anchor);
    return new DocumentMarker("mr-" + new BigInteger(digest.substring(0, 15), 16).toString(36));
  }

  /** One that was never there before, for a create that comes from no stored message. */
  static DocumentMarker fresh() {
    return new DocumentMarker("mr-" + new BigInteger(60, RANDOM).toString(36));
  }

  /** A copy of the document with the marker at the end of its title, which is shortened to fit. */
  ObjectNode addedTo(ObjectNode document) {
    ObjectNode marked = document.deepCopy();
    if (!(marked.path("content").path(0).path("attachment") instanceof ObjectNode attachment)) {
      throw new IllegalArgumentException("a document without an attachment cannot be marked");
    }
    String suffix = "[" + text + "]";
    String title = attachment.path("title").asText().strip();
    attachment.put("title", title.isEmpty() ? suffix : cut(title, suffix) + " " + suffix);
    return marked;
  }

  private static String cut(String title, String suffix) {
    int room = LONGEST_TITLE - suffix.length() - 1;
    if (title.length() <= room) {
      return title;
    }
    int end = Character.isHighSurrogate(title.charAt(room - 1)) ? room - 1 : room;
    return title.substring(0, end).stripTrailing();
  }

  /** Whether a stored document is the one we marked; it is read as several contents. */
  boolean isIn(JsonNode document) {
    for (JsonNode content : document.path("content")) {
      if (content.path("attachment").path("title").asText().contains("[" + text + "]")) {
        return true;
      }
    }
    return false;
  }
}
