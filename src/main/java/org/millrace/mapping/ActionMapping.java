package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the fields of a JSON action and makes its resource; draws answers out of resources. */
final class ActionMapping {
  /** What the source of an element begins with that a field made. */
  static final String OF_FIELD = "field:";

  private final ActionMap map;
  private final Run run;
  private final List<Mapper.FieldFault> faults = new ArrayList<>();

  ActionMapping(ActionMap map, Run run) {
    this.map = map;
    this.run = run;
  }

  Mapper.ActionRun toFhir(JsonNode fields) {
    unknown(fields);
    Tree tree = new Tree(map.name(), map.resource());
    map.fields().forEach((field, rules) -> field(field, rules, fields, tree));
    map.input().forEach(field -> company(field, fields));
    ObjectNode resource = JsonNodeFactory.instance.objectNode();
    if (!faults.isEmpty() || !map.call().kind().makes()) {
      return new Mapper.ActionRun(resource, List.copyOf(faults), List.of(), List.of());
    }
    new ToFhir(place -> List.of(), tree, run).apply(map.rules());
    resource.put("resourceType", map.resource());
    resource.setAll(tree.root());
    for (Made.Leaf leaf : tree.leaves()) {
      run.trace(map.resource() + leaf.path(), leaf.source(), leaf.rule(), leaf.through());
    }
    return new Mapper.ActionRun(resource, List.of(), run.lineage(), List.of());
  }

  /** What takes the place of something that stands there is whole only beside that. */
  boolean makesWhole() {
    return map.call().kind() == ActionCall.Kind.CREATE;
  }

  private void unknown(JsonNode fields) {
    if (!fields.isObject()) {
      faults.add(new Mapper.FieldFault("", "must be a JSON object"));
      return;
    }
    List<String> known = map.input().stream().map(ActionField::name).toList();
    Iterator<String> names = fields.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        faults.add(
            new Mapper.FieldFault(
                name, "is no field of this action; known are " + String.join(", ", known)));
      }
    }
  }

  private static String said(ActionField field, JsonNode fields) {
    JsonNode value = fields.path(field.name());
    return value.isTextual() && !value.asText().isBlank()
        ? field.allowed(value.asText()).orElse(value.asText())
        : field.fallback();
  }

  private void field(ActionField field, List<Rule> rules, JsonNode fields, Tree tree) {
    JsonNode value = fields.path(field.name());
    boolean absent = value.isMissingNode() || value.isNull();
    if (absent && field.fallback().isEmpty()) {
      if (field.required()) {
        faults.add(new Mapper.FieldFault(field.name(), "is required"));
      }
      return;
    }
    Optional<String> fault = absent ? Optional.empty() : fault(field, value);
    if (fault.isPresent()) {
      faults.add(new Mapper.FieldFault(field.name(), fault.get()));
      return;
    }
    if (field.isList()) {
      return;
    }
    String text = said(field, fields);
    GivenText given = new GivenText(text, OF_FIELD + field.name());
    Condition.Facts facts = new V2Facts(new Fields(fields), run);
    for (Rule rule : rules) {
      if (rule.way().whenV2().isEmpty() || rule.way().whenV2().get().holds(facts)) {
        place(field, rule, given, tree);
      }
    }
  }

  /** Two results in one observation, or a unit of nothing, would be filed without a word. */
  private void company(ActionField field, JsonNode fields) {
    if (!fields.hasNonNull(field.name())) {
      return;
    }
    if (!field.with().isEmpty() && !fields.hasNonNull(field.with())) {
      faults.add(new Mapper.FieldFault(field.name(), "stands only beside " + field.with()));
    }
    if (!field.without().isEmpty() && fields.hasNonNull(field.without())) {
      faults.add(
          new Mapper.FieldFault(
              field.name(), "stands beside " + field.without() + "; one of the two only"));
    }
  }

  private static Optional<String> fault(ActionField field, JsonNode value) {
    if (!field.isList()) {
      return faultOfText(field, value);
    }
    if (!value.isArray() || value.isEmpty()) {
      return Optional.of("must be a list of strings");
    }
    for (JsonNode item : value) {
      Optional<String> fault = faultOfText(field, item);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> faultOfText(ActionField field, JsonNode value) {
    if (!value.isTextual()) {
      return Optional.of("must be a string");
    }
    if (value.asText().isBlank()) {
      return Optional.of(field.required() ? "is required" : "is empty; leave it out instead");
    }
    String text = field.allowed(value.asText()).orElse(value.asText());
    if (!field.pattern().isEmpty() && !text.matches(field.pattern())) {
      return Optional.of("is not " + field.description());
    }
    if (field.dated() && !FhirDates.isOne(text)) {
      return Optional.of("is no date of the calendar, or its time is none of the clock");
    }
    return field.values().isEmpty() || field.values().contains(text)
        ? Optional.empty()
        : Optional.of("must be one of " + String.join(", ", field.values()));
  }

  /** The fields beside the one at hand, as conditions name them: {@code given:contentType}. */
  private final class Fields implements ToFhir.Source {
    private final JsonNode fields;

    Fields(JsonNode fields) {
      this.fields = fields;
    }

    @Override
    public List<V2Node> at(V2Place place) {
      return List.of();
    }

    @Override
    public Optional<GivenText> content(String name) {
      return map.input().stream()
          .filter(field -> field.name().equals(name))
          .map(field -> new GivenText(said(field, fields), OF_FIELD + name))
          .findFirst();
    }
  }

  /** A rule of a field reads that field, unless it fixes a value that goes with it. */
  private void place(ActionField field, Rule rule, GivenText given, Tree tree) {
    if (rule.ends().fhir().isEmpty()) {
      return;
    }
    if (rule.isFixed()) {
      FhirPlace place = rule.ends().fhir().get();
      JsonNode json = CopyConversion.json(place.type(), rule.extras().value("fixed"));
      tree.put(place, Made.value(json, "fixed", rule.where(), ""), true);
      return;
    }
    Made made = rule.conversion().toFhir(given, new Conversion.Trip(run, rule.where()));
    if (made.isNothing()) {
      faults.add(new Mapper.FieldFault(field.name(), "is not " + field.description()));
    } else {
      tree.put(rule.ends().fhir().get(), made, false);
    }
  }

  /** The answer fields that are drawn out of the resource; one without a value is left out. */
  ObjectNode fromFhir(JsonNode resource) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    FhirNode root = FhirNode.root(resource, map.resource());
    for (Map.Entry<ActionField, ActionMap.Answer> field : map.answer().entrySet()) {
      FhirPlace place = field.getValue().place();
      String to = field.getValue().to();
      if (!place.text().isEmpty()) {
        root.select(place, run).stream()
            .filter(node -> !node.isAbsent())
            .findFirst()
            .ifPresent(node -> answer.set(field.getKey().name(), drawn(node, to)));
      }
    }
    return answer;
  }

  private static JsonNode drawn(FhirNode node, String to) {
    boolean reference = !to.isEmpty() && node.text().startsWith(to + "/");
    return reference ? TextNode.valueOf(node.text().substring(to.length() + 1)) : node.json();
  }
}
