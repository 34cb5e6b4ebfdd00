package org.millrace.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One case: a folder {@code samples/<type>/<case>}.
 *
 * @param clock the engine's time when the case begins; it ticks on from there
 * @param settings of the engine, beside those that name the sandbox
 * @param seed resources put into the sandbox besides its hospital
 * @param faults of the sandbox, as its control endpoint takes them
 * @param clientOptions how the message is put on the wire
 */
public record SampleCase(
    Path folder,
    String title,
    Instant clock,
    Map<String, String> settings,
    ArrayNode seed,
    ArrayNode faults,
    ClientOptions clientOptions,
    List<Assertion> assertions) {

  static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Set<String> KEYS =
      Set.of("title", "clock", "settings", "sandbox", "send", "assert");

  /**
   * @param whole the file is one frame as it is; otherwise each MSH starts a message of its own
   * @param lineEnd what ends a segment on the wire; files are kept with line feeds
   * @param pinControlIds control ids are kept even against an engine that has seen them
   */
  public record ClientOptions(boolean whole, String lineEnd, boolean pinControlIds) {}

  /** {@code ORU_R01/pdf}: how a case is named. */
  public String name() {
    Path parent = folder.getParent();
    return (parent == null ? "" : parent.getFileName() + "/") + folder.getFileName();
  }

  /** {@code 1-received.hl7} or {@code 1-received.json}. */
  Path received() {
    Path hl7 = folder.resolve("1-received.hl7");
    return Files.exists(hl7) ? hl7 : folder.resolve("1-received.json");
  }

  boolean isHl7() {
    return received().toString().endsWith(".hl7");
  }

  Path requests() {
    return folder.resolve("2-requests.json");
  }

  Path reply() {
    return folder.resolve(isHl7() ? "3-reply.hl7" : "3-reply.json");
  }

  /**
   * Every case below a folder (or the folder itself), in order of path.
   *
   * @throws CaseFaultException with everything that is wrong in any case file
   */
  public static List<SampleCase> discover(Path start) throws IOException, CaseFaultException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(start)) {
      files =
          walk.filter(path -> path.endsWith("case.yaml"))
              .sorted(Comparator.naturalOrder())
              .toList();
    }
    List<SampleCase> cases = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Path file : files) {
      try {
        cases.add(read(file));
      } catch (CaseFaultException e) {
        faults.addAll(e.faults());
      }
    }
    if (!faults.isEmpty()) {
      throw new CaseFaultException(faults);
    }
    return cases;
  }

  private static SampleCase read(Path file) throws IOException, CaseFaultException {
    List<String> faults = new ArrayList<>();
    Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of("."));
    JsonNode yaml;
    try {
      yaml = YAML.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new CaseFaultException(List.of(file + ":" + line + ": is no YAML that can be read"));
    }
    yaml.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                faults.add(
                    file + ": unknown key " + key + "; known are " + String.join(", ", KEYS));
              }
            });
    SampleCase read =
        new SampleCase(
            folder,
            yaml.path("title").asText(),
            clock(yaml, file, faults),
            settings(yaml.path("settings")),
            seed(yaml.path("sandbox").path("seed"), folder, faults),
            array(yaml.path("sandbox").path("faults")),
            clientOptions(yaml.path("send")),
            assertions(yaml.path("assert"), file, faults));
    if (read.title().isEmpty()) {
      faults.add(file + ": has no title");
    }
    if (!Files.exists(read.received())) {
      faults.add(file + ": there is no 1-received.hl7 or 1-received.json beside it");
    }
    if (!faults.isEmpty()) {
      throw new CaseFaultException(faults);
    }
    return read;
  }

  private static Instant clock(JsonNode yaml, Path file, List<String> faults) {
    try {
      return Instant.parse(yaml.path("clock").asText("2026-11-20T15:00:00Z"));
    } catch (DateTimeParseException e) {
      faults.add(file + ": clock is no instant such as 2026-11-20T15:00:00Z");
      return Instant.EPOCH;
    }
  }

  private static Map<String, String> settings(JsonNode node) {
    Map<String, String> settings = new TreeMap<>();
    node.properties().forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
    return settings;
  }

  /** Resources in the case file itself, or the names of JSON files beside it. */
  private static ArrayNode seed(JsonNode node, Path folder, List<String> faults) {
    ArrayNode seed = JSON.createArrayNode();
    for (JsonNode each : array(node)) {
      if (!each.isTextual()) {
        seed.add(each);
        continue;
      }
      try {
        JsonNode file = JSON.readTree(Files.readAllBytes(folder.resolve(each.asText())));
        array(file).forEach(seed::add);
      } catch (IOException e) {
        faults.add(folder.resolve(each.asText()) + ": is no JSON that can be read");
      }
    }
    return seed;
  }

  private static ArrayNode array(JsonNode node) {
    if (node instanceof ArrayNode array) {
      return array;
    }
    ArrayNode array = JSON.createArrayNode();
    return node instanceof MissingNode || node.isNull() ? array : array.add(node);
  }

  private static ClientOptions clientOptions(JsonNode node) {
    String lineEnd =
        switch (node.path("line-end").asText("CR")) {
          case "LF" -> "\n";
          case "CRLF" -> "\r\n";
          default -> "\r";
        };
    return new ClientOptions(
        node.path("whole").asBoolean(false),
        lineEnd,
        node.path("pin-control-ids").asBoolean(false));
  }

  private static List<Assertion> assertions(JsonNode node, Path file, List<String> faults) {
    List<Assertion> assertions = new ArrayList<>();
    for (JsonNode each : array(node)) {
      try {
        assertions.add(Assertion.parse(each.asText()));
      } catch (IllegalArgumentException e) {
        faults.add(file + ": " + e.getMessage());
      }
    }
    return assertions;
  }
}
