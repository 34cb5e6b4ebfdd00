package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final Pattern MARKER = Pattern.compile("\\[(mr-[0-9a-z]{1,12})]");

  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Always the same for the same resource of the same stored message. One that files again what
   * another one filed has markers of its own: what is found by them is not the lost document.
   */
  static DocumentMarker of(QueuedMessage message, String anchor) {
    String again = message.resends().map(any -> " again " + message.id()).orElse("");
    String digest =
        Digests.of(
            message.sender(),
            message.controlId(),
            message.contentHash(),
            message.receivedAt().toString(),
            anchor + again);
    return new DocumentMarker("mr-" + new BigInteger(digest.substring(0, 15), 16).toString(36));
  }

  /** One that was never there before, for a create that comes from no stored message. */
  static DocumentMarker fresh() {
    return new DocumentMarker("mr-" + new BigInteger(60, RANDOM).toString(36));
  }

  /** A copy of the document with the marker at the end of its title, which is shortened to fit. */
  ObjectNode addedTo(ObjectNode document) {
    return addedTo(document, Optional.empty());
  }

  /**
   * The same, behind the marker that the document was created with: by that one it stays known,
   * whoever changed it since.
   */
  ObjectNode addedTo(ObjectNode document, Optional<DocumentMarker> creator) {
    ObjectNode marked = document.deepCopy();
    if (!(marked.path("content").path(0).path("attachment") instanceof ObjectNode attachment)) {
      throw new IllegalArgumentException("a document without an attachment cannot be marked");
    }
    String suffix =
        creator.filter(other -> !other.equals(this)).map(other -> other.suffix() + " ").orElse("")
            + suffix();
    String title = attachment.path("title").asText().strip();
    attachment.put("title", title.isEmpty() ? suffix : cut(title, suffix) + " " + suffix);
    return marked;
  }

  private String suffix() {
    return "[" + text + "]";
  }

  /** The marker that a stored document was created with: the first one in its title. */
  static Optional<DocumentMarker> firstIn(JsonNode document) {
    for (JsonNode content : document.path("content")) {
      Matcher marker = MARKER.matcher(content.path("attachment").path("title").asText());
      if (marker.find()) {
        return Optional.of(new DocumentMarker(marker.group(1)));
      }
    }
    return Optional.empty();
  }

  /** A title without the markers at its end. */
  static String unmarked(String title) {
    return MARKER.matcher(title).replaceAll("").strip();
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
      if (content.path("attachment").path("title").asText().contains(suffix())) {
        return true;
      }
    }
    return false;
  }
}
