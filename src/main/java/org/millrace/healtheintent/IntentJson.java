package org.millrace.healtheintent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Bytes to JSON trees and back; decimals keep their digits. */
final class IntentJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private IntentJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The object the bytes hold; empty if they hold none. */
  static Optional<ObjectNode> object(byte[] bytes) {
    try {
      JsonNode tree = MAPPER.readTree(bytes);
      return tree instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (IOException quoted) {
      // What the parser has to say may quote the answer, which is a patient's.
      return Optional.empty();
    }
  }

  static byte[] bytes(ObjectNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (IOException impossible) {
      throw new UncheckedIOException("a JSON tree could not be written", impossible);
    }
  }
}
