package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Example;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Time;
import org.millrace.hl7.V2Value;
import org.millrace.hl7.V2Writer;

/** What holds for every message file, whatever its messages hold. Files are discovered. */
class MappingPropertiesTest {
  private static final Map<String, String> GIVEN =
      Map.of(
          "subject", "Patient/1",
          "encounter", "Encounter/2",
          "document-type", "11506-3",
          "status-missing", "final",
          "set-id", "1");
  private static final MappingContext WITH_SUBJECT = Maps.context(GIVEN);
  private static final MappingContext WITHOUT_SUBJECT = Maps.context(withoutSubject());

  private static Map<String, String> withoutSubject() {
    Map<String, String> given = new TreeMap<>(GIVEN);
    given.keySet().removeAll(Set.of("subject", "encounter"));
    return given;
  }

  /** The patient is looked up only where the message does not become one. */
  private static MappingContext context(String key) {
    boolean makesPatient =
        files().get(key).groups().stream()
            .flatMap(group -> group.entries().stream())
            .filter(entry -> entry.scope().way().forward())
            .anyMatch(entry -> entry.map().resource().equals("Patient"));
    return makesPatient ? WITHOUT_SUBJECT : WITH_SUBJECT;
  }

  /** One type for each file: the further types of a file are mapped in the same way. */
  private static Map<String, MessageMap> files() {
    Map<String, MessageMap> files = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    new TreeMap<>(Maps.MAPPER.mappings().rulesFor("").messages())
        .forEach(
            (key, map) -> {
              if (seen.add(map.where())) {
                files.put(key, map);
              }
            });
    return files;
  }

  private static String variant(String key) {
    int slash = key.indexOf('/');
    return slash < 0 ? "" : key.substring(slash + 1);
  }

  private static String type(String key) {
    int slash = key.indexOf('/');
    return slash < 0 ? key : key.substring(0, slash);
  }

  /** Which seed and message a failure is about. */
  private static String about(String key, V2Message message) {
    return key + "\n" + String.join("\n", GeneratedMessages.shape(message)) + "\n";
  }

  /** Fixed seeds, so that a failure comes again; {@code MILLRACE_SEEDS} asks for more of them. */
  private static final int SEEDS =
      Integer.parseInt(System.getenv().getOrDefault("MILLRACE_SEEDS", "80"));

  /** Where something went wrong, without numbers of repetition, and one example of each. */
  private final Map<String, String> examples = new TreeMap<>();

  private void wrong(String key, V2Message message, List<String> places) {
    for (String place : places) {
      String general = place.replaceAll(" = .*", "").replaceAll("\\[\\d+]", "");
      String segment = general.replaceAll("-.*", "");
      String shown =
          GeneratedMessages.shape(message).stream()
              .filter(line -> line.startsWith(segment))
              .limit(1)
              .reduce("", (a, b) -> b);
      examples.putIfAbsent(key + " " + general, place + "   " + shown);
    }
  }

  private void nothingIsWrong() {
    assertThat(examples.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList())
        .isEmpty();
  }

  @Example
  void everyValueOfAMessageIsInLineageOrCoverage() {
    files()
        .forEach(
            (key, map) -> {
              for (long seed = 0; seed < SEEDS; seed++) {
                V2Message message = new GeneratedMessages(seed, 0.5).message(type(key), map);
                MappingRun run = Maps.MAPPER.map(message, variant(key), context(key));
                wrong(key, message, Accounting.unaccounted(message, run));
              }
            });
    nothingIsWrong();
  }

  @Example
  void everyOutputValueHasLineageAndNothingIsEmptyOrTwice() {
    for (long seed = 0; seed < SEEDS; seed++) {
      hasLineage(seed);
    }
  }

  private static void hasLineage(long seed) {
    files()
        .forEach(
            (key, map) -> {
              V2Message message = new GeneratedMessages(seed, 0.4).message(type(key), map);
              MappingRun run = Maps.MAPPER.map(message, variant(key), context(key));
              Set<String> targets = new HashSet<>();
              run.lineage().forEach(way -> targets.add(way.target()));
              List<String> missing = new ArrayList<>();
              Map<ObjectNode, String> seen = new HashMap<>();
              for (MappedResource resource : run.resources()) {
                String from =
                    resource.anchor() + " " + resource.json().path("resourceType").asText();
                untold(resource.json(), from, targets, missing);
                if (!resource.json().isEmpty()) {
                  // A sender that says the same in two segments is taken at its word.
                  String segment = resource.anchor().replaceAll("\\[.*", "");
                  String twin = seen.putIfAbsent(resource.json(), segment);
                  assertThat(twin).as(about(key, message)).isIn(null, segment);
                }
              }
              assertThat(missing).as(about(key, message)).isEmpty();
              assertThat(Maps.MAPPER.map(message, variant(key), context(key))).isEqualTo(run);
            });
  }

  /** Leaves that no lineage tells, and elements that hold nothing. */
  private static void untold(
      JsonNode node, String path, Set<String> targets, List<String> missing) {
    if (node.isValueNode()) {
      if (!targets.contains(path)) {
        missing.add(path);
      }
      return;
    }
    if (node.isEmpty() && path.indexOf('.') > 0) {
      missing.add("empty " + path);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      untold(node.get(i), path + "[" + i + "]", targets, missing);
    }
    if (node instanceof ObjectNode object) {
      Iterator<Map.Entry<String, JsonNode>> fields = object.fields();
      while (fields.hasNext()) {
        Map.Entry<String, JsonNode> field = fields.next();
        if (!field.getKey().equals("resourceType")) {
          untold(field.getValue(), path + "." + field.getKey(), targets, missing);
        }
      }
    }
  }

  @Example
  void whatIsNotDeclaredLossyComesBackFromFhir() throws V2FormatException {
    for (Map.Entry<String, MessageMap> file : files().entrySet()) {
      String key = file.getKey();
      // A document's text is laid out for readers; its own tests say what comes back.
      if (file.getValue().groups().stream().anyMatch(group -> group.document().isPresent())) {
        continue;
      }
      for (long seed = 0; seed < SEEDS; seed++) {
        V2Message message = new GeneratedMessages(seed, 0.4).message(type(key), file.getValue());
        wrong(key, message, RoundTrip.of(message, key).lost());
      }
    }
    nothingIsWrong();
  }

  /** A message to FHIR and back. */
  private record RoundTrip(
      V2Message sent, MappingRun there, V2Message back, Mapper.WrittenRun run) {

    static RoundTrip of(V2Message message, String key) throws V2FormatException {
      MappingRun there = Maps.MAPPER.map(message, variant(key), context(key));
      Map<String, JsonNode> resources = new LinkedHashMap<>();
      for (MappedResource resource : there.resources()) {
        if (resource.verdict().decision().files()) {
          String name = resource.reference();
          resources.put(name.isEmpty() ? resource.anchor() : name, resource.json());
        }
      }
      V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
      writer.segment("MSH");
      Mapper.WrittenRun run = Maps.MAPPER.writeAll(writer, key, resources, context(key));
      return new RoundTrip(message, there, V2Message.read(writer.bytes()), run);
    }

    /**
     * The values that no note of either way excuses, and that did not come back where they were.
     */
    List<String> lost() {
      Set<String> excused = new HashSet<>();
      there.coverage().forEach(note -> excused.add(place(note.path())));
      Set<String> onTheWayBack = new HashSet<>();
      run.coverage().forEach(note -> onTheWayBack.add(note.path()));
      Map<String, List<Lineage>> ways = new LinkedHashMap<>();
      there
          .lineage()
          .forEach(
              way -> ways.computeIfAbsent(place(way.source()), p -> new ArrayList<>()).add(way));
      List<String> lost = new ArrayList<>();
      for (V2Segment segment : sent.segments()) {
        if (segment.name().equals("MSH") || !filed(segment)) {
          continue;
        }
        for (int field = 1; field <= segment.fieldCount(); field++) {
          field(segment, field, excused, lost);
        }
      }
      return lost;
    }

    private boolean filed(V2Segment segment) {
      boolean held =
          there.resources().stream().anyMatch(each -> !each.verdict().decision().files());
      // Notes wait with what they are about.
      if (held && segment.name().equals("NTE")) {
        return false;
      }
      String head = segment.name() + "[" + segment.sequence() + "]";
      return there.resources().stream()
          .noneMatch(each -> !each.verdict().decision().files() && each.anchor().startsWith(head));
    }

    private void field(V2Segment segment, int field, Set<String> excused, List<String> lost) {
      int repetition = 0;
      for (V2Value value : segment.field(field).repetitions()) {
        repetition++;
        int component = 0;
        for (V2Value part : value.components()) {
          component++;
          int sub = 0;
          for (V2Value leaf : part.subcomponents()) {
            sub++;
            String at = "%s[%d]-%d".formatted(segment.name(), segment.sequence(), field);
            String whole = at + "[" + repetition + "]";
            String deep = whole + "." + component;
            boolean fine =
                leaf.raw().isEmpty()
                    || leaf.isNull()
                    || excused.contains(at)
                    || excused.contains(whole)
                    || excused.contains(deep)
                    || excused.contains(deep + "." + sub)
                    || usedFor(at, whole, deep, sub)
                    || comesBack(segment, field, component, sub, leaf.text());
            if (!fine) {
              lost.add(deep + "." + sub + " = " + leaf.text());
            }
          }
        }
      }
    }

    private boolean usedFor(String at, String whole, String deep, int sub) {
      Set<String> places = Set.of(at, whole, deep, deep + "." + sub);
      List<Lineage> ways =
          there.lineage().stream().filter(way -> places.contains(place(way.source()))).toList();
      return !ways.isEmpty()
          && ways.stream().allMatch(way -> way.target().startsWith(Run.USED_FOR));
    }

    /** In any repetition of the field: what repeats may come back in another order. */
    private boolean comesBack(V2Segment segment, int field, int component, int sub, String text) {
      for (V2Segment other : back.all(segment.name())) {
        for (V2Value value : other.field(field).repetitions()) {
          String found = value.component(component).subcomponent(sub).text();
          if (found.strip().equals(text.strip()) || sameTime(found, text)) {
            return true;
          }
        }
      }
      return false;
    }

    private static boolean sameTime(String one, String other) {
      Optional<V2Time> first = V2Time.parse(one);
      Optional<V2Time> second = V2Time.parse(other);
      return first.isPresent()
          && second.isPresent()
          && first.get().precision() == second.get().precision()
          && first.get().start(Maps.ZONE).equals(second.get().start(Maps.ZONE));
    }

    /** A path with its occurrence and repetition said: {@code PID[1]-5[1].1}. */
    private static String place(String path) {
      try {
        org.millrace.hl7.V2Path parsed = org.millrace.hl7.V2Path.parse(path);
        StringBuilder text = new StringBuilder(parsed.segment());
        text.append('[')
            .append(Math.max(1, parsed.occurrence()))
            .append("]-")
            .append(parsed.field());
        if (parsed.repetition() > 0 || parsed.component() > 0) {
          text.append('[').append(Math.max(1, parsed.repetition())).append(']');
        }
        if (parsed.component() > 0) {
          text.append('.').append(parsed.component());
        }
        if (parsed.subcomponent() > 0) {
          text.append('.').append(parsed.subcomponent());
        }
        return text.toString();
      } catch (IllegalArgumentException noV2Path) {
        return path;
      }
    }
  }

  @Example
  void thereAreMessageFiles() {
    assertThat(files()).hasSizeGreaterThanOrEqualTo(2);
  }
}
