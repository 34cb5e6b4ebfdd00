package org.millrace.cli;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.parser.PipeParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2Time;
import org.millrace.hl7.V2Writer;
import org.millrace.mapping.CoverageNote;
import org.millrace.mapping.Lineage;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;

/** Shows the HL7 v2 message that FHIR resources become, and why. */
final class MapReverse {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VERSION = "2.5.1";
  private final Mapper mapper;
  private final MappingContext context;
  private final Header header;

  /**
   * What MSH says where no MessageHeader does.
   *
   * @param clock gives MSH-7
   * @param controlIds gives MSH-10
   */
  record Header(Clock clock, Supplier<String> controlIds) {}

  /** A message as written. */
  record Written(MessageChoice.Chosen chosen, String message, Mapper.WrittenRun run) {}

  MapReverse(Mapper mapper, MappingContext context, Header header) {
    this.mapper = mapper;
    this.context = context;
    this.header = header;
  }

  /**
   * Writes the resources of a file as one message.
   *
   * @param as the message type, {@code ADT^A01}; empty to choose by what the file holds
   * @throws PlainException if the file holds no FHIR, or there is no such message
   */
  Written write(Path file, String as) throws PlainException {
    Map<String, JsonNode> resources = FhirFile.read(file);
    MessageChoice choice = new MessageChoice(mapper.mappings());
    MessageChoice.Chosen chosen = as.isEmpty() ? choice.of(resources.values()) : choice.named(as);
    boolean headed =
        resources.values().stream()
            .anyMatch(each -> each.path("resourceType").asText().equals("MessageHeader"));
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    msh(writer, chosen.type().replaceFirst("/.*", ""), headed);
    Mapper.WrittenRun run = mapper.writeAll(writer, chosen.type(), resources, context);
    return new Written(chosen, new String(writer.bytes(), StandardCharsets.UTF_8), run);
  }

  private void msh(V2Writer writer, String type, boolean headed) throws PlainException {
    String code = type.replaceFirst("\\^.*", "");
    String event = type.equals(code) ? "" : type.substring(code.length() + 1);
    writer.segment("MSH").set(3, headed ? "" : "MILLRACE");
    writer.set(7, V2Time.of(header.clock().instant(), context.zone()).toV2());
    writer.set(9, 1, code).set(9, 2, event).set(9, 3, structure(code, event));
    writer.set(10, header.controlIds().get()).set(11, "D").set(12, VERSION);
    writer.set(18, "UNICODE UTF-8");
  }

  private static String structure(String code, String event) throws PlainException {
    if (event.isEmpty()) {
      return "";
    }
    try {
      String known = new PipeParser().getMessageStructureForEvent(code + "_" + event, VERSION);
      return known == null ? code + "_" + event : known;
    } catch (HL7Exception e) {
      throw new PlainException("the structure of " + code + "^" + event + " cannot be looked up");
    }
  }

  static void print(Written written, boolean json, PrintWriter out) throws IOException {
    if (json) {
      out.println(JSON.writeValueAsString(asJson(written)));
    } else {
      asText(written, out);
    }
  }

  private static ObjectNode asJson(Written written) {
    ObjectNode line = JSON.createObjectNode();
    line.put("message", written.chosen().type());
    line.put("why", written.chosen().why());
    line.put("hl7", written.message());
    line.set("lineage", JSON.valueToTree(written.run().lineage()));
    line.set("coverage", JSON.valueToTree(written.run().coverage()));
    return line;
  }

  private static void asText(Written written, PrintWriter out) {
    out.println(written.chosen().type() + ", because " + written.chosen().why());
    out.println();
    written.message().lines().forEach(out::println);
    out.println();
    out.println("Where each value comes from");
    for (Lineage each : written.run().lineage()) {
      String through = each.through().isEmpty() ? "" : ", " + each.through();
      out.println(
          "  " + each.target() + "  <-  " + each.source() + "  (" + each.rule() + through + ")");
    }
    out.println();
    out.println(
        written.run().coverage().isEmpty() ? "Everything was mapped." : "Not mapped as it was");
    for (CoverageNote each : written.run().coverage()) {
      out.println("  " + each.path() + "  " + each.kind() + "  " + each.sentence());
    }
  }
}
