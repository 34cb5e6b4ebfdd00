package org.millrace.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Writer;

/** The repository's own mappings, and messages to run them on. */
final class Maps {
  static final ZoneId ZONE = ZoneId.of("America/Chicago");
  static final MappingContext CONTEXT = context(Map.of());
  static final Mapper MAPPER = new Mapper(load(Path.of("mappings")));
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Maps() {}

  static Mappings load(Path folder) {
    try {
      return Mappings.load(folder);
    } catch (RuleFaultsException e) {
      throw new IllegalStateException(e);
    }
  }

  static MappingContext context(Map<String, String> given) {
    return new MappingContext(ZONE, "LAB@HOSP", given);
  }

  /** One type for each message file: the further types of a file are mapped in the same way. */
  static Map<String, MessageMap> files() {
    Map<String, MessageMap> files = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    new TreeMap<>(MAPPER.mappings().rulesFor("").messages())
        .forEach(
            (key, map) -> {
              if (seen.add(map.where())) {
                files.put(key, map);
              }
            });
    return files;
  }

  /** The message type of a file: {@code ORU^R01} of {@code ORU^R01/observations}. */
  static String type(String key) {
    int slash = key.indexOf('/');
    return slash < 0 ? key : key.substring(0, slash);
  }

  /** The variant of a file; empty if it has none. */
  static String variant(String key) {
    int slash = key.indexOf('/');
    return slash < 0 ? "" : key.substring(slash + 1);
  }

  /** A message from segments; MSH is put before them. */
  static V2Message message(String type, String... segments) {
    String msh = "MSH|^~\\&|LAB|HOSP|MILLRACE|HOSP|20261120120000||" + type + "|1|D|2.5.1\r";
    try {
      return V2Message.read(
          (msh + String.join("\r", segments) + "\r").getBytes(StandardCharsets.UTF_8));
    } catch (V2FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The Patient and Encounter of a message, by type. */
  static ObjectNode resource(MappingRun run, String type) {
    return run.resources().stream()
        .map(MappedResource::json)
        .filter(json -> json.path("resourceType").asText().equals(type))
        .findFirst()
        .orElseThrow();
  }

  static MappingRun toFhir(String... segments) {
    return MAPPER.map(message("ADR^A19^ADR_A19", segments), CONTEXT);
  }

  /** What is written for a group, read again. */
  static Written write(List<ObjectNode> resources, MappingContext context) {
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    writer.segment("MSH").set(9, 1, "ADR").set(9, 2, "A19");
    Mapper.WrittenRun run = MAPPER.write(writer, "ADR^A19", "QUERY_RESPONSE", resources, context);
    try {
      return new Written(V2Message.read(writer.bytes()), run);
    } catch (V2FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  record Written(V2Message message, Mapper.WrittenRun run) {
    String segment(String name) {
      return message.first(name).map(segment -> segment.raw()).orElse("");
    }
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Blanks alone say nothing: senders of fixed columns pad with them. */
  static boolean isBlank(String text) {
    return text.chars().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
  }
}
