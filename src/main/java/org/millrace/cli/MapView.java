package org.millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import org.millrace.hl7.Tolerance;
import org.millrace.hl7.V2Message;
import org.millrace.mapping.CoverageNote;
import org.millrace.mapping.Lineage;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.MappingRun;

/** Shows what a message became: its resources, the way of each value, what was not mapped. */
final class MapView {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final PrintWriter out;
  private final boolean json;

  /**
   * @param json one line for each message, else text
   */
  MapView(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void show(FileMapping.Mapped mapped) throws IOException {
    if (json) {
      out.println(JSON.writeValueAsString(asJson(mapped)));
    } else {
      asText(mapped);
    }
  }

  private static ObjectNode asJson(FileMapping.Mapped mapped) {
    V2Message message = mapped.message();
    MappingRun run = mapped.run();
    ObjectNode line = JSON.createObjectNode();
    line.put("message", message.header().type());
    line.put("controlId", message.header().controlId());
    line.put("charset", message.charset().charset().name());
    line.put("charsetWords", message.charset().words());
    ArrayNode tolerated = line.putArray("tolerated");
    message.asRead().departures().forEach(each -> tolerated.add(each.word()));
    ArrayNode resources = line.putArray("resources");
    for (MappedResource each : run.resources()) {
      ObjectNode resource = resources.addObject();
      resource.put("anchor", each.anchor()).put("action", each.action());
      if (!each.reference().isEmpty()) {
        resource.put("fullUrl", each.reference());
      }
      resource
          .putObject("verdict")
          .put("decision", each.verdict().decision().name())
          .put("code", each.verdict().code())
          .put("path", each.verdict().path())
          .put("reason", each.verdict().reason())
          .put("remedy", each.verdict().remedy());
      resource.set("resource", each.json());
    }
    line.set("lineage", JSON.valueToTree(run.lineage()));
    line.set("coverage", JSON.valueToTree(run.coverage()));
    return line;
  }

  private void asText(FileMapping.Mapped mapped) throws IOException {
    V2Message message = mapped.message();
    MappingRun run = mapped.run();
    out.println(message.header().type() + " " + message.header().controlId());
    out.println("Read as " + message.charset().words());
    for (Tolerance each : message.asRead().departures()) {
      out.println("  tolerated: " + each.sentence() + " (" + each.word() + ")");
    }
    for (MappedResource each : run.resources()) {
      out.println();
      String sent = each.action().isEmpty() ? "no action sends it" : each.action();
      out.println(each.anchor() + ": " + sent + ", " + each.verdict().decision());
      if (!each.verdict().reason().isEmpty()) {
        out.println("  " + each.verdict().reason() + " " + each.verdict().remedy());
      }
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(each.json()));
    }
    out.println();
    out.println("Where each value comes from");
    for (Lineage each : run.lineage()) {
      String through = each.through().isEmpty() ? "" : ", " + each.through();
      out.println(
          "  " + each.target() + "  <-  " + each.source() + "  (" + each.rule() + through + ")");
    }
    out.println();
    out.println(run.coverage().isEmpty() ? "Everything was mapped." : "Not mapped as it was");
    for (CoverageNote each : run.coverage()) {
      out.println("  " + each.path() + "  " + each.kind() + "  " + each.sentence());
    }
  }
}
