package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import net.jqwik.api.Example;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Writer;

/** What holds for every message file on the way to v2, whatever its resources hold. */
class FhirPropertiesTest {
  private static final MappingContext CONTEXT = Maps.context(Map.of("set-id", "1"));
  private static final int SEEDS =
      Integer.parseInt(System.getenv().getOrDefault("MILLRACE_SEEDS", "150"));

  private final Map<String, String> examples = new TreeMap<>();

  private void wrong(String key, long seed, String place, String detail) {
    String general = place.replaceAll("\\[\\d+]", "");
    examples.putIfAbsent(key + " " + general, place + " = " + detail + " (seed " + seed + ")");
  }

  private void nothingIsWrong() {
    assertThat(examples.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList())
        .isEmpty();
  }

  /** One resource of each type that the file's entries write, linked as its rules say. */
  private static Map<String, JsonNode> resources(long seed, MessageMap map) {
    GeneratedResources generated = new GeneratedResources(seed, 0.5, map);
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    Set<String> types = new LinkedHashSet<>();
    map.groups()
        .forEach(group -> group.entries().forEach(entry -> types.add(entry.map().resource())));
    types.forEach(type -> resources.put(type + "/1", generated.resource(type, "1")));
    // The person whom some references name; without a number only a reference would come back.
    ObjectNode person = generated.resource("Practitioner", "7");
    person.putArray("identifier").addObject().put("system", "urn:oid:1.2.3").put("value", "77");
    resources.put("Practitioner/7", person);
    for (MessageMap.Group group : map.groups()) {
      for (MessageMap.Entry entry : group.entries()) {
        ObjectNode resource = (ObjectNode) resources.get(entry.map().resource() + "/1");
        entry.map().rules().stream().filter(Rule::isLink).forEach(rule -> link(rule, resource));
      }
    }
    return resources;
  }

  private static void link(Rule rule, ObjectNode resource) {
    FhirPlace place = rule.ends().fhir().orElseThrow();
    resource.remove(place.steps().get(0).name());
    Tree tree = new Tree("test", "");
    String made = rule.extras().value("made");
    String reference = (made.equals(Rule.ALL) ? "Patient" : made) + "/1";
    tree.put(place, Made.value(resource.textNode(reference), "", "", ""), false);
    resource.setAll(tree.root());
  }

  private static void leaves(JsonNode node, String path, BiConsumer<String, JsonNode> each) {
    if (node.isValueNode()) {
      each.accept(path, node);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      leaves(node.get(i), path + "[" + i + "]", each);
    }
    if (node instanceof ObjectNode object) {
      Iterator<Map.Entry<String, JsonNode>> fields = object.fields();
      while (fields.hasNext()) {
        Map.Entry<String, JsonNode> field = fields.next();
        if (!field.getKey().equals("resourceType")) {
          leaves(field.getValue(), path + "." + field.getKey(), each);
        }
      }
    }
  }

  /** A path, and every path above it. */
  private static List<String> upwards(String path) {
    List<String> all = new ArrayList<>(List.of(path));
    for (int i = path.length() - 1; i > 0; i--) {
      if (path.charAt(i) == '.' || path.charAt(i) == '[') {
        all.add(path.substring(0, i));
      }
    }
    return all;
  }

  private static Set<String> told(Mapper.WrittenRun run) {
    Set<String> told = new HashSet<>();
    run.lineage().forEach(way -> told.addAll(List.of(way.source().split(" "))));
    run.coverage().forEach(note -> told.add(note.path()));
    return told;
  }

  private static Written write(String key, Map<String, JsonNode> resources)
      throws V2FormatException {
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    writer.segment("MSH").set(3, "LAB").set(4, "HOSP").set(7, "20261120120000-0600");
    writer.set(10, "G1").set(11, "D").set(12, "2.5.1");
    String[] parts = Maps.type(key).split("\\^");
    writer.set(9, 1, parts[0]);
    if (parts.length > 1) {
      writer.set(9, 2, parts[1]);
    }
    Mapper.WrittenRun run = Maps.MAPPER.writeAll(writer, key, resources, CONTEXT);
    return new Written(V2Message.read(writer.bytes()), run, writer.bytes());
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Written(V2Message message, Mapper.WrittenRun run, byte[] bytes) {}

  @Example
  void everyElementIsInLineageOrCoverage() throws V2FormatException {
    for (Map.Entry<String, MessageMap> file : Maps.files().entrySet()) {
      for (long seed = 0; seed < SEEDS; seed++) {
        Map<String, JsonNode> resources = resources(seed, file.getValue());
        Set<String> told = told(write(file.getKey(), resources).run());
        long shown = seed;
        resources.forEach(
            (name, resource) ->
                leaves(
                    resource,
                    resource.path("resourceType").asText(),
                    (path, leaf) -> {
                      if (upwards(path).stream().noneMatch(told::contains)) {
                        wrong(file.getKey(), shown, path, leaf.asText());
                      }
                    }));
      }
    }
    nothingIsWrong();
  }

  @Example
  void nothingRawLeavesInAField() throws V2FormatException {
    for (Map.Entry<String, MessageMap> file : Maps.files().entrySet()) {
      for (long seed = 0; seed < SEEDS; seed++) {
        Written written = write(file.getKey(), resources(seed, file.getValue()));
        String text = new String(written.bytes(), StandardCharsets.UTF_8);
        assertThat(text).doesNotContain("\n", "\u000b", "\u001c");
        for (String line : text.split("\r")) {
          assertThat(line).matches("(?s)[A-Z][A-Z0-9]{2}\\|.*");
        }
        assertThat(written.message().segments()).hasSize(text.split("\r").length);
      }
    }
  }

  @Example
  void everyMessagePassesHapisDefaultValidation()
      throws V2FormatException, IOException, HL7Exception {
    try (HapiContext hapi = new DefaultHapiContext()) {
      hapi.setValidationContext(ValidationContextFactory.defaultValidation());
      PipeParser parser = hapi.getPipeParser();
      for (Map.Entry<String, MessageMap> file : Maps.files().entrySet()) {
        for (long seed = 0; seed < SEEDS; seed++) {
          Written written = write(file.getKey(), resources(seed, file.getValue()));
          try {
            parser.parse(new String(written.bytes(), StandardCharsets.UTF_8));
          } catch (HL7Exception e) {
            String place = e.getMessage().replaceAll("'[^']*'", "?");
            wrong(file.getKey(), seed, place, e.getMessage());
          }
        }
      }
    }
    nothingIsWrong();
  }

  @Example
  void whatIsNotDeclaredLossyComesBackFromV2() throws V2FormatException {
    for (Map.Entry<String, MessageMap> file : Maps.files().entrySet()) {
      String key = file.getKey();
      boolean documents = file.getValue().groups().stream().anyMatch(g -> g.document().isPresent());
      for (long seed = 0; seed < SEEDS && !documents; seed++) {
        comesBack(key, seed, resources(seed, file.getValue()));
      }
    }
    nothingIsWrong();
  }

  private void comesBack(String key, long seed, Map<String, JsonNode> resources)
      throws V2FormatException {
    Written written = write(key, resources);
    Set<String> noted = new HashSet<>();
    written.run().coverage().forEach(note -> noted.add(note.path()));
    Map<String, Set<String>> ways = new LinkedHashMap<>();
    for (Lineage way : written.run().lineage()) {
      for (String source : way.source().split(" ")) {
        ways.computeIfAbsent(source, each -> new LinkedHashSet<>()).add(way.target());
      }
    }
    MappingRun back = Maps.MAPPER.map(written.message(), Maps.variant(key), CONTEXT);
    Set<String> lossy = new HashSet<>();
    back.coverage().forEach(note -> lossy.add(note.path().replaceAll("\\[\\d+]", "")));
    Map<String, List<String>> found = new HashMap<>();
    for (MappedResource each : back.resources()) {
      leaves(
          each.json(),
          each.json().path("resourceType").asText(),
          (path, leaf) -> values(found, path).add(leaf.asText().strip()));
    }
    Map<String, List<String>> came = new TreeMap<>();
    resources.forEach(
        (name, resource) ->
            leaves(
                resource,
                resource.path("resourceType").asText(),
                (path, leaf) -> {
                  String general = path.replaceAll("\\[\\d+]", "");
                  boolean here = values(found, path).contains(leaf.asText().strip());
                  boolean excused =
                      general.endsWith(".reference")
                          || isPersonOfTheirOwn(key, general)
                          || upwards(path).stream().anyMatch(noted::contains)
                          || excused(path, ways, lossy);
                  if (here && !excused) {
                    values(came, path).add(leaf.asText().strip());
                  }
                  if (!here && !excused) {
                    wrong(key, seed, path, leaf.asText());
                  }
                }));
    Set<String> sorted = sorted(Maps.files().get(key));
    came.forEach(
        (path, values) -> {
          boolean ordered = upwards(path).stream().noneMatch(sorted::contains);
          if (ordered && !follows(values, values(found, path))) {
            wrong(key, seed, path + " in another order", values + " not in " + values(found, path));
          }
        });
  }

  private static List<String> values(Map<String, List<String>> byPath, String path) {
    return byPath.computeIfAbsent(path.replaceAll("\\[\\d+]", ""), each -> new ArrayList<>());
  }

  /** Whether the values stand among others in the same order. */
  private static boolean follows(List<String> values, List<String> others) {
    int next = 0;
    for (String other : others) {
      if (next < values.size() && other.equals(values.get(next))) {
        next++;
      }
    }
    return next == values.size();
  }

  /**
   * The lists whose order a message cannot hold, or whose rules have one of their own: elements of
   * several kinds go to several fields, and some rules say what goes first.
   */
  private static Set<String> sorted(MessageMap map) {
    Set<String> sorted = new HashSet<>();
    for (MessageMap.Group group : map.groups()) {
      for (MessageMap.Entry entry : group.entries()) {
        String resource = entry.map().resource();
        entry.map().each().ifPresent(each -> kinds(resource, each, sorted));
        String each = entry.map().each().map(place -> "." + place.steps().get(0).name()).orElse("");
        for (Rule rule : entry.map().rules()) {
          rule.ends().fhir().ifPresent(place -> kinds(resource + each, place, sorted));
          if (rule.way().first().isPresent()) {
            sorted.add(resource + each + "." + rule.ends().fhir().orElseThrow().text());
          }
        }
      }
    }
    return sorted;
  }

  private static void kinds(String above, FhirPlace place, Set<String> sorted) {
    StringBuilder path = new StringBuilder(above);
    for (FhirPlace.Step step : place.steps()) {
      path.append('.').append(step.name());
      if (step.list() && step.filter().isPresent()) {
        sorted.add(path.toString());
      }
    }
  }

  /** A contact who is no organization comes back from an admission as a RelatedPerson. */
  private static boolean isPersonOfTheirOwn(String key, String path) {
    return key.startsWith("ADT") && path.startsWith("Patient.contact.");
  }

  /** It served another end, or it went to a field of which the way to FHIR says what is lost. */
  private static boolean excused(String path, Map<String, Set<String>> ways, Set<String> lossy) {
    for (String above : upwards(path)) {
      for (String target : ways.getOrDefault(above, Set.of())) {
        String place = target.replaceAll("\\[\\d+]", "");
        if (target.startsWith(Run.USED_FOR)
            || lossy.stream().anyMatch(note -> place.startsWith(note) || note.startsWith(place))) {
          return true;
        }
      }
    }
    return false;
  }
}
