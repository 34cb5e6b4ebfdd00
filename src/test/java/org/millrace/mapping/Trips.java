package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.millrace.OfficialValidator;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;
import org.millrace.hl7.V2Writer;

/** Whole messages to FHIR and back, and what must hold of both. */
final class Trips {
  private static final OfficialValidator VALIDATOR = new OfficialValidator();

  private Trips() {}

  /** A message as it was written from resources. */
  record Back(V2Message message, Mapper.WrittenRun run) {
    String segment(String name) {
      return message.first(name).map(V2Segment::raw).orElse("");
    }
  }

  /** What a message became, by the names its resources have for each other. */
  static Map<String, JsonNode> resources(MappingRun run) {
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    for (MappedResource each : run.resources()) {
      assertThat(each.verdict().decision().files()).isTrue();
      resources.put(each.reference(), each.json());
    }
    return resources;
  }

  static Back back(Mapper mapper, String type, Map<String, JsonNode> resources) {
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    String[] parts = type.split("\\^", -1);
    writer.segment("MSH").set(7, "20261120120000-0600").set(9, 1, parts[0]);
    writer.set(9, 2, parts.length > 1 ? parts[1] : "").set(10, "T1").set(11, "D").set(12, "2.5.1");
    Mapper.WrittenRun run = mapper.writeAll(writer, type, resources, Maps.CONTEXT);
    try {
      return new Back(V2Message.read(writer.bytes()), run);
    } catch (V2FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  static void validR4(MappingRun run) {
    for (MappedResource each : run.resources()) {
      String json = each.json().toString();
      FhirContext.forR4Cached()
          .newJsonParser()
          .setParserErrorHandler(new StrictErrorHandler())
          .parseResource(json);
      assertThat(VALIDATOR.errors(json)).as(each.anchor()).isEmpty();
    }
  }

  static void validV2(V2Message message) throws IOException, HL7Exception {
    try (HapiContext hapi = new DefaultHapiContext()) {
      hapi.setValidationContext(ValidationContextFactory.defaultValidation());
      StringBuilder text = new StringBuilder();
      message.segments().forEach(segment -> text.append(segment.raw()).append('\r'));
      assertThat(hapi.getPipeParser().parse(text.toString()).getVersion()).isEqualTo("2.5.1");
    }
  }

  /** The valued fields that neither lineage nor coverage tells of. */
  static Set<String> untold(V2Message message, MappingRun run) {
    Set<String> told = new LinkedHashSet<>();
    run.lineage().forEach(way -> told.add(field(way.source())));
    run.coverage().forEach(note -> told.add(field(note.path())));
    Set<String> untold = new LinkedHashSet<>();
    for (V2Segment segment : message.segments()) {
      int first = segment.name().equals("MSH") ? 3 : 1;
      for (int i = first; i <= segment.fieldCount(); i++) {
        if (segment.field(i).repetitions().stream().anyMatch(Trips::holds)
            && !told.contains(segment.name() + "[" + segment.sequence() + "]-" + i)
            && !(segment.sequence() == 1 && told.contains(segment.name() + "-" + i))) {
          untold.add(segment.name() + "[" + segment.sequence() + "]-" + i);
        }
      }
    }
    return untold;
  }

  private static boolean holds(V2Value value) {
    return value.components().stream()
        .anyMatch(part -> part.subcomponents().stream().anyMatch(sub -> !sub.text().isBlank()));
  }

  private static String field(String path) {
    return path.replaceFirst("^([A-Z0-9]{3}(?:\\[\\d+])?-\\d+).*", "$1");
  }
}
