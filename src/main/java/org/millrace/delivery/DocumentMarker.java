package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millrace.journal.Digests;
import org.millrace.journal.QueuedMessage;

/**
 * What is written into a document's title so that it can be found again: Cerner keeps no identifier
 * of ours and knows no conditional create.
 *
 * @param text {@code mr-} and up to twelve letters and digits of the stored message and the place
 *     in it; of what a sender has sent, {@code -} and up to eight of its content behind that
 */
record DocumentMarker(String text) {
  /** Cerner's limit of an attachment's title, in characters. */
  private static final int LONGEST_TITLE = 255;

  private static final String BEGIN = "mr-";

  private static final Pattern MARKER =
      Pattern.compile("\\[(mr-[0-9a-z]{1,12}(?:-[0-9a-z]{1,8})?)]");

  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Always the same for the same resource of the same stored message, and of no other message. Its
   * second part is also the same when the sender sends the message again and another journal stores
   * it: the one that stored it first may be lost. One that files again what another one filed has
   * no such part: what is found by it is not the lost document.
   *
   * @param content the digest of the message's bytes, {@link Attempt#contentDigest}; the hash in an
   *     encrypted journal is keyed, and the next journal may have another key
   */
  static DocumentMarker of(QueuedMessage message, String content, String anchor) {
    String again = message.resends().map(any -> " again " + message.id()).orElse("");
    String stored =
        inLetters(
            15,
            message.sender(),
            message.controlId(),
            message.contentHash(),
            message.receivedAt().toString(),
            anchor + again);
    if (message.resends().isPresent()) {
      return new DocumentMarker(BEGIN + stored);
    }
    String sent = inLetters(10, message.sender(), message.controlId(), content, anchor);
    return new DocumentMarker(BEGIN + stored + "-" + sent);
  }

  private static String inLetters(int hexDigits, String... parts) {
    return new BigInteger(Digests.of(parts).substring(0, hexDigits), 16).toString(36);
  }

  /** One that was never there before, for a create that comes from no stored message. */
  static DocumentMarker fresh() {
    return new DocumentMarker(BEGIN + new BigInteger(60, RANDOM).toString(36));
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
        creator
                .filter(other -> !other.isOfSameMessage(this))
                .map(other -> other.suffix() + " ")
                .orElse("")
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
    return allIn(document).stream().findFirst();
  }

  /** The marker of the last one of ours who wrote a stored document. */
  static Optional<DocumentMarker> lastIn(JsonNode document) {
    return allIn(document).stream().reduce((before, last) -> last);
  }

  /** The same one stands in several contents if Cerner gives a document in several forms. */
  private static List<DocumentMarker> allIn(JsonNode document) {
    List<DocumentMarker> all = new ArrayList<>();
    for (JsonNode content : document.path("content")) {
      MARKER
          .matcher(content.path("attachment").path("title").asText())
          .results()
          .forEach(found -> all.add(new DocumentMarker(found.group(1))));
    }
    return all;
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
    return allIn(document).stream().anyMatch(this::isOfSameMessage);
  }

  /** Earlier versions wrote the first part only. */
  private boolean isOfSameMessage(DocumentMarker other) {
    return stored().equals(other.stored());
  }

  /** Whether both are of what one sender has sent, be it stored twice. */
  boolean isOfSameContent(DocumentMarker other) {
    return !sent().isEmpty() && sent().equals(other.sent());
  }

  private String stored() {
    return sent().isEmpty() ? text : text.substring(0, text.length() - sent().length() - 1);
  }

  private String sent() {
    int dash = text.indexOf('-', BEGIN.length());
    return dash < 0 ? "" : text.substring(dash + 1);
  }
}
