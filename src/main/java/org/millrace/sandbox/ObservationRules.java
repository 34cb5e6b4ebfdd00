package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Source: Cerner Millennium R4, Observation. */
final class ObservationRules extends ChartRules {
  private static final String CATEGORIES =
      "http://terminology.hl7.org/CodeSystem/observation-category";
  private static final List<String> VALUES =
      List.of("valueQuantity", "valueCodeableConcept", "valueString", "valueDateTime");
  private static final Set<String> WITH_PARTS = Set.of("85354-9", "59408-5");
  private static final List<String> KEPT =
      List.of(
          "status",
          "category",
          "code",
          "subject",
          "encounter",
          "effectiveDateTime",
          "issued",
          "performer",
          "valueQuantity",
          "valueCodeableConcept",
          "valueString",
          "valueDateTime",
          "interpretation",
          "note",
          "referenceRange",
          "component");

  private final CernerShape shape;

  ObservationRules(Records records, CernerShape shape) {
    super("Observation", "rscu", records);
    this.shape = shape;
    byId();
    anchor("patient", "subject", "Patient");
    anchor("subject", "subject", "Patient");
    token("code", "code");
    token("category", "category");
    date("date", "effectiveDateTime", "effectivePeriod");
    lastUpdated();
    apart("date", "_lastUpdated");
    pages(50, 200);
    newestBy("effectiveDateTime");
  }

  @Override
  public ObjectNode create(ObjectNode sent) {
    Rule.requireOneOf(sent, "status", Set.of("final", "amended", "corrected"));
    String kind = check(sent);
    String id = (kind.equals("laboratory") ? "L-" : "VS-") + records().newId("Observation");
    ObjectNode observation = kept(sent, id);
    observation
        .putArray("identifier")
        .addObject()
        .put("system", "https://fhir.cerner.com/ceuuid")
        .put("value", "CE87caf4b7-9397-4667-9897-702218017c9e-" + id);
    if (!observation.has("issued")) {
      observation.put("issued", records().instant());
    }
    shape.asRead(observation);
    records().add(observation, "1");
    return observation;
  }

  @Override
  public void update(ObjectNode stored, ObjectNode sent) {
    Rule.requireOneOf(sent, "status", Set.of("amended", "corrected"));
    String kind = check(sent);
    Rule.require(
        DocumentReferenceRules.isCoded(stored.path("category").path(0), CATEGORIES + "|" + kind),
        "category cannot change");
    Rule.require(
        stored.path("subject").path("reference").equals(sent.path("subject").path("reference")),
        "the patient cannot change");
    Rule.require(
        kind.equals("laboratory")
            || stored
                .path("identifier")
                .findValues("value")
                .equals(sent.path("identifier").findValues("value")),
        "the identifier of a vital sign must stay");
    ObjectNode observation = kept(sent, stored.path("id").asText());
    observation.set("identifier", stored.path("identifier"));
    observation.set("meta", stored.path("meta").deepCopy());
    shape.asRead(observation);
    records().revise(observation);
  }

  private static ObjectNode kept(ObjectNode sent, String id) {
    ObjectNode observation = Json.object().put("resourceType", "Observation").put("id", id);
    observation.putObject("meta");
    KEPT.stream()
        .filter(sent::has)
        .forEach(field -> observation.set(field, sent.path(field).deepCopy()));
    return observation;
  }

  /** Checks what a create and an update have in common; tells which kind of result it is. */
  private String check(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.require(sent.path("category").size() == 1, "exactly one category is needed");
    String kind = sent.path("category").path(0).path("coding").path(0).path("code").asText();
    Rule.require(
        Set.of("laboratory", "vital-signs").contains(kind),
        "category must be vital-signs or laboratory");
    Rule.require(!sent.path("code").path("coding").isEmpty(), "code is missing");
    Rule.require(
        records().find("Patient", sent.path("subject")).isPresent(), "subject is no patient here");
    Rule.require(sent.has("effectiveDateTime"), "effectiveDateTime is missing");
    Rule.requireTime(sent, "effectiveDateTime");
    List<String> values = VALUES.stream().filter(sent::has).toList();
    boolean parts = sent.has("component");
    Rule.require(values.size() == 1 || (values.isEmpty() && parts), "exactly one value is needed");
    requireNumbers(sent);
    Rule.require(
        !parts
            || sent.path("code").findValuesAsText("code").stream().anyMatch(WITH_PARTS::contains),
        "only blood pressure and pulse oximetry have components");
    if (kind.equals("vital-signs")) {
      Rule.require(
          values.isEmpty() || values.get(0).equals("valueQuantity"),
          "a vital sign has a valueQuantity");
      requirePerformers(sent);
    }
    return kind;
  }

  private static void requireNumbers(ObjectNode sent) {
    Rule.require(
        !sent.has("valueQuantity") || sent.at("/valueQuantity/value").isNumber(),
        "a quantity has a number");
    for (JsonNode part : sent.path("component")) {
      Rule.require(
          part.at("/valueQuantity/value").isNumber() || part.has("dataAbsentReason"),
          "a component has a number");
    }
  }

  private static void requirePerformers(ObjectNode sent) {
    List<String> functions = new ArrayList<>();
    for (JsonNode performer : sent.path("performer")) {
      functions.add(
          Stream.of(performer.path("extension"))
              .flatMap(list -> Json.list(list).stream())
              .filter(one -> one.path("url").asText().endsWith("/event-performerFunction"))
              .flatMap(one -> one.findValuesAsText("code").stream())
              .findFirst()
              .orElse(""));
    }
    Rule.require(
        functions.stream().filter("LA"::equals).count() == 1
            && functions.stream().allMatch(each -> each.equals("LA") || each.equals("PPRF")),
        "a vital sign needs one performer whose function is LA, others are PPRF");
  }
}
