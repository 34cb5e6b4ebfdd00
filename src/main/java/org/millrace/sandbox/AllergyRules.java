package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Source: Cerner Millennium R4, AllergyIntolerance. */
final class AllergyRules extends ChartRules {
  private static final Set<String> SUBSTANCES =
      Set.of("http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct");

  /** No known allergies, and none to medications. */
  private static final Set<String> NONE_KNOWN = Set.of("716186003", "409137002");

  /** Of several categories the first of these is kept. */
  private static final List<String> CATEGORIES = List.of("medication", "food", "environment");

  private static final List<String> KEPT =
      List.of(
          "clinicalStatus",
          "verificationStatus",
          "type",
          "category",
          "criticality",
          "code",
          "patient",
          "encounter",
          "onsetDateTime",
          "asserter",
          "note",
          "reaction");

  private final CernerShape shape;

  AllergyRules(Records records, CernerShape shape) {
    super("AllergyIntolerance", "rscu", records);
    this.shape = shape;
    byId();
    anchor("patient", "patient", "Patient");
    token("clinical-status", "clinicalStatus");
    lastUpdated();
  }

  /** A second one to the same substance changes the first. */
  @Override
  public ObjectNode create(ObjectNode sent) {
    check(sent);
    List<ObjectNode> same =
        ofPatient(sent).stream().filter(one -> isSameConcept(one, sent, "code")).toList();
    if (!same.isEmpty()) {
      ObjectNode changed = kept(sent, same.get(0).path("id").asText());
      changed.set("meta", same.get(0).path("meta").deepCopy());
      shape.asRead(changed);
      records().revise(changed);
      return changed;
    }
    settleNoneKnown(sent);
    String id = records().newId("AllergyIntolerance");
    ObjectNode allergy = kept(sent, id);
    shape.asRead(allergy);
    records().add(allergy, "3" + id);
    return allergy;
  }

  /** What is left out of an update is gone afterwards. */
  @Override
  public void update(ObjectNode stored, ObjectNode sent) {
    check(sent);
    Rule.require(isSameConcept(stored, sent, "code"), "the substance cannot change");
    Rule.require(
        stored.path("patient").path("reference").equals(sent.path("patient").path("reference")),
        "the patient cannot change");
    Rule.require(
        texts(sent).containsAll(texts(stored)) && holdsManifestations(stored, sent),
        "notes and manifestations cannot change");
    ObjectNode allergy = kept(sent, stored.path("id").asText());
    allergy.set("meta", stored.path("meta").deepCopy());
    shape.asRead(allergy);
    records().revise(allergy);
  }

  /** That none is known does not stand beside an allergy: a new one ends it. */
  private void settleNoneKnown(ObjectNode sent) {
    List<ObjectNode> active =
        ofPatient(sent).stream().filter(one -> isCode(one, "clinicalStatus", "active")).toList();
    boolean noneKnown = isNoneKnown(sent);
    for (ObjectNode one : active) {
      Rule.require(!noneKnown || isNoneKnown(one), "the patient has an active allergy");
      if (!noneKnown && isNoneKnown(one)) {
        JsonNode coding = one.path("clinicalStatus").path("coding").path(0);
        ((ObjectNode) coding).put("code", "inactive");
        records().revise(one);
      }
    }
  }

  private List<ObjectNode> ofPatient(ObjectNode sent) {
    return records().all("AllergyIntolerance").stream()
        .filter(
            one ->
                one.at("/patient/reference")
                    .asText()
                    .equals(sent.at("/patient/reference").asText()))
        .toList();
  }

  private static boolean isNoneKnown(ObjectNode allergy) {
    return NONE_KNOWN.stream().anyMatch(code -> isCode(allergy, "code", code));
  }

  private static List<String> texts(ObjectNode allergy) {
    return allergy.path("note").findValuesAsText("text");
  }

  private static boolean holdsManifestations(ObjectNode stored, ObjectNode sent) {
    List<JsonNode> now = Json.list(sent, "reaction");
    return Json.list(stored, "reaction").stream()
        .allMatch(
            one ->
                now.stream()
                    .anyMatch(
                        each ->
                            isSameConcept(
                                one.path("manifestation").path(0),
                                each.path("manifestation").path(0))));
  }

  private void check(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.require(!sent.at("/clinicalStatus/coding").isEmpty(), "clinicalStatus is missing");
    Rule.require(
        Codes.hasOneOf(sent.path("code"), SUBSTANCES), "code is missing or of another system");
    Rule.require(
        records().find("Patient", sent.path("patient")).isPresent(), "patient is no patient here");
    Rule.require(
        !isCode(sent, "verificationStatus", "entered-in-error")
            && !isCode(sent, "verificationStatus", "refuted"),
        "an allergy that is none is not written");
    for (JsonNode category : sent.path("category")) {
      Rule.require(CATEGORIES.contains(category.asText()), "category is not allowed");
    }
    for (JsonNode reaction : sent.path("reaction")) {
      Rule.require(
          reaction.path("manifestation").size() == 1, "a reaction has exactly one manifestation");
    }
  }

  private static ObjectNode kept(ObjectNode sent, String id) {
    ObjectNode allergy = kept(sent, id, KEPT);
    List<String> categories = Json.list(sent, "category").stream().map(JsonNode::asText).toList();
    CATEGORIES.stream()
        .filter(categories::contains)
        .findFirst()
        .ifPresent(one -> allergy.putArray("category").add(one));
    allergy.path("reaction").forEach(AllergyRules::keepReaction);
    dateOnly(allergy, "onsetDateTime");
    return allergy;
  }

  private static void keepReaction(JsonNode reaction) {
    ((ObjectNode) reaction).retain("manifestation", "severity");
  }
}
