package org.millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.Callable;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.mapping.CoverageNote;
import org.millrace.mapping.Lineage;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.Mappings;
import org.millrace.replay.MessageFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "map",
    mixinStandardHelpOptions = true,
    description = {
      "Show the FHIR that messages become, and why.",
      "Each element is shown with the field and the rule it comes from, and after them what is not",
      "mapped. Nothing is sent; references that would be looked up are shown as such."
    })
final class MapCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(paramLabel = "FILE", description = "File of HL7 v2 messages.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "One JSON line for each message.")
  private boolean json;

  @Option(
      names = "--mappings",
      paramLabel = "FOLDER",
      defaultValue = "",
      description = "Mapping files; mappings/ beside the launcher if absent.")
  private String mappingsFolder = "";

  @Mixin private SettingsOption settings = new SettingsOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Path folder =
        mappingsFolder.isEmpty() ? Millrace.home().resolve("mappings") : Path.of(mappingsFolder);
    if (!Files.isDirectory(folder)) {
      throw new PlainException("there is no folder " + folder + " of mapping files");
    }
    Mapper mapper = new Mapper(Mappings.load(folder));
    PrintWriter out = spec.commandLine().getOut();
    int failed = 0;
    int number = 0;
    for (byte[] bytes : MessageFile.messages(read(), "\r")) {
      number++;
      failed += show(mapper, bytes, number, out) ? 0 : 1;
    }
    if (number == 0) {
      throw new PlainException(file + " holds no message: no line begins with MSH");
    }
    return failed == 0 ? 0 : Millrace.FAILED;
  }

  private byte[] read() throws PlainException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new PlainException(file + " cannot be read; is the name right?");
    }
  }

  private boolean show(Mapper mapper, byte[] bytes, int number, PrintWriter out)
      throws PlainException, IOException {
    String place = file + ", message " + number + ": ";
    PrintWriter err = spec.commandLine().getErr();
    V2Message message;
    try {
      message = V2Message.read(bytes);
    } catch (V2FormatException e) {
      err.println(place + e.getMessage());
      return false;
    }
    String type = message.header().type();
    if (!mapper.mappings().messageTypes().contains(type)) {
      err.println(
          place
              + "there is no message file for "
              + type
              + "; there are "
              + mapper.mappings().messageTypes());
      return false;
    }
    MappingRun run = mapper.map(message, context(message));
    if (json) {
      out.println(JSON.writeValueAsString(asJson(message, run)));
    } else {
      asText(message, run, out);
    }
    return true;
  }

  private MappingContext context(V2Message message) throws PlainException {
    return new MappingContext(
        zone(),
        message.header().sender(),
        Map.of(
            "subject", "Patient/looked-up-by-PID-3",
            "encounter", "Encounter/looked-up-by-PV1-19",
            "document-type", value("MILLRACE_DOCUMENT_TYPE", "11506-3"),
            "preliminary", value("MILLRACE_PRELIMINARY", "filter"),
            "status-missing", value("MILLRACE_STATUS_MISSING", "hold")));
  }

  private ZoneId zone() throws PlainException {
    String zone = value("MILLRACE_ZONE", ZoneOffset.UTC.getId());
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new PlainException("MILLRACE_ZONE is no time zone: " + zone);
    }
  }

  private String value(String name, String byDefault) {
    var value = settings.source().values().get(name);
    return value == null || value.text().isBlank() ? byDefault : value.text();
  }

  private static ObjectNode asJson(V2Message message, MappingRun run) {
    ObjectNode line = JSON.createObjectNode();
    line.put("message", message.header().type());
    line.put("controlId", message.header().controlId());
    line.put("charset", message.charset().charset().name());
    ArrayNode resources = line.putArray("resources");
    for (MappedResource each : run.resources()) {
      ObjectNode resource = resources.addObject();
      resource.put("anchor", each.anchor()).put("action", each.action());
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

  private static void asText(V2Message message, MappingRun run, PrintWriter out)
      throws IOException {
    out.println(message.header().type() + " " + message.header().controlId());
    for (MappedResource each : run.resources()) {
      out.println();
      out.println(each.anchor() + ": " + each.action() + ", " + each.verdict().decision());
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
