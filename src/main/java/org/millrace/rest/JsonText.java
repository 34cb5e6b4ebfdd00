package org.millrace.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the JSON of callers, within limits, and writes that of answers. Thread-safe.
 *
 * <p>A key given twice is a fault: two readers would take different ones.
 */
final class JsonText {
  private static final JsonMapper WRITER = new JsonMapper();
  private final JsonMapper reader;

  JsonText(RestSettings settings) {
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(settings.maxJsonDepth())
            .maxStringLength(settings.maxBodyBytes())
            .maxNumberLength(100)
            .build();
    reader =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(limits)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
  }

  /** What reading a body came to. */
  sealed interface Read {
    record Object(ObjectNode json) implements Read {}

    record List(ArrayNode json) implements Read {}

    record Unreadable(Refusal refusal) implements Read {}
  }

  /** Reads a body that must be one JSON object in UTF-8. */
  Read object(byte[] body) {
    return read(body, "object");
  }

  /** Reads a body that must be one JSON array in UTF-8. */
  Read list(byte[] body) {
    return read(body, "array");
  }

  private Read read(byte[] body, String wanted) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException notUtf8) {
      return unreadable("the body is not UTF-8");
    }
    if (text.isBlank()) {
      return unreadable("the body is empty; a JSON " + wanted + " is wanted");
    }
    try {
      JsonNode json = reader.readTree(text);
      if (holdsHalfCharacter(json)) {
        return unreadable(
            "a text in the body holds half of a surrogate pair, which is no character");
      }
      if (json instanceof ObjectNode object && wanted.equals("object")) {
        return new Read.Object(object);
      }
      return json instanceof ArrayNode list && wanted.equals("array")
          ? new Read.List(list)
          : unreadable("the body is JSON but no " + wanted);
    } catch (JsonProcessingException fault) {
      return unreadable(sentence(fault));
    }
  }

  /** Where and why in our words: the parser's own quote what was sent, or speak of its classes. */
  private static String sentence(JsonProcessingException fault) {
    if (fault instanceof StreamConstraintsException) {
      return "the body nests deeper, or holds a longer number or text, than is taken";
    }
    JsonLocation at = fault.getLocation();
    String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    String message = String.valueOf(fault.getOriginalMessage());
    if (message.startsWith("Duplicate field")) {
      return "the body says a key twice" + place;
    }
    return "the body is not JSON: "
        + (fault instanceof JsonEOFException ? "it ends too early" : "unexpected text")
        + place;
  }

  /**
   * Half of a surrogate pair, as an escape can write it, is no character and cannot be passed on:
   * UTF-8 has no bytes for it.
   */
  private static boolean holdsHalfCharacter(JsonNode json) {
    if (json.isTextual()) {
      return !StandardCharsets.UTF_8.newEncoder().canEncode(json.textValue());
    }
    for (JsonNode child : json) {
      if (holdsHalfCharacter(child)) {
        return true;
      }
    }
    return false;
  }

  private static Read unreadable(String sentence) {
    return new Read.Unreadable(Refusal.of(RefusalReason.MALFORMED_BODY, sentence));
  }

  /** Writes a tree as UTF-8. */
  static byte[] bytes(JsonNode json) {
    try {
      return WRITER.writeValueAsBytes(json);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException("a JSON tree could not be written", impossible);
    }
  }
}
