package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Reading and searching the types of the chart that are alike: one anchor, parameters that narrow
 * it, pages of a size. What is particular to writing them stands in classes of their own.
 *
 * <p>Source: Cerner Millennium R4, the pages of each resource.
 */
class ChartRules implements ResourceRules {
  private final String type;
  private final String letters;
  private final Records records;
  private final Set<String> anchors = new LinkedHashSet<>();
  private final Map<String, BiFunction<ObjectNode, SearchParameters, Boolean>> criteria =
      new LinkedHashMap<>();
  private final List<Set<String>> apart = new ArrayList<>();
  private int page;
  private int limit;
  private String newestBy = "";

  ChartRules(String type, String letters, Records records) {
    this.type = type;
    this.letters = letters;
    this.records = records;
  }

  /** Found by id, several of them, alone. */
  final ChartRules byId() {
    anchors.add("_id");
    criteria.put("_id", (found, query) -> query.choices("_id").contains(found.path("id").asText()));
    return this;
  }

  /** A reference that a search may begin with. */
  final ChartRules anchor(String name, String field, String to) {
    anchors.add(name);
    return reference(name, field, to);
  }

  final ChartRules reference(String name, String field, String to) {
    criteria.put(
        name,
        (found, query) ->
            elements(found, field)
                .anyMatch(
                    one ->
                        query.choices(name).stream()
                            .anyMatch(asked -> EncounterRules.isOf(one, to, asked))));
    return this;
  }

  /** A code of a concept, or a bare code as status is one. */
  final ChartRules token(String name, String field) {
    criteria.put(
        name,
        (found, query) ->
            elements(found, field)
                .anyMatch(
                    one -> query.choices(name).stream().anyMatch(asked -> isAsked(one, asked))));
    return this;
  }

  private static boolean isAsked(JsonNode element, String asked) {
    return element.isTextual()
        ? element.asText().equals(asked)
        : DocumentReferenceRules.isCoded(element, asked);
  }

  /** A date, once or as a closed pair; of the first of these fields that there is. */
  final ChartRules date(String name, String... fields) {
    criteria.put(
        name,
        (found, query) -> {
          List<DateCriterion> dates = DateCriterion.oneOrPair(query, name);
          return Stream.of(fields)
              .map(field -> found.at("/" + field.replace('.', '/')))
              .filter(value -> !value.isMissingNode())
              .findFirst()
              .filter(
                  value ->
                      value.isObject()
                          ? DateCriterion.matchesPeriod(dates, value)
                          : DateCriterion.matches(dates, value))
              .isPresent();
        });
    return this;
  }

  final ChartRules lastUpdated() {
    return date("_lastUpdated", "meta.lastUpdated");
  }

  /** Parameters of which one at most may stand. */
  final ChartRules apart(String... names) {
    apart.add(Set.of(names));
    return this;
  }

  /** How many go on a page, and at most; without it everything is on one. */
  final ChartRules pages(int usual, int most) {
    page = usual;
    limit = most;
    return this;
  }

  /** The newest first, by this element. */
  final ChartRules newestBy(String field) {
    newestBy = field;
    return this;
  }

  private static Stream<JsonNode> elements(ObjectNode found, String field) {
    JsonNode value = found.at("/" + field.replace('.', '/'));
    return value.isArray() ? Json.list(value).stream() : Stream.of(value);
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public String interactions() {
    return letters;
  }

  final Records records() {
    return records;
  }

  @Override
  public Found search(SearchParameters query) {
    List<String> begun = anchors.stream().filter(query::has).toList();
    if (begun.isEmpty()) {
      throw Refusal.badSearch(
          "at least one of " + String.join(", ", anchors) + ", or -pageContext must be provided");
    }
    if (begun.size() > 1) {
      throw Refusal.badSearch(String.join(" and ", begun) + " cannot be provided together");
    }
    for (Set<String> names : apart) {
      if (names.stream().filter(query::has).count() > 1) {
        throw Refusal.badSearch("only one of " + String.join(", ", names) + " may be provided");
      }
    }
    List<ObjectNode> matches = new ArrayList<>();
    for (ObjectNode each : records.all(type)) {
      boolean fits =
          criteria.entrySet().stream()
              .filter(one -> query.has(one.getKey()))
              .allMatch(one -> one.getValue().apply(each, query));
      if (fits) {
        matches.add(each);
      }
    }
    if (!newestBy.isEmpty()) {
      matches.sort(
          Comparator.comparing((ObjectNode one) -> one.path(newestBy).asText("")).reversed());
    }
    return limit == 0
        ? Found.onOnePage(matches)
        : new Found(matches, query.count(page, limit), criteria.keySet());
  }

  /** A new resource with those elements of what was sent that are kept. */
  static ObjectNode kept(ObjectNode sent, String id, List<String> fields) {
    ObjectNode kept =
        Json.object().put("resourceType", sent.path("resourceType").asText()).put("id", id);
    kept.putObject("meta");
    fields.stream()
        .filter(sent::has)
        .forEach(field -> kept.set(field, sent.path(field).deepCopy()));
    return kept;
  }

  /** Of a time the day in Greenwich is kept. */
  static void dateOnly(ObjectNode resource, String field) {
    FhirTime.parse(resource.path(field).asText(""))
        .filter(FhirTime::hasTime)
        .ifPresent(
            time ->
                resource.put(
                    field, time.start().atOffset(ZoneOffset.UTC).toLocalDate().toString()));
  }

  /** Whether a concept is of this code, in whatever system. */
  static boolean isCode(JsonNode concept, String code) {
    return concept.path("coding").findValuesAsText("code").contains(code);
  }

  static boolean isCode(ObjectNode resource, String field, String code) {
    return isCode(resource.path(field), code);
  }

  static boolean isSameConcept(ObjectNode one, ObjectNode other, String field) {
    return isSameConcept(one.path(field), other.path(field));
  }

  /** Whether two concepts have a coding in common. */
  static boolean isSameConcept(JsonNode one, JsonNode other) {
    return Json.list(one, "coding").stream()
        .anyMatch(
            coding ->
                Json.list(other, "coding").stream().anyMatch(each -> Codes.same(coding, each)));
  }

  /** The types that are only read and searched here, or written by rules of their own kind. */
  static List<ResourceRules> all(Records records, CernerShape shape) {
    return List.of(
        new ObservationRules(records, shape),
        new ChartRules("DiagnosticReport", "rs", records)
            .byId()
            .anchor("patient", "subject", "Patient")
            .reference("encounter", "encounter", "Encounter")
            .token("category", "category")
            .token("code", "code")
            .date("date", "effectiveDateTime", "effectivePeriod")
            .lastUpdated()
            .pages(10, 100),
        new ChartRules("MedicationRequest", "rs", records)
            .byId()
            .anchor("patient", "subject", "Patient")
            .token("status", "status")
            .token("intent", "intent")
            .date("-timing-boundsPeriod", "dosageInstruction.0.timing.repeat.boundsPeriod")
            .lastUpdated()
            .pages(25, 100),
        new AllergyRules(records, shape),
        new ConditionRules(records, shape),
        new ChartRules("Immunization", "rs", records)
            .byId()
            .anchor("patient", "patient", "Patient")
            .date("date", "occurrenceDateTime")
            .token("target-disease", "protocolApplied.0.targetDisease")
            .lastUpdated(),
        new ChartRules("Coverage", "rs", records)
            .anchor("patient", "beneficiary", "Patient")
            .anchor("-encounter", "extension.0.valueReference", "Encounter"),
        new RelatedPersonRules(records),
        new ChartRules("Provenance", "rs", records).byId().anchor("target", "target", ""));
  }
}
