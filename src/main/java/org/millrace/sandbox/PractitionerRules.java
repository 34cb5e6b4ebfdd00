package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Source: Cerner Millennium R4, Practitioner. */
final class PractitionerRules implements ResourceRules {
  private static final int PAGE = 50;

  private final Records records;
  private final CernerShape shape;

  PractitionerRules(Records records, CernerShape shape) {
    this.records = records;
    this.shape = shape;
  }

  @Override
  public String type() {
    return "Practitioner";
  }

  @Override
  public String interactions() {
    return "rsc";
  }

  @Override
  public Found search(SearchParameters query) {
    if (!query.hasAny("_id", "identifier", "family", "name", "active")) {
      throw Refusal.badSearch(
          query.has("given")
              ? "given may only be provided with family"
              : "at least one of _id, identifier, family, name, active, or -pageContext must be"
                  + " provided");
    }
    if (query.has("given") && !query.has("family")) {
      throw Refusal.badSearch("given may only be provided with family");
    }
    String identifier = query.single("identifier").orElse("");
    if (!identifier.isEmpty() && !identifier.matches("[^|]+\\|[^|]+")) {
      throw Refusal.badSearch("identifier must be provided with system and value");
    }
    String name = query.single("name").orElse("");
    if (name.length() == 1) {
      throw Refusal.badSearch("name must be provided with at least two characters");
    }
    List<String> ids = query.choices("_id");
    String active = query.single("active").orElse("true");
    List<ObjectNode> matches =
        records.all("Practitioner").stream()
            .filter(p -> ids.isEmpty() || ids.contains(p.path("id").asText()))
            .filter(
                p ->
                    identifier.isEmpty()
                        || PatientSearch.hasIdentifier(Json.list(p, "identifier"), identifier))
            .filter(p -> named(p, "family", query.single("family").orElse("")))
            .filter(p -> named(p, "given", query.single("given").orElse("")))
            .filter(p -> named(p, "family", name) || named(p, "given", name))
            .filter(p -> Boolean.toString(p.path("active").asBoolean(true)).equals(active))
            .toList();
    return new Found(
        matches, query.count(PAGE, PAGE), Set.of("identifier", "family", "given", "name"));
  }

  @Override
  public ObjectNode create(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.require(sent.path("active").asBoolean(true), "active can only be true");
    Rule.require(sent.path("name").size() == 1, "exactly one name is needed");
    JsonNode name = sent.path("name").path(0);
    Rule.requireText(name, "family", "name.family is missing");
    Rule.require(
        !name.path("given").isEmpty() && name.path("given").size() <= 2,
        "one or two given names are needed");
    for (JsonNode identifier : sent.path("identifier")) {
      Rule.requireAbsent(identifier, "id", "identifier");
      Rule.requireAbsent(identifier, "assigner", "identifier");
      String token = identifier.path("system").asText() + "|" + identifier.path("value").asText();
      Rule.require(
          records.all("Practitioner").stream()
              .noneMatch(p -> PatientSearch.hasIdentifier(Json.list(p, "identifier"), token)),
          "the identifier is taken");
    }
    ObjectNode practitioner = Json.object().put("resourceType", "Practitioner");
    practitioner.put("id", records.newId("Practitioner"));
    practitioner.putObject("meta");
    practitioner.put("active", true);
    for (String field : List.of("identifier", "name", "telecom", "address", "gender")) {
      if (sent.has(field)) {
        practitioner.set(field, sent.path(field).deepCopy());
      }
    }
    shape.asRead(practitioner);
    records.add(practitioner, "0");
    return practitioner;
  }

  private static boolean named(ObjectNode practitioner, String field, String start) {
    JsonNode name = practitioner.path("name").path(0).path(field);
    Stream<JsonNode> parts = name.isArray() ? Json.list(name).stream() : Stream.of(name);
    return parts.anyMatch(
        part ->
            part.asText("").toUpperCase(Locale.ROOT).startsWith(start.toUpperCase(Locale.ROOT)));
  }
}
