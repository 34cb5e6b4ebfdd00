package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import org.millrace.OfficialValidator;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

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

  private static final OfficialValidator VALIDATOR = new OfficialValidator();

  private static Map<String, String> withoutSubject() {
    Map<String, String> given = new TreeMap<>(GIVEN);
    given.keySet().removeAll(Set.of("subject", "encounter"));
    return given;
  }

  /** The patient is looked up only where the message does not become one. */
  private static MappingContext context(String key) {
    boolean makesPatient =
        Maps.files().get(key).groups().stream()
            .flatMap(group -> group.entries().stream())
            .filter(entry -> entry.scope().way().forward())
            .anyMatch(entry -> entry.map().resource().equals("Patient"));
    return makesPatient ? WITHOUT_SUBJECT : WITH_SUBJECT;
  }

  /** Which seed and message a failure is about. */
  private static String about(String key, V2Message message) {
    return key + "\n" + String.join("\n", GeneratedMessages.shape(message)) + "\n";
  }

  /** Fixed seeds, so that a failure comes again; {@code MILLRACE_SEEDS} asks for more of them. */
  private static final int SEEDS =
      Integer.parseInt(System.getenv().getOrDefault("MILLRACE_SEEDS", "200"));

  /** Where something went wrong, without numbers of repetition, and one example of each. */
  private final Map<String, String> examples = new TreeMap<>();

  private void wrong(String key, V2Message message, List<String> places) {
    for (String place : places) {
      String general = place.replaceAll("(?s) = .*", "").replaceAll("\\[\\d+]", "");
      String segment = place.replaceAll("(?s)-.*", "");
      String shown =
          message.segments().stream()
              .filter(each -> segment.equals(each.name() + "[" + each.sequence() + "]"))
              .map(V2Segment::raw)
              .findFirst()
              .orElse("");
      examples.putIfAbsent(key + " " + general, place + "   " + shown);
    }
  }

  private void nothingIsWrong() {
    assertThat(examples.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList())
        .isEmpty();
  }

  @Example
  void everyValueOfAMessageIsInLineageOrCoverage() {
    Maps.files()
        .forEach(
            (key, map) -> {
              for (long seed = 0; seed < SEEDS; seed++) {
                V2Message message = new GeneratedMessages(seed, 0.5).message(Maps.type(key), map);
                MappingRun run = Maps.MAPPER.map(message, Maps.variant(key), context(key));
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
    Maps.files()
        .forEach(
            (key, map) -> {
              V2Message message = new GeneratedMessages(seed, 0.4).message(Maps.type(key), map);
              MappingRun run = Maps.MAPPER.map(message, Maps.variant(key), context(key));
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
              assertThat(Maps.MAPPER.map(message, Maps.variant(key), context(key))).isEqualTo(run);
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

  /**
   * What a sender's own data breaks, which is passed on as it was said: a period that ends before
   * it begins, a language or error code that no system has, an appointment without a time, a
   * contact without details, a resource of an appointment that is not named, a note without a text.
   */
  private static final Pattern AS_IT_WAS_SAID =
      Pattern.compile(
          "(?s).*(Constraint failed: (per-1|app-1|app-2|app-3|pat-1)"
              + "|Appointment.participant.status: minimum|Annotation.text: minimum"
              + "|ValueSet: http://hl7.org/fhir/ValueSet/languages"
              + "|valueset: http://hl7.org/fhir/ValueSet/languages|v2-0208#).*");

  @Example
  void aSampleOfWhatIsMadeIsValidR4() {
    Maps.files()
        .forEach(
            (key, map) -> {
              for (long seed = 0; seed < SEEDS / 20; seed++) {
                V2Message message = new GeneratedMessages(seed, 0.4).message(Maps.type(key), map);
                MappingRun run = Maps.MAPPER.map(message, Maps.variant(key), context(key));
                for (MappedResource resource : run.resources()) {
                  if (isComplete(resource)) {
                    valid(key, seed, resource);
                  }
                }
              }
            });
    nothingIsWrong();
  }

  private void valid(String key, long seed, MappedResource resource) {
    for (String error : VALIDATOR.errors(resource.json().toString())) {
      if (!AS_IT_WAS_SAID.matcher(error).matches()) {
        String general = error.replaceAll("\\[\\d+]", "").replaceAll("'[^']*'", "?");
        examples.putIfAbsent(key + " " + general, error + " (seed " + seed + ")");
      }
    }
  }

  /** It has what R4 requires of it: a message may leave out the segment that says it. */
  private static boolean isComplete(MappedResource resource) {
    if (!resource.verdict().decision().files()) {
      return false;
    }
    String type = resource.json().path("resourceType").asText();
    return FhirContext.forR4Cached().getResourceDefinition(type).getChildren().stream()
        .filter(child -> child.getMin() > 0)
        .allMatch(child -> child.getValidChildNames().stream().anyMatch(resource.json()::has));
  }

  @Example
  void whatIsNotDeclaredLossyComesBackFromFhir() throws V2FormatException {
    for (Map.Entry<String, MessageMap> file : Maps.files().entrySet()) {
      String key = file.getKey();
      // A document's text is laid out for readers; its own tests say what comes back.
      if (file.getValue().groups().stream().anyMatch(group -> group.document().isPresent())) {
        continue;
      }
      for (long seed = 0; seed < SEEDS; seed++) {
        V2Message message =
            new GeneratedMessages(seed, 0.4).message(Maps.type(key), file.getValue());
        wrong(key, message, ReturnedMessage.of(message, key, context(key)).lost());
      }
    }
    nothingIsWrong();
  }

  @Example
  void thereAreMessageFiles() {
    assertThat(Maps.files()).hasSizeGreaterThanOrEqualTo(2);
  }
}
