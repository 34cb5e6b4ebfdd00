package org.millrace.healtheintent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives an allergy of HealtheIntent the shape of AllergyIntolerance: status, type, category,
 * substance, criticality, onset, and reactions with severity. Stateless.
 *
 * <p>Each of its coded elements comes with whatever codings its source had, or with text alone; the
 * words of FHIR's value sets and their usual names are understood. A status that is not understood
 * leaves the allergy in: one too many is seen by a person, one that is missing is not.
 */
final class AllergyShape {
  private static final String STATUS =
      "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
  private static final Set<String> PAST =
      Set.of(
          "inactive",
          "resolved",
          "refuted",
          "cancelled",
          "canceled",
          "entered-in-error",
          "entered in error");
  private static final Map<String, String> TYPES =
      Map.of("allergy", "allergy", "intolerance", "intolerance");
  private static final Map<String, String> CATEGORIES =
      Map.ofEntries(
          Map.entry("medication", "medication"),
          Map.entry("drug", "medication"),
          Map.entry("food", "food"),
          Map.entry("environment", "environment"),
          Map.entry("environmental", "environment"),
          Map.entry("biologic", "biologic"));
  private static final Map<String, String> CRITICALITIES =
      Map.of("high", "high", "low", "low", "unable-to-assess", "unable-to-assess");
  private static final Map<String, String> SEVERITIES =
      Map.of("mild", "mild", "moderate", "moderate", "severe", "severe");

  /** FHIR R4, Using Codes, "Code Systems"; other OIDs stay OIDs. */
  private static final Map<String, String> SYSTEMS =
      Map.of(
          "2.16.840.1.113883.6.96", "http://snomed.info/sct",
          "2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm",
          "2.16.840.1.113883.6.1", "http://loinc.org",
          "2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm",
          "2.16.840.1.113883.6.69", "http://hl7.org/fhir/sid/ndc",
          "2.16.840.1.113883.4.9", "http://fdasis.nlm.nih.gov");

  private AllergyShape() {}

  static KnownAllergies known(List<ObjectNode> entries) {
    Set<ObjectNode> known = new LinkedHashSet<>();
    int past = 0;
    int withoutSubstance = 0;
    for (ObjectNode entry : entries) {
      if (words(entry.path("status")).stream().anyMatch(PAST::contains)) {
        past++;
      } else if (concept(entry.path("code")).isEmpty()) {
        withoutSubstance++;
      } else {
        known.add(shaped(entry));
      }
    }
    NoKnownAllergies.Sifted sifted = NoKnownAllergies.sift(known, withoutSubstance);
    return new KnownAllergies(sifted.allergies(), past, withoutSubstance, sifted.contradicted());
  }

  private static ObjectNode shaped(ObjectNode entry) {
    ObjectNode shaped = IntentJson.object().put("resourceType", "AllergyIntolerance");
    if (words(entry.path("status")).contains("active")) {
      ObjectNode status = shaped.putObject("clinicalStatus");
      status.putArray("coding").addObject().put("system", STATUS).put("code", "active");
    }
    meant(entry.path("type"), TYPES).ifPresent(type -> shaped.put("type", type));
    meant(entry.path("category"), CATEGORIES)
        .ifPresent(category -> shaped.putArray("category").add(category));
    meant(entry.path("criticality"), CRITICALITIES)
        .ifPresent(criticality -> shaped.put("criticality", criticality));
    concept(entry.path("code")).ifPresent(code -> shaped.set("code", code));
    String onset = entry.path("onset").asText("");
    if (onset.matches("\\d{4}(-\\d{2}(-\\d{2}(T.+)?)?)?")) {
      shaped.put("onsetDateTime", onset);
    }
    ArrayNode reactions = IntentJson.object().putArray("reaction");
    for (JsonNode each : entry.path("reactions")) {
      concept(each.path("reaction"))
          .ifPresent(
              manifestation -> {
                ObjectNode reaction = reactions.addObject();
                reaction.putArray("manifestation").add(manifestation);
                meant(each.path("severity"), SEVERITIES)
                    .ifPresent(severity -> reaction.put("severity", severity));
              });
    }
    if (!reactions.isEmpty()) {
      shaped.set("reaction", reactions);
    }
    return shaped;
  }

  /** A CodeableConcept; empty if there is neither a code nor a text. */
  private static Optional<ObjectNode> concept(JsonNode written) {
    ObjectNode concept = IntentJson.object();
    ArrayNode codings = concept.putArray("coding");
    JsonNode all =
        written.path("codings").isEmpty() ? written.path("sourceCodings") : written.path("codings");
    for (JsonNode each : all) {
      String code = each.path("code").asText("").strip();
      if (!code.isEmpty()) {
        ObjectNode coding = codings.addObject();
        String system = each.path("system").asText("").strip();
        if (!system.isEmpty()) {
          coding.put("system", uri(system));
        }
        coding.put("code", code);
        String display = each.path("display").asText("").strip();
        if (!display.isEmpty()) {
          coding.put("display", display);
        }
      }
    }
    if (codings.isEmpty()) {
      concept.remove("coding");
    }
    String text = written.path("text").asText("").strip();
    if (!text.isEmpty()) {
      concept.put("text", text);
    }
    return concept.isEmpty() ? Optional.empty() : Optional.of(concept);
  }

  private static String uri(String system) {
    String known = SYSTEMS.get(system);
    if (known != null) {
      return known;
    }
    return system.matches("[0-2](\\.\\d+)+") ? "urn:oid:" + system : system;
  }

  private static Optional<String> meant(JsonNode concept, Map<String, String> meanings) {
    return words(concept).stream().filter(meanings::containsKey).map(meanings::get).findFirst();
  }

  /** Codes, displays and text of a concept, or a plain text, in lower case. */
  private static List<String> words(JsonNode concept) {
    List<String> words = new ArrayList<>();
    if (concept.isTextual()) {
      words.add(word(concept));
    }
    for (JsonNode coding : concept.path("codings")) {
      words.add(word(coding.path("code")));
      words.add(word(coding.path("display")));
    }
    for (JsonNode coding : concept.path("sourceCodings")) {
      words.add(word(coding.path("code")));
      words.add(word(coding.path("display")));
    }
    words.add(word(concept.path("text")));
    return words;
  }

  private static String word(JsonNode text) {
    return text.asText("").strip().toLowerCase(Locale.ROOT);
  }
}
