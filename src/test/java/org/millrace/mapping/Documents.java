package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Writer;

/** Whole messages written from what others became. */
final class Documents {
  private Documents() {}

  /** A message as written, and how it came about. */
  record Back(byte[] bytes, V2Message message, Mapper.WrittenRun run) {
    List<String> segments() {
      return message.segments().stream().map(V2Segment::raw).toList();
    }
  }

  /** Writes what a message became. */
  static Back write(String type, MappingRun run) {
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    for (MappedResource each : run.resources()) {
      assertThat(each.verdict().decision()).isEqualTo(Verdict.Decision.FILE);
      String name = each.reference().isEmpty() ? each.anchor() : each.reference();
      resources.put(name, each.json());
    }
    return write(type, resources);
  }

  /**
   * Writes resources by their URLs.
   *
   * @param type {@code MDM^T02}, with a variant {@code ORU^R01/observations}
   */
  static Back write(String type, Map<String, ? extends JsonNode> resources) {
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    String code = type.substring(0, 3);
    String event = type.substring(4, 7);
    writer.segment("MSH").set(3, "MILLRACE").set(4, "HOSP").set(7, "20261120120000-0600");
    writer.set(9, 1, code).set(9, 2, event).set(9, 3, code + "_" + event);
    writer.set(10, "1").set(11, "D").set(12, "2.5.1");
    Mapper.WrittenRun run =
        Maps.MAPPER.writeAll(writer, type, new LinkedHashMap<>(resources), Maps.CONTEXT);
    try {
      return new Back(writer.bytes(), V2Message.read(writer.bytes()), run);
    } catch (V2FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  static void passesHapi(Back back, String structure) throws Exception {
    try (HapiContext hapi = new DefaultHapiContext()) {
      hapi.setValidationContext(ValidationContextFactory.defaultValidation());
      String text = new String(back.bytes(), StandardCharsets.UTF_8);
      assertThat(hapi.getPipeParser().parse(text).getName()).isEqualTo(structure);
    }
  }
}
