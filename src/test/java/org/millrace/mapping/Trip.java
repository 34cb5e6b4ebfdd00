package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millrace.OfficialValidator;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Writer;

/**
 * A whole message on its way to FHIR and back.
 *
 * @param there what it became
 * @param back what was written of that
 */
record Trip(MappingRun there, V2Message back, Mapper.WrittenRun written) {
  private static final OfficialValidator VALIDATOR = new OfficialValidator();

  /**
   * @param type {@code ADT^A01}
   */
  static Trip of(String type, String... segments) {
    MappingRun there = Maps.MAPPER.map(Maps.message(type, segments), Maps.CONTEXT);
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    there.resources().forEach(each -> resources.put(each.reference(), each.json()));
    return back(there, type, resources);
  }

  /** From FHIR to v2, by a name for each resource. */
  static Trip back(String type, Map<String, JsonNode> resources) {
    MappingRun nothing = new MappingRun(List.of(), List.of(), List.of(), List.of());
    return back(nothing, type, resources);
  }

  private static Trip back(MappingRun there, String type, Map<String, JsonNode> resources) {
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    writer.segment("MSH").set(9, 1, type.substring(0, 3)).set(9, 2, type.substring(4));
    writer.set(10, 1, "1").set(11, 1, "D").set(12, 1, "2.5.1");
    Mapper.WrittenRun written = Maps.MAPPER.writeAll(writer, type, resources, Maps.CONTEXT);
    try {
      return new Trip(there, V2Message.read(writer.bytes()), written);
    } catch (V2FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The resources of a type, in their order. */
  List<ObjectNode> all(String type) {
    return there.resources().stream()
        .map(MappedResource::json)
        .filter(json -> json.path("resourceType").asText().equals(type))
        .toList();
  }

  /** The reference by which others name what was made at an anchor. */
  String reference(String anchor) {
    return there.resources().stream()
        .filter(each -> each.anchor().equals(anchor))
        .findFirst()
        .orElseThrow()
        .reference();
  }

  /** What came back of a segment, each of that name. */
  List<String> segments(String name) {
    return back.all(name).stream().map(segment -> segment.raw()).toList();
  }

  List<String> notes(CoverageNote.Kind kind) {
    return there.coverage().stream()
        .filter(note -> note.kind() == kind)
        .map(CoverageNote::path)
        .toList();
  }

  /** The official R4 validator takes each resource, HAPI's default validation what came back. */
  Trip valid() {
    for (MappedResource resource : there.resources()) {
      assertThat(VALIDATOR.errors(resource.json().toString())).as(resource.anchor()).isEmpty();
    }
    try (HapiContext hapi = new DefaultHapiContext()) {
      hapi.setValidationContext(ValidationContextFactory.defaultValidation());
      StringBuilder text = new StringBuilder();
      back.segments().forEach(segment -> text.append(segment.raw()).append('\r'));
      assertThat(hapi.getPipeParser().parse(text.toString())).isNotNull();
    } catch (HL7Exception | IOException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }
}
